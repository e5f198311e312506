"""``fazhi watch``: saved questions and what they told. They need no writer's lease, so they work beside an ingest."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fazhi.command_group import HomeOption, JsonOption, new_group, open_workspace

if TYPE_CHECKING:
    from archive.watches import Alert, Watch
    from fazhi.settings import Settings
    from fazhi.watches import Question

PlaceOption = Annotated[str | None, typer.Option("--place", metavar="PLACE", help="Graph id (with all below it), or a name that one place has.")]
NameOption = Annotated[str | None, typer.Option("--name", help="What it is called in lists; by default what it asks.", show_default=False)]
WebhookOption = Annotated[
    str | None, typer.Option("--webhook", metavar="URL", help="Where alerts are sent, too: an address that FAZHI_WEBHOOKS allows.", show_default=False)
]
WatchArgument = Annotated[int, typer.Argument(metavar="WATCH", help="Its number in `fazhi watch list`.")]


class DirectionName(StrEnum):
    fell = "fell"
    rose = "rose"


class LevelName(StrEnum):
    province = "province"
    prefecture = "prefecture"
    county = "county"
    township = "township"


def make_app(settings_of: Callable[[Path | None], Settings]) -> typer.Typer:
    """The group of commands. ``settings_of`` makes settings from the option --home."""
    app = new_group("Saved questions: told once of each change, after every ingest.")

    def save(home: Path | None, json: bool, name: str, question: Question, webhook: str | None) -> None:
        from fazhi import printing, watches
        from fazhi.review_commands import find_user

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            watch = watches.save(workspace, name, question, webhook=webhook, by=find_user())
        if json:
            printing.print_json(watch)
        else:
            printing.say(f"Saved question {watch.id}: {watch.name}. What there is already is not told.")

    @app.command()
    def search(
        q: Annotated[str, typer.Argument(metavar="QUESTION", help="As of `fazhi search`.")],
        place: PlaceOption = None,
        from_year: Annotated[int | None, typer.Option("--from", metavar="YEAR")] = None,
        to_year: Annotated[int | None, typer.Option("--to", metavar="YEAR")] = None,
        name: NameOption = None,
        webhook: WebhookOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Tell of each report that matches and did not before."""
        from fazhi.watches import SearchWatch

        save(home, json, name or q, SearchWatch(q=q, place=place, from_year=from_year, to_year=to_year), webhook)

    @app.command()
    def adoption(
        program: Annotated[str, typer.Argument(metavar="PROGRAM", help="Its id or name: 法律明白人.")],
        place: PlaceOption = None,
        planned: Annotated[bool, typer.Option("--planned", help="Plans, too: each is told as a plan.")] = False,
        name: NameOption = None,
        webhook: WebhookOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Tell of each place that a report says takes up a program: first seen in this collection, which is not the origin."""
        from fazhi.watches import AdoptionWatch

        doing = AdoptionWatch(program=program, place=place, modality=("done", "ongoing", "planned") if planned else ("done", "ongoing"))
        save(home, json, name or program, doing, webhook)

    @app.command()
    def number(
        indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="Id, name or a report's own words.")],
        direction: Annotated[DirectionName, typer.Option(help="Which way.")] = DirectionName.fell,
        place: PlaceOption = None,
        level: Annotated[LevelName, typer.Option(help="Level of the places that state it.")] = LevelName.township,
        name: NameOption = None,
        webhook: WebhookOption = None,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Tell of each number that is lower (or higher) than what the same place stated for an earlier year."""
        from fazhi.watches import NumberWatch

        save(home, json, name or indicator, NumberWatch(indicator=indicator, direction=direction.value, place=place, level=level.value), webhook)

    @app.command(name="list")
    def list_all(home: HomeOption = None, json: JsonOption = False) -> None:
        """Show the saved questions."""
        from fazhi import printing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = workspace.archive.watches()
        if json:
            printing.print_json(found)
            return
        if found:
            printing.print_table(("watch", "name", "asks", "webhook", "checked", "problem"), [_row(watch) for watch in found])
        printing.say(f"{len(found)} saved {'question' if len(found) == 1 else 'questions'}.")

    @app.command()
    def alerts(
        watch: Annotated[int | None, typer.Option("--watch", metavar="WATCH", help="Only of this saved question.")] = None,
        before: Annotated[int | None, typer.Option("--before", metavar="ALERT", help="Only older ones than this.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Show what was told, newest first."""
        from fazhi import printing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            found = workspace.archive.alerts(watch=watch, before=before, limit=limit)
        if json:
            printing.print_json(found)
            return
        if found:
            printing.print_table(("alert", "time", "watch", "what", "evidence"), [_alert_row(alert) for alert in found])
        printing.say(f"{len(found)} {'alert' if len(found) == 1 else 'alerts'}.")

    @app.command()
    def delete(watch: WatchArgument, home: HomeOption = None, json: JsonOption = False) -> None:
        """Forget a saved question with its alerts."""
        from fazhi import printing

        with open_workspace(settings_of(home), "read", create=False) as workspace:
            gone = workspace.archive.delete_watch(watch)
        if json:
            printing.print_json(gone)
        else:
            printing.say(f"Saved question {gone.id} ({gone.name}) is deleted.")

    @app.command()
    def check(
        send: Annotated[bool, typer.Option("--send", help="Send to webhooks what is due, as a running server does.")] = False,
        home: HomeOption = None,
        json: JsonOption = False,
    ) -> None:
        """Compare the saved questions with what there is now. Every ingest and every server does so by itself."""
        from fazhi import printing, watches, webhooks

        settings = settings_of(home)
        with open_workspace(settings, "read", create=False) as workspace:
            told = watches.check(workspace)
            sent = webhooks.deliver(workspace.archive, settings) if send else 0
        if json:
            printing.print_json({"checked": told.checked, "alerts": told.alerts, "problems": told.problems, "sent": sent})
        else:
            for id, problem in told.problems.items():
                printing.complain(f"{id}: {problem}")
            printing.say(f"{told.checked} compared, {len(told.alerts)} new alerts" + (f", {sent} deliveries tried." if send else "."))
        if told.problems:
            raise typer.Exit(1)

    return app


def _row(watch: Watch) -> tuple[str, ...]:
    asks = ", ".join(f"{name}={_show(value)}" for name, value in watch.question.items())
    return str(watch.id), watch.name, asks, watch.webhook or "", watch.checked_at or "not yet", watch.problem or ""


def _show(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _alert_row(alert: Alert) -> tuple[str, ...]:
    evidence = alert.content.get("evidence") or [{}]
    first = evidence[0]
    where = f"{first.get('text', '')} [{alert.content.get('key', '')} {first.get('start', '')}-{first.get('end', '')}]"
    return str(alert.id), alert.time, str(alert.watch), str(alert.content.get("text_zh", "")), where
