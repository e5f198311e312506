"""``fazhi trace`` and ``fazhi network``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fazhi.command_group import HomeOption, JsonOption, open_workspace

if TYPE_CHECKING:
    from fazhi.settings import Settings

_MOST = 100_000  # resampled or shuffled networks

SettingsOf = Callable[[Path | None], "Settings"]


def make_trace(settings_of: SettingsOf) -> Callable[..., Any]:
    """The command ``trace``. ``settings_of`` makes settings from the option --home."""

    def trace(
        program: Annotated[str, typer.Argument(metavar="PROGRAM", help="A name (法律八进), or an id; a family's id (program:法律进) means all its variants.")],
        html: Annotated[
            Path | None, typer.Option("--html", metavar="FILE", help="Write a page with pictures and evidence that needs nothing else.", show_default=False)
        ] = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Who took a practice up, when as far as reports tell, and from whom the words came. Compares the reports first where that has not been done."""
        from fazhi import handing, printing, printing_traces, tracing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = tracing.trace(workspace, program)
            if html is not None:
                printing.say(f"Wrote {handing.write_page(workspace, found, html)}.")
            elif json:
                printing.print_json(found)
            else:
                printing_traces.print_trace(found)

    return trace


def make_network(settings_of: SettingsOf) -> Callable[..., Any]:
    """The command ``network``."""

    def network(
        resamples: Annotated[int, typer.Option(min=0, max=_MOST, help="Networks of practices drawn anew, for the support of each edge.")] = 200,
        shuffles: Annotated[int, typer.Option(min=0, max=_MOST, help="Networks in which nobody is who they were, for its q.")] = 200,
        seed: Annotated[int, typer.Option(help="The same seed gives the same answer.")] = 1,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Who follows whom, over all practices, with how far each edge can be believed. Takes minutes for hundreds of places."""
        from fazhi import printing, printing_traces, tracing

        with open_workspace(settings_of(home), "read", create=False) as workspace, printing_traces.counting("networks") as tell:
            found = tracing.draw_network(workspace, resamples=resamples, shuffles=shuffles, seed=seed, tell=tell)
        if json:
            printing.print_json(found)
        else:
            printing_traces.print_network(found)

    return network
