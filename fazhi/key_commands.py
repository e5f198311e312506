"""``fazhi keys`` and ``fazhi log``: who may come in over HTTP, and what they changed. They need no writer's lease, so none waits for an ingest."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fazhi.command_group import HomeOption, JsonOption, new_group, open_workspace

if TYPE_CHECKING:
    from archive.keys import Actor, Key
    from fazhi.settings import Settings


class RoleName(StrEnum):
    reader = "reader"
    editor = "editor"
    admin = "admin"


def make_app(settings_of: Callable[[Path | None], Settings]) -> typer.Typer:
    """The group of commands. ``settings_of`` makes settings from the option --home."""
    app = new_group("API keys: make, list and revoke them. From the first one on every request over HTTP needs a key.")

    @app.command()
    def new(
        name: Annotated[str, typer.Argument(metavar="NAME", help="Who will send it.")],
        role: Annotated[
            RoleName, typer.Option(help="reader asks; editor also uploads, deletes and decides; admin also makes keys and reads the log.")
        ] = RoleName.reader,
        max_body: Annotated[
            int | None, typer.Option("--max-body", metavar="BYTES", min=1, help="Largest body of its requests, where less than the settings allow.")
        ] = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Make a key and show it, this once: only its hash is kept."""
        from fazhi import printing

        with open_workspace(settings_of(home), "read", create=True) as workspace:
            made = workspace.archive.new_key(name, role.value, _find_actor(), max_body=max_body)
        if json:
            printing.print_json({**_told(made.key), "secret": made.secret})
        else:
            printing.complain(f"Key {made.key.id} for {made.key.name} ({made.key.role}). It is shown only now:")
            printing.say(made.secret)

    @app.command(name="list")
    def list_all(revoked: Annotated[bool, typer.Option("--all", help="Revoked ones, too.")] = False, home: HomeOption = None, json: JsonOption = False) -> None:
        """Show who has a key, with which role, and when each was last used."""
        from fazhi import printing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = [key for key in workspace.archive.api_keys() if revoked or key.revoked is None]
        if json:
            printing.print_json([_told(key) for key in found])
            return
        if found:
            rows = [
                (
                    key.id,
                    key.name,
                    key.role,
                    f"{key.created} by {key.created_by}",
                    key.used or "never",
                    f"{key.revoked} by {key.revoked_by}" if key.revoked else "",
                )
                for key in found
            ]
            printing.print_table(("key", "name", "role", "made", "last used", "revoked"), rows)
        printing.say(f"{len(found)} {'key' if len(found) == 1 else 'keys'}.")

    @app.command()
    def revoke(
        key: Annotated[str, typer.Argument(metavar="KEY", help="Its id or name as `fazhi keys list` shows it; not the key itself.")],
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Close the door to a key. Running servers refuse it within a second or so; it stays in the list."""
        from fazhi import printing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            gone = workspace.archive.revoke_key(key, _find_actor())
        if json:
            printing.print_json(_told(gone))
        else:
            printing.say(f"Key {gone.id} of {gone.name} ({gone.role}) is revoked.")

    return app


def print_log(settings: Settings, *, who: str | None, before: int | None, limit: int, json: bool) -> None:
    """The latest changes, newest first."""
    from fazhi import printing

    with open_workspace(settings, "read", create=False) as workspace:
        found = workspace.archive.log(who=who, before=before, limit=limit)
    if json:
        printing.print_json(found)
        return
    if found:
        rows = [
            (str(entry.id), entry.time, entry.who, f"{entry.door} {entry.key}" if entry.key else entry.door, entry.what, entry.made or "", entry.result or "?")
            for entry in found
        ]
        printing.print_table(("entry", "time", "who", "door", "what", "made", "result"), rows)
    printing.say(f"{len(found)} entries." + (f" Older ones: --before {found[-1].id}." if len(found) == limit else ""))


def _find_actor() -> Actor:
    from archive.keys import Actor
    from fazhi.review_commands import find_user

    return Actor(who=find_user(), door="command")


def _told(key: Key) -> dict[str, Any]:
    return {name: getattr(key, name) for name in key.__struct_fields__ if name != "digest"}
