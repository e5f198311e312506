"""Which place a name in somebody's table means: candidates with a score, and whether one of them is certain.

names = PlaceNames(gazetteer(), ())
names.find("安溪县参内镇")          # one candidate, score 100, certain
names.find("城关镇")               # 82 candidates of score 75, none certain
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import vocabulary
from graph.schema import level_of, parent_of
from ingest.gazetteer import Gazetteer, Place, stem_of
from ingest.script import simplify

LONGEST = 100  # characters of a name with all that stands above it; nothing in the register is half as long
# How a name fits, and what that is worth: the name itself; another or a former name; the stem with another kind (参内乡 for 参内镇); the stem alone (参内).
How = Literal["exact", "other", "kind", "stem"]
WORTH: Mapping[How, float] = {"exact": 100, "other": 92, "kind": 85, "stem": 80}
UNPLACED: Mapping[str, float] = {"township": 5, "village": 10}  # off where nothing says which county it lies in
PARTLY = 2  # off where a place above is named, but not the one directly above
SHARED = 20  # off where several fit equally well
AGAINST = 40  # off where something that was said of it is not so
LEVEL_NAMES = {"省级": "province", "地级": "prefecture", "市级": "prefecture", "县级": "county", "乡级": "township", "乡镇": "township", "村级": "village"}
ABOVE = frozenset(("parent", "county", "prefecture", "province", "path"))  # properties that tell where a place lies

_DROPPED = re.compile(r"[\s,，、;；/|>\-—_·.。()（）〔〕\[\]【】“”\"'‘’]+")
_OFFICE = re.compile(r"(?:人民政府|(?<=街道)办事处|(?<=街道)办|(?<=[省市县区旗镇乡道])(?:政府|党委|党工委))$")
_COUNTRY = re.compile(r"^(?:中华人民共和国|中国)(?=.{2})")


class Found(NamedTuple):
    """A candidate. ``certain``: it may be taken without asking."""

    place: Place
    score: float
    certain: bool


class Wanted(NamedTuple):
    """What a table says of a place besides its name: property → its values."""

    property: str
    values: tuple[str, ...]


class _Fit(NamedTuple):
    place: Place
    how: How
    placed: int  # 0 nothing above is named, 1 something, 2 the place directly above
    against: bool


class PlaceNames:
    """The register with the places of a collection. Not changed after it was made, so safe between threads."""

    def __init__(self, register: Gazetteer, collected: Iterable[tuple[str, str, Sequence[str]]]) -> None:
        """``collected``: (id, name, other names) of places in the graph; those of the register add their other names only."""
        self._register = register
        self._places: dict[str, Place] = {}  # of the collection, beyond the register
        self._named: dict[str, list[tuple[str, How]]] = {}
        self._areas_by_stem: dict[str, list[str]] = {}
        self._former: dict[str, list[str]] = {}
        for id in register.places:
            if "/" in id:
                break  # areas come first
            self._areas_by_stem.setdefault(stem_of(simplify(register.places[id].name)), []).append(id)
        for alias in vocabulary.load("gazetteer").get("counties", []):
            self._former.setdefault(f"cn:{alias['code']}", []).append(alias["old"])
        for id, name, others in collected:
            self._add(id, name, others)
        self._sorted = sorted({*register.names, *self._named})

    def _add(self, id: str, name: str, others: Sequence[str]) -> None:
        if id not in self._register.places:
            self._places[id] = Place(id, name, level_of(id) or "place", parent_of(id))
            self._named.setdefault(clean_name(name), []).append((id, "exact"))
        for other in others:
            self._named.setdefault(clean_name(other), []).append((id, "other"))

    def get(self, id: str) -> Place | None:
        return self._register.places.get(id) or self._places.get(id)

    def chain(self, id: str) -> tuple[Place, ...]:
        """The place and those above it, from the province down; () for what is no place here."""
        place = self._places.get(id)
        if place is None:
            return self._register.chain(id)
        return (*(self.chain(place.parent) if place.parent else ()), place)

    def find(self, name: str, wanted: Sequence[Wanted] = ()) -> list[Found]:
        """Candidates, best first. None where the name is not known."""
        by_id = self.get(name.strip())
        if by_id is not None:
            return [Found(by_id, 100, certain=True)]
        cleaned = clean_name(name)
        if not 2 <= len(cleaned) <= LONGEST:
            return []
        best: dict[str, _Fit] = {}
        for fit in self._fits(cleaned, wanted):
            known = best.get(fit.place.id)
            if known is None or _score(fit) > _score(known):
                best[fit.place.id] = fit
        return _rank(best.values())

    def begin_with(self, prefix: str, limit: int) -> Iterator[Place]:
        """Places whose name begins so, by name."""
        cleaned = clean_name(prefix)
        for position in range(bisect_left(self._sorted, cleaned), len(self._sorted)):
            name = self._sorted[position]
            if not cleaned or not name.startswith(cleaned):
                return
            for id, _ in self._look_up(name, stems=False):
                place = self.get(id)
                if place is not None:
                    yield place
                    limit -= 1
                    if not limit:
                        return

    def _fits(self, cleaned: str, wanted: Sequence[Wanted]) -> Iterator[_Fit]:
        """Every way to read the name as places above and a place."""
        for cut in range(len(cleaned) - 1):
            head, tail = cleaned[:cut], cleaned[cut:]
            for id, how in self._look_up(tail):
                chain = self.chain(id)
                if not chain:
                    continue
                *above, place = chain
                placed = self._read_above(head, above)
                against = placed is None
                if against and how != "exact":
                    continue  # 大安溪 is hardly 安溪
                for said in wanted:
                    told = self._compare(said, place, above)
                    against |= told is False
                    placed = max(placed or 0, told if isinstance(told, int) else 0)
                yield _Fit(place, how, placed or 0, against)

    def _look_up(self, name: str, *, stems: bool = True) -> Iterator[tuple[str, How]]:
        seen = set()
        for id in self._register.named(name):
            seen.add(id)
            yield id, "exact" if simplify(self._register.places[id].name) == name else "other"
        for id, how in self._named.get(name, ()):
            if id not in seen:
                seen.add(id)
                yield id, how
        if not stems:
            return
        stem = stem_of(name)
        for id in (*self._areas_by_stem.get(stem, ()), *self._register.by_stem.get(stem, ())):
            if id not in seen:
                seen.add(id)
                yield id, "stem" if stem == name else "kind"

    def _read_above(self, head: str, above: Sequence[Place]) -> int | None:
        """How well the words before a name place it, as ``_Fit.placed``; None where they name something else."""
        nearest = -1
        for index, place in enumerate(above):
            if not head:
                break
            for name in self._spellings(place):
                if head.startswith(name):
                    head = head[len(name) :]
                    nearest = index
                    break
        if head:
            return None
        return 0 if nearest < 0 else 2 if nearest == len(above) - 1 else 1

    def _spellings(self, place: Place) -> list[str]:
        """Names of a place that may stand before one below it, longest first."""
        name = simplify(place.name)
        former = self._former.get(place.id, [])
        return sorted({name, stem_of(name), *former, *map(stem_of, former)}, key=lambda spelling: (-len(spelling), spelling))

    def _compare(self, said: Wanted, place: Place, above: Sequence[Place]) -> int | bool | None:
        """Whether what a table says is so of a place: False where not, None where it tells nothing, else as ``_Fit.placed``."""
        values = [value.strip() for value in said.values if clean_name(value)]
        if not values:
            return None
        if said.property == "level":
            return None if any(LEVEL_NAMES.get(value, value) == place.level for value in values) else False
        if said.property == "code":
            return None if any(place.id == f"cn:{value.removeprefix('cn:')}" for value in values) else False
        if said.property not in ABOVE:
            return None
        told = [self._place_by(value, place, above) for value in values]
        return max((placed for placed in told if placed), default=False)

    def _place_by(self, value: str, place: Place, above: Sequence[Place]) -> int | None:
        for index, higher in enumerate(above):
            if value == higher.id:
                return 2 if index == len(above) - 1 else 1
        cleaned = clean_name(value)
        return self._read_above(cleaned, above) or self._read_above(cleaned, (*above, place))


def clean_name(name: str) -> str:
    """A name as it is looked up: simplified, without blanks and signs, without the office that goes by it (参内镇人民政府 → 参内镇)."""
    cleaned = _DROPPED.sub("", simplify(unicodedata.normalize("NFKC", name[: 4 * LONGEST])))
    return _OFFICE.sub("", _COUNTRY.sub("", cleaned))


def _score(fit: _Fit) -> float:
    unplaced = UNPLACED.get(fit.place.level, 0) if fit.placed == 0 else PARTLY if fit.placed == 1 and fit.place.level in UNPLACED else 0
    return WORTH[fit.how] - unplaced - (AGAINST if fit.against else 0)


def _rank(fits: Iterable[_Fit]) -> list[Found]:
    """Best first; what shares its way of fitting with others is worth less and never certain."""
    fits = list(fits)
    sharing: dict[tuple[How, bool], int] = {}
    for fit in fits:
        sharing[fit.how, fit.against] = sharing.get((fit.how, fit.against), 0) + 1
    found = [(fit, _score(fit) - (SHARED if sharing[fit.how, fit.against] > 1 and not fit.against else 0)) for fit in fits]
    found.sort(key=lambda entry: (entry[0].against, -WORTH[entry[0].how], -entry[1], entry[0].place.id))
    ranked = []
    for place, (fit, score) in enumerate(found):
        alone = not fit.against and sharing[fit.how, False] == 1
        unplaced_village = fit.place.level == "village" and not fit.placed  # the country has more villages than are known here
        sure = fit.placed > 0 or (fit.how in ("exact", "other") and not unplaced_village) or (fit.how == "stem" and "/" not in fit.place.id)
        ranked.append(Found(fit.place, score, certain=place == 0 and alone and sure))
    return sorted(ranked, key=lambda entry: (not entry.certain, -entry.score, entry.place.id))
