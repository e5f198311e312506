"""``fazhi vocabulary``: see which names the catalogues lack, and decide on them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fazhi.command_group import HomeOption, JsonOption, new_group, open_workspace

if TYPE_CHECKING:
    from fazhi.settings import Settings

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name as `fazhi vocabulary candidates` shows it.")]


class KindName(StrEnum):
    program = "program"
    platform = "platform"
    body = "body"
    indicator = "indicator"


KindOption = Annotated[KindName | None, typer.Option(help="What it is; found out by itself where reports use it as one thing only.", show_default=False)]


def make_app(settings_of: Callable[[Path | None], Settings]) -> typer.Typer:
    """The group of commands. ``settings_of`` makes settings from the option --home."""
    app = new_group("Names that reports use and the catalogues lack: see them, accept or reject them.")

    def kind_of(settings: Settings, name: str, kind: KindName | None, same_as: str | None = None) -> KindName:
        if kind is not None:
            return kind
        from fazhi import reviewing

        if same_as is not None and (known := reviewing.kind_of_entry(settings, same_as)) is not None:
            return KindName(known)
        with open_workspace(settings, "read") as workspace:
            return KindName(reviewing.find_kind(workspace, name))

    @app.command()
    def candidates(
        kind: Annotated[KindName | None, typer.Option(help="Only names of this kind.", show_default=False)] = None,
        limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most names.")] = 20,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Names that reports use and no catalogue holds, those of most townships first, with sentences and the most similar known name."""
        from fazhi import printing
        from fazhi.candidates import list_candidates

        with open_workspace(settings_of(home), "read") as workspace:
            answer = list_candidates(workspace, kind.value if kind else None, limit=limit)
        if json:
            printing.print_json(answer)
        else:
            printing.print_candidates(answer)

    @app.command()
    def accept(
        name: NameArgument,
        same_as: Annotated[
            str | None, typer.Option("--as", metavar="ENTRY", help="It is another spelling of this entry: 法律八进, disputes_mediated.", show_default=False)
        ] = None,
        id: Annotated[
            str | None, typer.Option("--id", metavar="NEW", help="The new entry's usual name, where it is another; of an indicator its id.", show_default=False)
        ] = None,
        cls: Annotated[
            str | None,
            typer.Option("--class", metavar="CLASS", help="Which sort: mechanism, wechat, rate …; see docs/vocabulary.md.", show_default=False),
        ] = None,
        definition: Annotated[str | None, typer.Option(metavar="TEXT", help="What it is, in a sentence.", show_default=False)] = None,
        unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Of an indicator: 件, 人次, %, 万元.", show_default=False)] = None,
        local: Annotated[bool, typer.Option("--local", help="A platform that each place has of its own.")] = False,
        kind: KindOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Take a name into the catalogue, as a spelling of an entry or as a new one. Ingest again for reports to be read with it."""
        from fazhi import printing, reviewing

        settings = settings_of(home)
        chosen = kind_of(settings, name, kind, same_as)
        done = reviewing.accept(settings, name, chosen.value, same_as=same_as, id=id, cls=cls, definition=definition, unit=unit, local=local)
        if json:
            printing.print_json(done)
        else:
            printing.print_decision(done)

    @app.command()
    def reject(
        name: NameArgument,
        reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why, for whoever reads the list later.", show_default=False)] = None,
        kind: KindOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Say that a name is none: it is no longer offered and, after the next ingest, no longer extracted as one."""
        from fazhi import printing, reviewing

        settings = settings_of(home)
        done = reviewing.reject(settings, name, kind_of(settings, name, kind).value, reason=reason)
        if json:
            printing.print_json(done)
        else:
            printing.print_decision(done)

    @app.command()
    def undo(
        name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Whose decision; by default the last one.", show_default=False)] = None,
        kind: KindOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Take a decision back."""
        from fazhi import printing, reviewing

        done = reviewing.undo(settings_of(home), name, kind.value if kind else None)
        if json:
            printing.print_json(done)
        else:
            printing.print_decision(done, undone=True)

    @app.command(name="list")
    def list_all(home: HomeOption = None, json: JsonOption = False) -> None:
        """Show what is decided: one line a name, with the file it stands in."""
        from fazhi import printing, reviewing

        decisions = reviewing.list_decisions(settings_of(home))
        if json:
            printing.print_json(decisions)
        else:
            printing.print_decisions(decisions)

    return app
