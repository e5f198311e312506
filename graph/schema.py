"""Labels, edge types and properties, as vocabulary/graph.yaml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import vocabulary

LEVELS = {"province": "Province", "prefecture": "Prefecture", "county": "County", "township": "Township", "village": "Village"}


@cache
def nodes() -> Mapping[str, Mapping[str, Any]]:
    """Label → its entry."""
    return dict(vocabulary.load("graph")["nodes"])


@cache
def edges() -> Mapping[str, Mapping[str, Any]]:
    """Edge type → its entry."""
    return dict(vocabulary.load("graph")["edges"])


@cache
def node_properties(label: str) -> Mapping[str, str]:
    """Property → type for a label: string, integer, float, boolean or strings. Unknown labels have none."""
    return {name: entry["type"] for name, entry in nodes().get(label, {"properties": {}})["properties"].items()}


@cache
def edge_entries(type: str) -> Mapping[str, Mapping[str, str]]:
    """Property → its entry for an edge type, those of every stated edge with it."""
    entry = edges()[type]
    stated = vocabulary.load("graph")["stated_properties"] if entry["stated"] else {}
    return {**stated, **entry["properties"]}


@cache
def edge_properties(type: str) -> Mapping[str, str]:
    """Property → type for an edge type."""
    return {name: entry["type"] for name, entry in edge_entries(type).items()}


@cache
def _prefixes() -> Mapping[str, str]:
    return {prefix.removesuffix(":"): label for label, entry in nodes().items() for prefix in entry["ids"]}


def label_of(id: str, labels: tuple[str, ...] = ()) -> str | None:
    """The label that a node's id stands for; where the id does not tell, the last of ``labels`` that is known."""
    label = _prefixes().get(id.partition(":")[0])
    if label is not None:
        return label
    return next((label for label in reversed(labels) if label in nodes()), None)


def level_of(place: str) -> str | None:
    """province, prefecture, county, township or village, read from a place's id; None for the country."""
    code, *names = place.removeprefix("cn:").split("/")
    if names:
        return "township" if len(names) == 1 else "village"
    return {2: "province", 4: "prefecture", 6: "county"}.get(len(code)) if code.isdigit() else None


def parent_of(place: str) -> str | None:
    """Id of the place above, read from a place's id: 参内镇 → 安溪县 → 泉州市 → 福建省. None for provinces.

    Counties of the four municipalities and those that a province administers itself (code …90…) hang on the province.
    """
    if "/" in place:
        return place.rpartition("/")[0]
    code = place.removeprefix("cn:")
    if len(code) == 6:
        return f"cn:{code[:2]}" if code[:2] in ("11", "12", "31", "50") or code[2:4] == "90" else f"cn:{code[:4]}"
    return f"cn:{code[:2]}" if len(code) == 4 else None


def all_labels(label: str, id: str) -> tuple[str, ...]:
    """Labels of a node, most general first: ("Place", "Township")."""
    level = level_of(id) if label == "Place" else None
    return (label, LEVELS[level]) if level else (label,)


def clean(properties: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """The declared properties, in their declared type, sorted by name; empty ones and those of another type are left out."""
    cleaned: dict[str, Any] = {}
    for name in sorted(properties.keys() & types.keys()):
        value = _convert(properties[name], types[name])
        if value is not None and value != []:
            cleaned[name] = value
    return cleaned


def _convert(value: Any, type: str) -> Any:
    if value is None:
        return None
    if type == "strings":
        return [str(part) for part in value] if isinstance(value, list | tuple | set | frozenset) else [str(value)]
    if type == "string":
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    if type == "boolean":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if type == "float" else int(value)
