"""What is known of a practice from elsewhere: dated facts with their sources. They stand beside what a collection shows and never mix with it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

import vocabulary

Sure = Literal["documented", "reported", "unverified"]


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``place`` is a graph id, ``cn`` for a central act; ``event`` and ``note`` are in Chinese (zh) and English (en)."""

    programs: tuple[str, ...]
    year: int
    place: str
    event: dict[str, str]
    cited: str
    sure: Sure
    date: str | None = None
    note: dict[str, str] = {}


@cache
def read_events() -> tuple[Event, ...]:
    """All of ``history.yaml``, the earliest first."""
    rows = yaml.safe_load(files(__package__).joinpath("history.yaml").read_bytes())
    return tuple(sorted(msgspec.convert(rows, list[Event]), key=lambda event: (event.year, event.date or "", event.place)))


def list_events(program: str) -> tuple[Event, ...]:
    """Of one practice, by its name or graph id, the earliest first; empty where nothing is known. Acts that the catalogue of programs names are among them."""
    name = program.removeprefix("program:")
    found = [event for event in read_events() if name in event.programs]
    act = _find_act(name)
    if act is not None and not any((event.place, event.year) == (act.place, act.year) for event in found):
        found.append(act)
    return tuple(sorted(found, key=lambda event: (event.year, event.date or "", event.place)))


def _find_act(name: str) -> Event | None:
    """The central act by which the catalogue of programs knows a practice."""
    act = next((entry.get("act") for entry in vocabulary.load("programs") if entry["name"] == name), None)
    date = str(act.get("date") or "") if act else ""
    if not act or not date[:4].isdecimal():
        return None
    cited = "，".join(part for part in (act["title"], act.get("number")) if part)
    event = {"zh": f"印发《{act['title']}》", "en": f"The act 《{act['title']}》 is issued"}
    return Event(programs=(name,), year=int(date[:4]), date=date, place="cn", event=event, cited=cited, sure="documented")
