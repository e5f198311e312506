"""A packaged catalogue with the overlay's decisions in it. The packaged entries win: what they know already, an accepted name can't change, but that it is too
general to be a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fazhi.errors import Invalid
from vocabulary.names import fold_name
from vocabulary.overlay import FILES, Decision, Kind, Overlay


class _Shape(NamedTuple):
    """Where a catalogue file has its entries, what names one, and under which field it lists other spellings."""

    section: str | None
    name: str
    spellings: str


SHAPES: dict[Kind, _Shape] = {
    "program": _Shape(None, "name", "variants"),
    "platform": _Shape("names", "name", "variants"),
    "body": _Shape("suffixes", "suffix", "short"),
    "indicator": _Shape(None, "name", "synonyms"),
}
_BY_FILE: dict[str, Kind] = {file: kind for kind, file in FILES.items()}


def merge(file: str, packaged: Any, overlay: Overlay) -> Any:
    """Contents of a vocabulary file with what is accepted for it; ``packaged`` itself where nothing is. Raises Invalid for a spelling of something unknown."""
    kind = _BY_FILE.get(file)
    decisions = overlay.accepted(kind) if kind is not None else ()
    if kind is None or not decisions:
        return packaged
    shape = SHAPES[kind]
    entries = [dict(entry) for entry in entries_of(kind, packaged)]
    known = spellings_of(kind, entries)
    for decision in decisions:
        if decision.same_as is None and fold_name(decision.name) in known:
            known[fold_name(decision.name)].pop("generic", None)
        elif decision.same_as is None:
            entry = _new_entry(decision, shape)
            taken = known.get(fold_name(str(entry[shape.name])))
            if taken is not None and decision.id is not None and kind != "indicator":
                raise Invalid(
                    f"{decision.where}: The {kind} {decision.id} is in the catalogue already.", cure=f"Accept it as another spelling: as: {taken[shape.name]}."
                )
            if kind == "indicator" and any(other["id"] == decision.id for other in entries):
                raise Invalid(
                    f"{decision.where}: There is an indicator {decision.id} already.", cure=f"Accept the words as it (as: {decision.id}), or choose another id."
                )
            entries.append(entry)
            for spelling in (entry[shape.name], *entry.get(shape.spellings, ())):
                known.setdefault(fold_name(str(spelling)), entry)
    for decision in decisions:
        if decision.same_as is not None:
            target = find_entry(kind, entries, known, decision.same_as)
            if target is None:
                raise Invalid(
                    f"{decision.where}: There is no {kind} {decision.same_as} in the catalogue.",
                    cure="Name an entry as the catalogue does, or take the decision back with `fazhi vocabulary undo`.",
                )
            if fold_name(decision.name) not in known:
                known[fold_name(decision.name)] = target
                target[shape.spellings] = [*target.get(shape.spellings, ()), decision.name]
    return entries if shape.section is None else {**packaged, shape.section: entries}


def entries_of(kind: Kind, data: Any) -> list[dict[str, Any]]:
    """The named entries of a catalogue file's contents."""
    section = SHAPES[kind].section
    entries: list[dict[str, Any]] = data if section is None else data[section]
    return entries


def spellings_of(kind: Kind, entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Entry by folded spelling; the first to claim one has it."""
    shape = SHAPES[kind]
    known: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for spelling in (entry[shape.name], *entry.get(shape.spellings, ()), *entry.get("nouns", ())):
            known.setdefault(fold_name(str(spelling)), entry)
    return known


def find_entry(kind: Kind, entries: list[dict[str, Any]], known: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any] | None:
    """An entry by its name, a spelling of it, its graph id (program:法律八进) or, for indicators, its id."""
    name = name.removeprefix(f"{kind}:")
    if kind == "indicator":
        by_id = next((entry for entry in entries if entry["id"] == name), None)
        if by_id is not None:
            return by_id
    return known.get(fold_name(name))


def _new_entry(decision: Decision, shape: _Shape) -> dict[str, Any]:
    if decision.kind == "indicator":
        return {"id": decision.id, "name": decision.name, "unit": decision.unit, "kind": decision.cls or "count", "synonyms": [decision.name]}
    entry: dict[str, Any] = {shape.name: decision.id or decision.name, "kind": decision.cls or _USUAL[decision.kind]}
    if decision.id is not None and fold_name(decision.id) != fold_name(decision.name):
        entry[shape.spellings] = [decision.name]
    if decision.definition is not None:
        entry["definition"] = decision.definition
    if decision.local:
        entry["local"] = True
    if decision.kind == "body":
        entry["alone"] = True  # reports speak of it without a place before it, or nobody would have had to accept it
    return entry


_USUAL: dict[Kind, str] = {"program": "program", "platform": "site", "body": "office", "indicator": "count"}
