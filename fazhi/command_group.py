"""What every group of commands has alike: the options --home and --json, how its help looks, and how it comes to the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fazhi.settings import Settings
    from fazhi.workspace import Mode, Workspace

HELP_NAMES = {"help_option_names": ["-h", "--help"]}
HomeOption = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The data folder. [env: FAZHI_HOME]", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for machines in place of a table.")]


def new_group(help: str) -> typer.Typer:
    return typer.Typer(help=help, no_args_is_help=True, rich_markup_mode=None, context_settings=HELP_NAMES)


def open_workspace(settings: Settings, mode: Mode, *, create: bool | None = None) -> Workspace:
    """``fazhi.workspace.open``, loaded only when it is needed: `fazhi --help` does without."""
    from fazhi import workspace

    return workspace.open(settings=settings, mode=mode, create=create)
