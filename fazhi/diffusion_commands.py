"""``fazhi reuse`` and ``fazhi simulate``."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fazhi.command_group import HomeOption, JsonOption, new_group, open_workspace

if TYPE_CHECKING:
    from fazhi.settings import Settings


class KindName(StrEnum):
    copy = "copy"
    template = "template"
    self = "self"


class FamilyName(StrEnum):
    enumerated = "enumerated"
    narrative = "narrative"


def make_app(settings_of: Callable[[Path | None], Settings]) -> typer.Typer:
    """The group ``reuse``. ``settings_of`` makes settings from the option --home."""
    app = new_group("Whose words they are: passages that stand in several reports, templates that many share, and a place's own earlier text.")

    @app.command()
    def build(
        again: Annotated[bool, typer.Option("--again", help="Compare all again, even where few or none have changed.")] = False,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Compare all reports with each other, and let the graph show who has words of whom (REUSES).

        Where few came, went or were replaced since, only these are compared; nothing is done where none were.
        """
        from fazhi import printing, reusing

        with open_workspace(settings_of(home), "write", create=False) as workspace:
            index = reusing.build_reuse(workspace, again=True) if again else reusing.update_reuse(workspace)
            reusing.keep_links(workspace, index)
            standing, kept = reusing.stand(workspace, index), workspace.archive.count_links()
        if json:
            printing.print_json(standing)
        else:
            copies, templates, own = (standing.pairs[kind] for kind in ("copy", "template", "self"))
            printing.say(
                f"{standing.reports} reports compared: {copies} copied passages, {templates} places of {standing.templates} templates, {own} continued."
            )
            printing.say(f"{kept.links} times a report has words that an earlier one of another place has: the graph shows it (REUSES).")
            if standing.since_whole:
                printing.say(f"{standing.since_whole} of them changed since all were compared: --again compares all, which alone finds new templates.")
            if standing.without_year or standing.without_place:
                printing.say(f"{standing.without_year} are without a year and {standing.without_place} without a county: of those no direction is claimed.")

    @app.command()
    def pairs(
        out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there in place of the standard output.", show_default=False)] = None,
        kind: Annotated[KindName | None, typer.Option(help="Only these.", show_default=False)] = None,
        home: HomeOption = None,
    ) -> None:
        """Print all pairs of passages, one JSON object a line; compares the reports first where that has not been done since the collection changed."""
        import sys

        import msgspec

        from fazhi import printing, reusing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            index = reusing.update_reuse(workspace)
        lines = index.lines() if kind is None else (msgspec.json.encode(pair) + b"\n" for pair in index.pairs() if pair.kind == kind.value)
        if out is None:
            sys.stdout.buffer.writelines(lines)
        else:
            with out.open("wb") as file:
                file.writelines(lines)
            printing.say(f"Wrote {out}.")

    @app.command()
    def query(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="One text, in any format that can be read; it need not be in the collection.")],
        year: Annotated[int | None, typer.Option(help="Only reports on earlier years can be its sources.", show_default=False)] = None,
        every: Annotated[bool, typer.Option("--all", help="All possible sources of a passage, not only the best.")] = False,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Where passages of a text stand in the collection."""
        from fazhi import printing, reusing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = reusing.query_file(workspace, file, year=year, every=every)
        if json:
            printing.print_json(found)
            return
        for pair in found.passages:
            what = f"template {pair.template}" if pair.template else pair.kind
            printing.say(f"{pair.b_start}-{pair.b_end}\t{pair.a}\t{pair.a_start}-{pair.a_end}\t{what}\t{pair.aligned} characters, {pair.identity:.0%} the same")
        printing.say(
            f"{len(found.passages)} passages of {file} stand in {found.coverage['reports']} reports."
            + ("" if found.current else " The collection has changed since: run `fazhi reuse build`.")
        )

    return app


def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that is empty or not there yet.")],
    reports: Annotated[int, typer.Option(min=5, max=100_000, help="Texts to write, superiors' documents among them.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 1,
    family: Annotated[FamilyName, typer.Option(help="Which generator: they share no words, no delays, no way of editing.")] = FamilyName.enumerated,
    missing: Annotated[float, typer.Option(min=0.0, max=0.9, help="Share of reports that the collection lacks.")] = 0.1,
    json: JsonOption = False,
) -> None:
    """Write invented reports of real places with a known truth: OUT/reports to be ingested, OUT/truth.json to compare with."""
    from diffusion.simulating import simulate as write
    from fazhi import printing

    made = write(out, reports=reports, seed=seed, family=family.value, missing=missing)
    if json:
        printing.print_json(made)
    else:
        printing.say(f"{made.reports} texts of {made.places} places, {made.documents} of them superiors' documents; {made.adoptions} adoptions.")
        printing.say(f"Take them in with: fazhi ingest {out / 'reports'}")
