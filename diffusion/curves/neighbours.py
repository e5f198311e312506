"""Are places that are near each other near in time as well? Tests by permutation, on adopters only and on what their intervals leave open.

Knox (1964): pairs near in space that are near in time as well. Mantel (1967): the correlation of the two distances over all pairs. Both compare with the same
places and the same intervals dealt out anew, so that neither the number of adopters nor their years can make a result. Joins: pairs of neighbours that are
both adopters, among all places, with adoption dealt out anew. Where intervals leave years open, a statistic is the mean over years drawn from them.

pointpats and esda have these tests for exact times; they would bring GDAL and GEOS (docs/decisions/0008-statistics-of-curves.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np

from diffusion.curves.model import Refused
from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.panel import Bools

LEAST = 10  # adopters; fewer have too few pairs
PERMUTATIONS = 499
NEAR_KM = 20.0  # about two townships on
NEAR_YEARS = 1
_EARTH_KM = 6371.0
_MOST = 300  # places whose pairs are looked at; of more a seeded choice

Distance = Literal["kilometres", "tree"]


class NeighbourTest(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` against ``expected``, its mean over ``permutations``; ``p``: share of permutations with at least as much clustering, themselves counted in.

    knox, joins: pairs. mantel: correlation of the logarithm of distance with years between, above 0 where near places adopt near in time.
    """

    name: Literal["knox", "mantel", "joins"]
    value: float
    expected: float
    p: float
    pairs: int


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """``distance``: kilometres between the places' points, where all but a tenth have one, else steps in the tree: 1 same county, 2 same prefecture, 3 same
    province, 4 else. ``near``: what counts as near. ``places``: adopters looked at; ``unlocated``: adopters without a point, left out."""

    distance: Distance
    near: str
    places: int
    unlocated: int
    tests: tuple[NeighbourTest, ...]
    refused: Refused | None
    seed: int
    permutations: int


def compare_neighbours(
    places: Sequence[str],
    years: Ints,
    adopter: Bools,
    reports: Ints,
    points: Mapping[str, tuple[float, float]],
    *,
    seed: int = 1,
    permutations: int = PERMUTATIONS,
) -> Neighbours:
    """``years`` (draw x place): a year of adoption for each adopter, from its interval; of others anything. ``reports``: how many each place has. ``points``:
    latitude, longitude in degrees."""
    chance = np.random.default_rng(seed)
    adopters = np.flatnonzero(adopter)
    located = np.array([place in points for place in places], bool)
    by_point = len(adopters) > 0 and bool(located[adopters].mean() >= 0.9)
    unlocated = int((~located[adopters]).sum()) if by_point else 0
    kept = np.flatnonzero(located) if by_point else np.arange(len(places))
    adopters = adopters[np.isin(adopters, kept)]
    near = f"within {NEAR_KM:g} km" if by_point else "same county"
    common = {"distance": "kilometres" if by_point else "tree", "near": near, "unlocated": unlocated, "seed": seed, "permutations": permutations}
    refused = _refuse(places, adopters, years)
    if refused is not None:
        return Neighbours(places=len(adopters), tests=(), refused=refused, **common)  # type: ignore[arg-type]
    if len(adopters) > _MOST:
        adopters = np.sort(chance.choice(adopters, _MOST, replace=False))
    between = measure([places[int(at)] for at in adopters], points if by_point else None)
    close = between <= (NEAR_KM if by_point else 1)
    tests = [*_test_times(between, close, years[:, adopters].astype(float), chance, permutations)]
    if len(adopters) < len(kept) <= _MOST:
        among = measure([places[int(at)] for at in kept], points if by_point else None) <= (NEAR_KM if by_point else 1)
        tests.append(_test_joins(among, adopter[kept], reports[kept], chance, permutations))
    return Neighbours(places=len(adopters), tests=tuple(tests), refused=None, **common)  # type: ignore[arg-type]


