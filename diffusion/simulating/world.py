"""Places, years and reports of a simulated collection: real names from the register, everything else invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from diffusion.simulating.style import Style, Voice
from ingest.gazetteer import gazetteer
from vocabulary.registers import read_places, read_villages

LAST_YEAR = 2024


class Unit(NamedTuple):
    """A place that reports. ``id`` is its graph id, ``county`` that of its county (its own, where it is one)."""

    id: str
    voice: Voice
    county: str
    prefecture: str
    folder: str

    @property
    def is_county(self) -> bool:
        return self.voice.is_county


class World(NamedTuple):
    units: tuple[Unit, ...]
    years: range
    sources: dict[str, tuple[str, ...]]  # whose example each township looks at: one or two of its county, one of another
    absent: frozenset[tuple[str, int]]  # (unit, year) without a report

    def below(self, county: str) -> list[Unit]:
        return [unit for unit in self.units if unit.county == county and not unit.is_county]


def make_world(chance: random.Random, style: Style, reports: int, missing: float) -> World:
    """Enough places and years that about a tenth more than ``reports`` slots are filled."""
    years = range(LAST_YEAR + 1 - (3 if reports < 40 else 5 if reports < 400 else 8), LAST_YEAR + 1)
    wanted = max(2, int(reports * 1.1 / (1 - missing) / len(years)) + 1)
    units: list[Unit] = []
    for county in _draw_counties(chance):
        units += county
        if len(units) >= wanted:
            break
    units = units[: max(wanted, 3)]
    absent = set()
    for county_id in dict.fromkeys(unit.county for unit in units):
        share = style.missing(chance, missing)
        absent |= {(unit.id, year) for unit in units if unit.county == county_id for year in years if chance.random() < share}
    return World(tuple(units), years, _draw_sources(chance, units), frozenset(absent))


def _draw_counties(chance: random.Random) -> Iterator[list[Unit]]:
    """Counties by threes of a prefecture, each with itself and five to nine of its townships."""
    areas = {area.code: area for area in read_places()}
    register = gazetteer()
    by_prefecture: dict[str, list[str]] = {}
    for code, area in areas.items():
        if len(code) == 6 and area.townships.count(" ") >= 8 and code[:4] in areas:
            by_prefecture.setdefault(code[:4], []).append(code)
    prefectures = sorted(code for code, counties in by_prefecture.items() if len(counties) >= 3)
    chance.shuffle(prefectures)
    rounds = [sorted(by_prefecture[prefecture]) for prefecture in prefectures]
    for counties in rounds:
        chance.shuffle(counties)
    for first in range(0, max(map(len, rounds)), 3):
        for prefecture, counties in zip(prefectures, rounds, strict=True):
            for code in counties[first : first + 3]:
                area, above = areas[code], areas[prefecture]
                chain = [place.name for place in register.chain(f"cn:{code}")]
                folder = f"{chain[0]}/{area.name}"
                towns = chance.sample(
                    sorted(name for name in area.townships.split(" ") if name.endswith(("镇", "乡", "街道"))),
                    k=min(chance.randint(5, 9), area.townships.count(" ")),
                )
                villages = read_villages(code[:2])
                county = Voice(area.name, area.name[-1], area.name, above.name, tuple(towns), True)
                yield [
                    Unit(f"cn:{code}", county, f"cn:{code}", f"cn:{prefecture}", folder),
                    *(
                        Unit(
                            f"cn:{code}/{town}",
                            _voice_of(town, area.name, above.name, villages.get((code, town), "")),
                            f"cn:{code}",
                            f"cn:{prefecture}",
                            folder,
                        )
                        for town in towns
                    ),
                ]


def _voice_of(town: str, county: str, prefecture: str, villages: str) -> Voice:
    kind = "街道" if town.endswith("街道") else town[-1]
    return Voice(town, kind, county, prefecture, tuple(villages.split(" ")[:12]) if villages else ("东头组", "西头组", "南坡组"), False)


def _draw_sources(chance: random.Random, units: list[Unit]) -> dict[str, tuple[str, ...]]:
    towns = [unit for unit in units if not unit.is_county]
    leaders = chance.sample(towns, k=max(1, len(towns) // 8))  # whom others look at more often
    by_county: dict[str, list[Unit]] = {}
    for unit in towns:
        by_county.setdefault(unit.county, []).append(unit)
    sources = {}
    for unit in towns:
        siblings = [other for other in by_county[unit.county] if other.id != unit.id]
        strangers = [other for other in (leaders if chance.random() < 0.7 else towns) if other.county != unit.county]
        chosen = chance.sample(siblings, k=min(len(siblings), chance.randint(1, 2))) + (chance.sample(strangers, k=1) if strangers else [])
        sources[unit.id] = tuple(other.id for other in chosen)
    return sources
