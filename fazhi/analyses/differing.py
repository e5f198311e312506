"""What differs between two results of the same kind: adoptions, attributions and edges that came, went or changed; nothing where the bytes are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from fazhi.analyses.shelf import Analysis, Shelf
from fazhi.errors import Invalid

_KEYS: dict[str, tuple[str, ...]] = {"adoptions": ("program", "place"), "attributions": ("program", "place"), "edges": ("source", "target")}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """``part`` is adoptions, attributions, edges or result; ``key`` tells which row; ``before`` and ``after`` hold the fields that differ, or the whole row."""

    part: str
    key: tuple[str, ...]
    change: Literal["added", "removed", "changed"]
    before: dict[str, Any]
    after: dict[str, Any]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    first: Analysis
    second: Analysis
    identical: bool
    changes: tuple[Change, ...]


def compare(shelf: Shelf, first: str, second: str) -> Difference:
    """Raises NotFound, Conflict where one is not done, Invalid for two kinds."""
    ends = shelf.read(first), shelf.read(second)
    if ends[0].kind != ends[1].kind:
        raise Invalid(f"{first} is a {ends[0].kind} and {second} a {ends[1].kind}: there is nothing to compare.", cure="Name two of one kind.")
    results = shelf.result(first), shelf.result(second)
    if results[0] == results[1]:
        return Difference(first=ends[0], second=ends[1], identical=True, changes=())
    changes = list_changes(*(msgspec.json.decode(result) for result in results))
    return Difference(first=ends[0], second=ends[1], identical=False, changes=tuple(changes))


def list_changes(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Change]:
    """By part and key; what both have alike is left out."""
    found = []
    frames = [{name: value for name, value in one.items() if name != "result"} for one in (first, second)]
    if frames[0] != frames[1]:
        found.append(_change("run", (), frames[0], frames[1]))
    old, new = first["result"], second["result"]
    for part, names in _KEYS.items():
        if part in old or part in new:
            before, after = ({tuple(str(row[name]) for name in names): row for row in one.get(part, ())} for one in (old, new))
            found += [_change(part, key, before.get(key), after.get(key)) for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    rest = [{name: value for name, value in one.items() if name not in _KEYS} for one in (old, new)]
    if rest[0] != rest[1]:
        found.append(_change("result", (), rest[0], rest[1]))
    return found


def _change(part: str, key: tuple[str, ...], before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    if before is None or after is None:
        return Change(part=part, key=key, change="added" if before is None else "removed", before=before or {}, after=after or {})
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return Change(
        part=part, key=key, change="changed", before={name: before.get(name) for name in names}, after={name: after.get(name) for name in names}
    )  # fmt: skip