def _refuse(places: Sequence[str], adopters: Ints, years: Ints) -> Refused | None:
    if not len(adopters):
        return Refused(code="no_adopters", reason="There are no adopters whose distances could be compared.")
    if len(adopters) < LEAST:
        return Refused(code="few_events", reason=f"{len(adopters)} adopters make too few pairs: a test asks for {LEAST} at least.")
    if np.ptp(years[:, adopters]) == 0:
        return Refused(code="one_year", reason="All adopted in the same year, so no two are nearer in time than others.")
    if len({place.partition("/")[0] for place in (places[int(at)] for at in adopters)}) == 1:
        return Refused(code="few_counties", reason="All adopters are of one county: nearness would only be compared within it.")
    return None


def measure(places: Sequence[str], points: Mapping[str, tuple[float, float]] | None) -> Floats:
    """Distances between all places: kilometres on the sphere, or steps in the tree where there are no ``points``."""
    if points is None:
        codes = [place.partition("/")[0].removeprefix("cn:") for place in places]
        steps = np.full((len(places), len(places)), 4.0)
        for length, step in ((2, 3.0), (4, 2.0), (6, 1.0)):
            above = np.unique([code[:length] for code in codes], return_inverse=True)[1]
            steps[above[:, None] == above] = step
        np.fill_diagonal(steps, 0.0)
        return steps
    lat, lon = np.radians(np.array([points[place] for place in places], float).reshape(-1, 2)).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2 + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), float)


def _test_times(between: Floats, close: Bools, years: Floats, chance: np.random.Generator, permutations: int) -> tuple[NeighbourTest, NeighbourTest]:
    size = len(between)
    upper = np.triu_indices(size, 1)
    far = np.log1p(between[upper])
    far = (far - far.mean()) / (far.std() or 1.0)
    gaps = np.abs(years[:, :, None] - years[:, None, :])
    soon, gap = (gaps <= NEAR_YEARS).mean(0), gaps.mean(0)  # over the draws: which pairs are near in time on average
    spread = gap[upper].std() or 1.0
    middle = gap[upper].mean()

    def knox(order: Ints) -> float:
        return float(soon[np.ix_(order, order)][close].sum() - np.trace(soon)) / 2

    def mantel(order: Ints) -> float:
        return float(far @ (gap[np.ix_(order, order)][upper] - middle) / spread / len(far))

    still = np.arange(size)
    orders = [chance.permutation(size) for _ in range(permutations)]
    pairs = int(close[upper].sum())
    return (
        _tell("knox", knox(still), np.array([knox(order) for order in orders]), pairs),
        _tell("mantel", mantel(still), np.array([mantel(order) for order in orders]), len(far)),
    )


def _test_joins(close: Bools, adopter: Bools, reports: Ints, chance: np.random.Generator, permutations: int) -> NeighbourTest:
    """Adoption is dealt out among places with equally many reports: counties that report little show few adopters, which is no nearness."""
    beside = close.astype(float)
    np.fill_diagonal(beside, 0.0)
    value = adopter.astype(float)

    def joins(of: Floats) -> float:
        return float(of @ beside @ of) / 2

    groups = [np.flatnonzero(reports == count) for count in np.unique(reports)]
    dealt = []
    for _ in range(permutations):
        shuffled = value.copy()
        for group in groups:
            shuffled[group] = chance.permutation(value[group])
        dealt.append(joins(shuffled))
    return _tell("joins", joins(value), np.array(dealt), int(beside.sum() / 2))


def _tell(name: Literal["knox", "mantel", "joins"], value: float, dealt: Floats, pairs: int) -> NeighbourTest:
    p = (1 + int((dealt >= value - 1e-9).sum())) / (1 + len(dealt))
    return NeighbourTest(name=name, value=round(value, 4), expected=round(float(dealt.mean()), 4), p=round(p, 4), pairs=pairs)
