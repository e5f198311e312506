"""The two registers of places as plain data: names by code, and villages by township. What they mean stands in ``ingest.gazetteer``, where they come from in
``SOURCES.md``.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
PLACES = FOLDER / "places.tsv"
VILLAGES = FOLDER / "villages"
PLACES_DATE = "2025-12-31"  # of places.tsv, the register of the Ministry of Civil Affairs


class Area(NamedTuple):
    """A province, prefecture or county. ``code`` has two, four or six digits; it begins with that of the area above, which for some counties is the province.

    ``townships`` are the names of those directly below it, separated by one blank.
    """

    code: str
    name: str
    townships: str


def read_places() -> Iterator[Area]:
    """Every area of ``places.tsv``: provinces, then prefectures, then counties."""
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        yield Area(*line.split("\t"))


@cache
def read_villages(province: str) -> dict[tuple[str, str], str]:
    """Villages of a province (two digits) by county code and township, names separated by one blank: splitting all of them would take longer than one is worth.

    Empty for a province that has no list.
    """
    path = VILLAGES / f"{province}.csv.xz"
    if not path.is_file():
        return {}
    villages = {}
    for line in lzma.decompress(path.read_bytes()).decode().splitlines()[1:]:  # county_code,township,villages
        county, township, names = line.split(",")
        villages[county, township] = names
    return villages


def village_files() -> list[Path]:
    """The lists of villages, by province."""
    return sorted(VILLAGES.glob("*.csv.xz"))


def above(code: str, areas: Iterable[str]) -> str | None:
    """Code of the area above: the longest shorter one that there is."""
    return next((shorter for shorter in (code[:4], code[:2]) if shorter != code and shorter in areas), None)
