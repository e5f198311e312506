"""Stories of practices, each made once for a state of the collection, and as the API shows them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel

from diffusion.history import Event, list_events
from fazhi import tracing
from fazhi.errors import Invalid, NotFound
from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import Chart
from fazhi.spreading import leading
from fazhi.spreading.leading import Leads
from fazhi.spreading.model import Story, Variants
from fazhi.spreading.telling import Slots, name_place, read_slots, tell
from fazhi.spreading.variants import follow_variants
from fazhi.spreading.wording import new_texts
from search_api import spread_models as shown
from search_api.reader import Reader

_KEPT = 128  # stories of some 100 kB
_Row = TypeVar("_Row", bound=BaseModel)
_Any = TypeVar("_Any")
_Key = tuple[Path, str, str]  # data folder, snapshot, program


class _Shelf:
    """What was told of the latest states. One at a time is made: all stories of a collection rest on the same study of it."""

    def __init__(self) -> None:
        self.making = threading.Lock()
        self.stories: OrderedDict[_Key, Story] = OrderedDict()
        self.variants: OrderedDict[_Key, Variants] = OrderedDict()
        self.misses: OrderedDict[_Key, NotFound] = OrderedDict()  # a name that is in no vocabulary is looked for in all texts, which takes seconds
        self.slots: tuple[tuple[Path, str], Slots] | None = None
        self.leads: tuple[tuple[Path, str], Leads] | None = None
        self.charts: OrderedDict[tuple[str, ...], Chart] = OrderedDict()


_shelf = _Shelf()


def read_story(reader: Reader, program: str) -> Story:
    """Raises NotFound for a practice that no report names."""
    name = program if program.startswith("program:") else f"program:{program}"
    key = (reader.workspace.settings.home, reader.snapshot, name)
    story = _shelf.stories.get(key)
    if story is None:
        with _shelf.making:
            story = _shelf.stories.get(key)
            if story is None:
                story = tell(reader.workspace, _trace(reader, program, key), _read_slots(reader))
                _keep(_shelf.stories, key, story)
                _keep(_shelf.stories, (key[0], story.snapshot, name), story)
    return story


def read_leads(reader: Reader) -> Leads:
    """Of all practices, made once for a state of the collection."""
    state = (reader.workspace.settings.home, reader.snapshot)
    with _shelf.making:
        if _shelf.leads is None or _shelf.leads[0] != state:
            _shelf.leads = state, leading.read_leads(reader.workspace)
        return _shelf.leads[1]


def _trace(reader: Reader, program: str, key: _Key) -> tracing.Trace:
    if key in _shelf.misses:
        raise _shelf.misses[key]
    try:
        return tracing.trace(reader.workspace, program)
    except NotFound as error:
        _keep(_shelf.misses, key, error)
        raise


def read_variants(reader: Reader, program: str) -> Variants:
    """Raises NotFound."""
    name = program if program.startswith("program:") else f"program:{program}"
    key = (reader.workspace.settings.home, reader.snapshot, name)
    found = _shelf.variants.get(key)
    if found is None:
        found = follow_variants(reader.workspace, name)
        with _shelf.making:
            _keep(_shelf.variants, key, found)
    return found


class PictureName(StrEnum):
    timeline = "timeline"
    tree = "tree"
    first = "first"
    channels = "channels"
    maps = "maps"
    coverage = "coverage"
    variants = "variants"
    curve = "curve"
    robustness = "robustness"


def draw(reader: Reader, story: Story, name: PictureName, t: Texts) -> Chart:
    """A picture of a story, drawn once for each state and language."""
    key = (str(reader.workspace.settings.home), story.snapshot, story.program, name.value, t.lang)
    chart = _shelf.charts.get(key)
    if chart is None:
        chart = _draw(reader, story, name, t)
        with _shelf.making:
            _keep(_shelf.charts, key, chart)
    return chart


def _draw(reader: Reader, story: Story, name: PictureName, t: Texts) -> Chart:
    from fazhi.pictures import channels, coverage, first, maps, timeline, tree, variants

    if name is PictureName.variants:
        return variants.draw_variants(story, t, read_variants(reader, story.program))
    if name in (PictureName.maps, PictureName.coverage):
        present = _read_slots(reader).present
        return maps.draw_maps(story, t, present) if name is PictureName.maps else coverage.draw_coverage(story, t, present)
    simple = {
        PictureName.timeline: timeline.draw_timeline, PictureName.tree: tree.draw_tree, PictureName.first: first.draw_first,
        PictureName.channels: channels.draw_channels,
    }  # fmt: skip
    return simple[name](story, t)


def _read_slots(reader: Reader) -> Slots:
    state = (reader.workspace.settings.home, reader.snapshot)
    if _shelf.slots is None or _shelf.slots[0] != state:
        _shelf.slots = state, read_slots(reader.workspace)
    return _shelf.slots[1]


def _keep(shelf: OrderedDict[Any, Any], key: object, found: object) -> None:
    shelf[key] = found
    shelf.move_to_end(key)
    while len(shelf) > _KEPT:
        shelf.popitem(last=False)


# -- as answers ------------------------------------------------------------------------------------------------------------------------------------


def show(model: type[_Row], row: object) -> _Row:
    return model.model_validate(msgspec.to_builtins(row))


def show_all(model: type[_Row], rows: Sequence[object]) -> tuple[_Row, ...]:
    return tuple(show(model, row) for row in rows)


def frame(reader: Reader, story: Story) -> dict[str, Any]:
    """What every answer about a practice begins with."""
    t, banner = new_texts("en"), story.banner
    counts = {**msgspec.to_builtins(banner), "censored_share": banner.censored_share, "tie_share": banner.tie_share}
    return {
        "program": story.program,
        "name": story.name,
        "snapshot": story.snapshot,
        "coverage": reader.coverage(),
        "slots": shown.SlotCounts.model_validate(counts),
        "caveats": tuple(shown.Caveat(code=code, text=t(f"spread.caveat.{code}")) for code in story.caveats),
    }


def show_history(program: str) -> tuple[shown.KnownEvent, ...]:
    return tuple(_show_event(event) for event in list_events(program))


def _show_event(event: Event) -> shown.KnownEvent:
    return shown.KnownEvent(
        year=event.year, date=event.date, place=event.place, place_name="中央" if event.place == "cn" else name_place(event.place), event=event.event["en"],
        event_zh=event.event["zh"], cited=event.cited, sure=event.sure, note=event.note.get("en"),
    )  # fmt: skip


def cut(rows: Sequence[_Any], cursor: str | None, size: int) -> tuple[Sequence[_Any], str | None]:
    """A page of rows that stay in their order while the snapshot does. Raises Invalid for a cursor that is none."""
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and int(cursor) <= len(rows)):
        raise Invalid("This cursor is not one of this list.", cure="Leave it out to begin with the first page.")
    first = int(cursor or 0)
    return rows[first : first + size], str(first + size) if first + size < len(rows) else None
