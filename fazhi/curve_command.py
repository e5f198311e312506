"""``fazhi curve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fazhi.command_group import HomeOption, JsonOption, open_workspace

if TYPE_CHECKING:
    from diffusion.curves.model import Curve
    from diffusion.robustness import Robustness
    from fazhi.curving import CurveAnswer
    from fazhi.settings import Settings


def make_command(settings_of: Callable[[Path | None], Settings]) -> Callable[..., None]:
    """The command ``curve``. ``settings_of`` makes settings from the option --home."""

    def curve(
        program: Annotated[str, typer.Argument(metavar="PROGRAM", help="A practice's name or id: 法律八进, program:法律八进.")],
        seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of everything drawn at random; the same seed gives the same numbers.")] = 1,
        tests: Annotated[bool, typer.Option("--tests", help="Also whether neighbours and superiors' acts go before it, and near places together.")] = False,
        robustness: Annotated[bool, typer.Option("--robustness", help="Also what is left when reports, counties or templates are taken away.")] = False,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """How a practice spread year by year: shares with bounds for missing reports, laws of growth, and what the reports can't tell."""
        from fazhi import curving, printing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = curving.draw_curve(workspace, program, seed=seed, tests=tests, robustness=robustness)
        if json:
            printing.print_json(found)
        else:
            _print(found)

    return curve


def _print(found: CurveAnswer) -> None:
    from rich.table import Table

    from fazhi import printing

    curve, console = found.curve, printing.make_console()
    printing.say(
        f"{found.program}: {curve.adopters} of {curve.eligible} places with reports have been seen with it; {found.coverage.reports} reports of "
        f"{found.coverage.from_year}-{found.coverage.to_year}, {found.coverage.missing} missing."
    )
    if curve.years:
        table = Table("year", "reports", "missing", "at risk", "first seen", "seen by then", "share", "bounds", "turnbull", *(fit.name for fit in curve.fits))
        turnbull = next((estimate.values for estimate in curve.estimates if estimate.name == "turnbull"), (None,) * len(curve.years))
        for at, year in enumerate(curve.years):
            table.add_row(
                str(year.year), str(year.observed), str(year.missing), str(year.at_risk), str(year.events), str(year.adopted), _percent(year.share),
                f"{year.lower:.0%}-{year.upper:.0%}", _percent(turnbull[at]), *(_percent(fit.values[at]) for fit in curve.fits),
            )  # fmt: skip
        console.print(table)
    _print_fits(curve)
    _print_tests(found)
    if found.robustness is not None:
        print_robustness(found.robustness)
    for caveat in curve.caveats:
        printing.say(f"- {caveat}")


def _print_fits(curve: Curve) -> None:
    from fazhi import printing

    if curve.refused:
        printing.say(f"No law of growth is fitted: {curve.refused.reason}")
        return
    for fit in curve.fits:
        told = ", ".join(f"{each.name} {each.value:g} ({each.low:g} to {each.high:g})" for each in fit.parameters)
        printing.say(f"{fit.name}: AICc {fit.aicc:.1f}; {told}")
    if curve.reading_refused:
        printing.say(f"The shape is not read: {curve.reading_refused.reason}")
    else:
        printing.say(f"Shape: {(curve.reading or '').replace('_', '-')}.")
    if curve.mandates:
        printing.say("Superiors' texts: " + ", ".join(f"{act.superior} {act.year}" for act in curve.mandates))


def _print_tests(found: CurveAnswer) -> None:
    from fazhi import printing

    if found.hazard is not None:
        hazard = found.hazard
        if hazard.refused:
            printing.say(f"No hazard is fitted: {hazard.refused.reason}")
        for each in hazard.coefficients:
            printing.say(f"hazard, {each.name}: {each.value:g} ({each.low:g} to {each.high:g}), x {each.ratio:g} for {each.per}")
        for caveat in hazard.caveats:
            printing.say(f"- {caveat}")
    if found.neighbours is not None:
        neighbours = found.neighbours
        if neighbours.refused:
            printing.say(f"Neighbours are not compared: {neighbours.refused.reason}")
        for test in neighbours.tests:
            printing.say(f"{test.name} ({neighbours.near}): {test.value:g} where {test.expected:g} is expected, p {test.p:g}, {test.pairs} pairs")


def print_robustness(block: Robustness) -> None:
    from fazhi import printing

    for shaken in (*block.hidden, *(each for each in (block.counties, block.templates) if each is not None)):
        figures = "; ".join(f"{each.name} {each.value:g}, then {each.low:g} to {each.high:g}" for each in shaken.numbers)
        printing.say(
            f"{shaken.name}, {shaken.tries} tries: order tau {_number(shaken.tau)} (least {_number(shaken.least_tau)}), adopters Jaccard "
            f"{_number(shaken.jaccard)} (least {_number(shaken.least_jaccard)}), "
            f"intervals that hold the former {_number(shaken.holding)}, same law {_number(shaken.same_label)}; {figures}"
        )
    if block.weightiest:
        printing.say(f"The county that weighs most: {block.weightiest}")
    printing.say(f"{block.templated} of {block.mentions} sentences lie in templates.")
    if block.reversed is not None:
        printing.say(f"Weight of {block.reversed.name}: {_number(block.reversed.forward)}, with time reversed {_number(block.reversed.backward)}")
    for caveat in block.caveats:
        printing.say(f"- {caveat}")


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
