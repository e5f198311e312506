"""Where places lie: points of townships and counties by graph id. Where they come from stands in ``points/SOURCES.md``."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

ATTRIBUTION = "Vonng/adcode, GeoNames (CC BY 4.0); cpca (MIT)"
Precision = Literal["exact", "stem", "county"]


class Point(NamedTuple):
    """WGS-84 decimal degrees. ``precision``: exact or stem, a township's own point by its full name or its name without 镇, 乡 …; county, only its county's."""

    lat: float
    lon: float
    precision: Precision


def locate(place: str) -> Point | None:
    """The point of a township or county; of a village that of its township. None for larger places, which are no points, and for those without one."""
    code, _, rest = place.removeprefix("cn:").partition("/")
    if not code.isdigit() or not (rest or len(code) == 6):
        return None
    code = code.ljust(6, "0")  # townships right below a prefecture: cn:4419/虎门镇
    own = read_townships(code[:2]).get((code, rest.partition("/")[0])) if rest else None
    return own or read_counties().get(code)


def list_register(counties: Iterable[str]) -> list[Point]:
    """Points of all townships of these counties (six digits), whether they report or not: what lies around."""
    wanted = frozenset(counties)
    return [point for province in sorted({code[:2] for code in wanted}) for (code, _), point in read_townships(province).items() if code in wanted]


@cache
def read_townships(province: str) -> Mapping[tuple[str, str], Point]:
    """Points of a province (two digits) by county code and township; empty for one that has none."""
    path = files(__package__).joinpath("points", f"{province}.csv.xz")
    found: dict[tuple[str, str], Point] = {}
    if not path.is_file():
        return found
    for line in lzma.decompress(path.read_bytes()).decode().splitlines()[1:]:  # county_code,township,lat,lon,precision
        code, township, lat, lon, precision = line.split(",")
        found[code, township] = Point(float(lat), float(lon), "exact" if precision == "exact" else "stem")
    return found


@cache
def read_counties() -> Mapping[str, Point]:
    lines = lzma.decompress(files(__package__).joinpath("points", "counties.csv.xz").read_bytes()).decode().splitlines()
    rows = (line.split(",") for line in lines[1:])  # county_code,lat,lon
    return {code: Point(float(lat), float(lon), "county") for code, lat, lon in rows}
