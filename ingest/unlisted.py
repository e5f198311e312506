"""Townships that the register of today does not list in their county: dissolved, merged or renamed since, or newer than it.

County and name are the key of a township, so a name that stands right after its county says which one is meant, whatever the register has elsewhere:
安溪县东溪乡 is no township of 泰顺县. A township that changed only its kind (参内乡, today 参内镇) is the one of today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.gazetteer import Gazetteer, Place, stem_of
from ingest.linking import Name
from ingest.patterns import lazy
from ingest.rules.spans import Spans

_BODY_BEHIND = lazy(
    r"(?P<name>[\u4e00-\u9fff]{2,11}?(?:街道|镇|乡|苏木))(?=人民政府|街道办事处|办事处|党委|党工委|委员会|20\d\d|法治政府|$|\n)"
)  # what a name that no register has must stand before
_NO_NAME = lazy(r"[局委会院所府部各全等的和与及该每]|辖|中心|..乡镇$|镇乡$")
_KINDS = ("镇", "乡", "街道", "苏木")


class Stranger(NamedTuple):
    """A township's name where it stands, and the place (its county) that it is in."""

    name: str
    start: int
    end: int
    home: str

    @property
    def place(self) -> Place:
        return Place(f"{self.home}/{self.name}", self.name, "township", self.home)


def sort_out(clean: str, names: Sequence[Name], zones: Iterable[tuple[int, int]], register: Gazetteer) -> tuple[list[Name], list[Stranger]]:
    """The names that the register knows, and those that stand for a township it does not list where the text says that it is.

    ``zones``: heading and closing part, where a name after its county may be one that no register has at all.
    """
    homes: dict[str, str] = {}
    known: list[Name] = []
    sure: set[int] = set()  # where names begin that have the county of one of their candidates before them
    for index, name in enumerate(names):
        home = _county_before(names, index, register)
        if home is None or not _is_township(name, register) or _lies_near(name.candidates, home, register):
            known.append(name)
            if home is not None:
                sure.add(name.start)
        elif (today := _of_today(name.name, home, register)) is not None:
            known.append(Name(name.name, name.start, name.end, [today]))
        else:
            homes.setdefault(name.name, home)
            known.append(name)
    for word, home in _unheard(clean, names, zones, register):
        homes.setdefault(word, home)
    return part(clean, known, homes, sure) if homes else (known, [])


def place_in(name: str, home: str, register: Gazetteer) -> str | None:
    """Id of the township of a county that a name means today; None where the register lists none."""
    return f"{home}/{name}" if f"{home}/{name}" in register.places else _of_today(name, home, register)


def _county_before(names: Sequence[Name], index: int, register: Gazetteer) -> str | None:
    """Id of the one county that is written right before a name."""
    if not index or names[index - 1].end != names[index].start:
        return None
    return only_county(names[index - 1].candidates, register)


def only_county(candidates: Sequence[str], register: Gazetteer) -> str | None:
    """Id of the county that a name means, where it means no other place."""
    return candidates[0] if len(candidates) == 1 and register.places[candidates[0]].level == "county" else None


def _is_township(name: Name, register: Gazetteer) -> bool:
    return name.name.endswith(_KINDS) and all(register.places[candidate].level == "township" for candidate in name.candidates)


def _lies_near(candidates: Iterable[str], home: str, register: Gazetteer) -> bool:
    """Whether one of the candidates is in that county, or in another one of its prefecture: townships are handed over to neighbours."""
    above = register.places[home].parent
    counties = {register.places[candidate].parent or "" for candidate in candidates}
    return home in counties or any((county := register.places.get(other)) is not None and county.parent == above for other in counties)


def _of_today(name: str, home: str, register: Gazetteer) -> str | None:
    """The one township of a county whose name differs in its kind only."""
    stem = stem_of(name)
    same = [identifier for identifier in register.by_stem.get(stem, ()) if register.places[identifier].parent == home] if stem != name else []
    return same[0] if len(same) == 1 else None


def _unheard(clean: str, names: Sequence[Name], zones: Iterable[tuple[int, int]], register: Gazetteer) -> Iterator[tuple[str, str]]:
    """(name, county) of townships right after their county that have a name no register has."""
    taken = _spans(names)
    for start, end in zones:
        for name in names:
            if not start <= name.start < end or (home := only_county(name.candidates, register)) is None:
                continue
            match = _BODY_BEHIND.match(clean, name.end, end)
            if match is None or _NO_NAME.search(match["name"]) or taken.touches(name.end, match.end()):
                continue
            if _of_today(match["name"], home, register) is None:
                yield match["name"], home


def part(clean: str, names: Sequence[Name], homes: Mapping[str, str], sure: Collection[int]) -> tuple[list[Name], list[Stranger]]:
    """``names`` without those that stand for one of the townships of ``homes`` (name → county), and these; a name that begins at ``sure`` stays what it is."""
    kept = [name for name in names if name.name not in homes or name.start in sure]
    return kept, sorted(_spread_out(clean, kept, homes), key=lambda one: one.start)


def _spans(names: Sequence[Name]) -> Spans:
    return Spans([(name.start, name.end) for name in names])


def _spread_out(clean: str, names: Sequence[Name], homes: Mapping[str, str]) -> Iterator[Stranger]:
    """All places in a text where these names (with their county) stand and are no part of another name."""
    taken = _spans(names)
    for name, home in homes.items():
        start = clean.find(name)
        while start >= 0:
            end = start + len(name)
            if not taken.touches(start, end):
                yield Stranger(name, start, end, home)
            start = clean.find(name, end)
