"""``fazhi review``: decide on facts and nodes, see what was decided, take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fazhi.command_group import HomeOption, JsonOption, new_group, open_workspace
from fazhi.errors import Invalid

if TYPE_CHECKING:
    from archive.reviews import Action, Order, Standing
    from fazhi.settings import Settings

UserOption = Annotated[str | None, typer.Option("--user", metavar="NAME", help="Who decides; by default the user of this machine.", show_default=False)]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for whoever reads the list later.", show_default=False)]
FactArguments = Annotated[list[str], typer.Argument(metavar="FACT...", help="Ids as `fazhi review facts` shows them.")]
NodeArgument = Annotated[str, typer.Argument(metavar="NODE", help="Graph id: person:cn:350524/参内镇/…, program:法律八进.")]


class ActionName(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    LINK = "link"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"


class EndName(StrEnum):
    subject = "subject"
    object = "object"


def make_app(settings_of: Callable[[Path | None], Settings]) -> typer.Typer:
    """The group of commands. ``settings_of`` makes settings from the option --home."""
    app = new_group("Decide on what was found: accept, reject or link facts; merge, split or rename nodes. Every decision can be undone.")

    def decide(home: Path | None, json: bool, action: Action, user: str | None, note: str, told: Sequence[dict[str, Any]]) -> None:
        from archive.reviews import Order

        user = user if user is not None else find_user()
        orders: list[Order] = [Order(action=action, user=user, note=note, **fields) for fields in told]
        with open_workspace(settings_of(home), "write", create=False) as workspace:
            show(workspace.review(orders), json)

    def show(standings: list[Standing], json: bool) -> None:
        from fazhi import printing, printing_reviews

        if json:
            printing.print_json(standings)
        else:
            for standing in standings:
                printing.say(printing_reviews.describe(standing))

    @app.command()
    def accept(facts: FactArguments, user: UserOption = None, note: NoteOption = "", home: HomeOption = None, json: JsonOption = False) -> None:
        """Say that facts are right as they stand: their confidence becomes 1, and graph and answers show them as reviewed."""
        decide(home, json, "accept", user, note, [{"fact": fact} for fact in facts])

    @app.command()
    def reject(facts: FactArguments, user: UserOption = None, note: NoteOption = "", home: HomeOption = None, json: JsonOption = False) -> None:
        """Say that facts are wrong: they go from graph, index and answers, with the relations that rest on them."""
        decide(home, json, "reject", user, note, [{"fact": fact} for fact in facts])

    @app.command()
    def link(
        fact: Annotated[str, typer.Argument(metavar="FACT", help="Id as `fazhi review facts` shows it.")],
        target: Annotated[
            str, typer.Argument(metavar="NODE", help="Graph id of what is meant: cn:350524/参内镇, program:法律八进, indicator:disputes_mediated.")
        ],
        end: Annotated[EndName | None, typer.Option(help="Of a relation: which end.", show_default=False)] = None,
        user: UserOption = None,
        note: NoteOption = "",
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Say which node a fact means."""
        decide(home, json, "link", user, note, [{"fact": fact, "target": target, "end": end.value if end else None}])

    @app.command()
    def merge(
        node: NodeArgument,
        target: Annotated[str, typer.Argument(metavar="INTO", help="Graph id of the node that stays.")],
        user: UserOption = None,
        note: NoteOption = "",
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Say that two nodes are the same: what reports say of the first one they say of the second one, now and in reports to come."""
        decide(home, json, "merge", user, note, [{"node": node, "target": target}])

    @app.command()
    def split(
        node: NodeArgument,
        reports: Annotated[list[str], typer.Option("--in", metavar="KEY", help="A report that means another one; may be given several times.")],
        target: Annotated[
            str | None, typer.Option("--to", metavar="NODE", help="Whom they mean, where that node is known; else a new one is made.", show_default=False)
        ] = None,
        name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Name of the new node.", show_default=False)] = None,
        user: UserOption = None,
        note: NoteOption = "",
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Say that some reports mean another node than this one."""
        decide(home, json, "split", user, note, [{"node": node, "reports": tuple(reports), "target": target, "name": name}])

    @app.command()
    def rename(
        node: NodeArgument,
        name: Annotated[str, typer.Argument(metavar="NAME", help="What it is to be called.")],
        user: UserOption = None,
        note: NoteOption = "",
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Give a node another name. Its id and the words of the reports stay."""
        decide(home, json, "rename", user, note, [{"node": node, "name": name}])

    @app.command()
    def undo(
        reviews: Annotated[list[int], typer.Argument(metavar="REVIEW...", help="Numbers as `fazhi review list` shows them.")],
        user: UserOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Take decisions back. They stay in the list, with who undid them when."""
        with open_workspace(settings_of(home), "write", create=False) as workspace:
            show(workspace.undo_reviews(reviews, user=user if user is not None else find_user()), json)

    @app.command(name="list")
    def list_all(
        lost: Annotated[bool, typer.Option("--lost", help="Only those that apply nowhere now, with the reason.")] = False,
        undone: Annotated[bool, typer.Option("--all", help="Undone ones, too.")] = False,
        report: Annotated[str | None, typer.Option("--report", metavar="KEY", help="Only those about this report: its key or id.", show_default=False)] = None,
        action: Annotated[ActionName | None, typer.Option(help="Only these.", show_default=False)] = None,
        limit: Annotated[int | None, typer.Option(min=1, help="Most reviews; by default all.", show_default=False)] = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Show what was decided, newest first, and whether it still applies."""
        from fazhi import printing, printing_reviews
        from fazhi.reviews import find_report

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            standings = workspace.archive.reviews(
                action=action.value if action else None,
                report=find_report(workspace, report) if report else None,
                state="lost" if lost else None,
                undone=undone,
                limit=limit,
            )
        if json:
            printing.print_json(standings)
        else:
            printing_reviews.print_standings(standings)

    @app.command()
    def facts(
        report: Annotated[str, typer.Argument(metavar="KEY", help="A report's key or id.")],
        type: Annotated[str | None, typer.Option(help="Only facts of this type: program, place, relation …", show_default=False)] = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """List a report's facts with their ids, as they stand after all decisions."""
        from fazhi import printing, printing_reviews
        from fazhi.reviews import list_facts

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = list_facts(workspace, report, type)
        if json:
            printing.print_json(found)
        else:
            printing_reviews.print_facts(found)

    return app


def find_user() -> str:
    """The user of this machine. Raises Invalid where it has none."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        raise Invalid("This machine does not say who its user is.", cure="Say who decides with --user NAME.") from None
