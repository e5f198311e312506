"""Numbers as reports state them: what 300余 may be, how a rate may be rounded, how a number is written."""

from __future__ import annotations

import math
from typing import Literal

from ingest.model import Fact

TOLERANCE = 0.1
"""Percentage points that a stated rate may be off before it is said to differ."""
_NEAR = 0.1  # about: a tenth up or down


def bounds_of(fact: Fact) -> tuple[float, float]:
    """Least and greatest value that the statement allows: 300余 is 300 to 400, 1万余 is 10,000 to 20,000, 近千 is 900 to 1,100, 以上 has no end."""
    return bounds_of_value(float(fact.value or 0), fact.approx, float(fact.attrs.get("upper", math.inf)))


def bounds_of_value(value: float, approx: str | None, upper: float = math.inf) -> tuple[float, float]:
    """The same for a number without its fact; ``upper`` is what an at_least may reach where the report says so (30至40)."""
    if approx is None:
        return value, value
    if approx == "more_than":
        return value, value + _step(value)
    if approx == "at_least":
        return value, upper
    if approx == "less_than":
        return 0.0, value
    return _rounded(value * (1 - _NEAR)), _rounded(value * (1 + _NEAR))


def _rounded(value: float) -> float:
    """Without what binary fractions add: 98 and a tenth is 107.8, not 107.80000000000001."""
    return float(f"{value:.12g}")


def _step(value: float) -> float:
    """What 余 leaves open: one of the last place that is not zero, and for 3000余 and the like no more than the number itself."""
    if value <= 0 or value != int(value):
        return max(value, 1.0)
    step, whole = 1, int(value)
    while whole % 10 == 0:
        whole //= 10
        step *= 10
    return float(step)


def overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def judge_rate(rate: Fact, part: float, whole: float) -> Literal["fits", "truncated", "nearly_all", "differs"]:
    """A stated rate against its counts. 92.8 for 92.857 is truncated; 100 for 99.6 is nearly all."""
    stated, computed = float(rate.value or 0), 100 * part / whole
    if rate.approx in ("more_than", "at_least"):
        return "fits" if computed >= stated - TOLERANCE else "differs"
    if rate.approx == "less_than":
        return "fits" if computed <= stated + TOLERANCE else "differs"
    if rate.approx == "about":
        return "fits" if abs(computed - stated) <= 1 else "differs"
    scale = 10 ** len(repr(rate.value).partition(".")[2]) if isinstance(rate.value, float) else 1
    if math.floor(computed * scale + 0.5 + 1e-9) == round(stated * scale):
        return "nearly_all" if stated == 100 and part != whole else "fits"
    if math.floor(computed * scale + 1e-9) == round(stated * scale):
        return "truncated"
    return "fits" if abs(computed - stated) <= TOLERANCE else "differs"


def write(value: float | int | None) -> str:
    """92.857142 as 92.86, 10000 as 10000."""
    if value is None:
        return "?"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def write_stated(fact: Fact, zh: bool) -> str:
    """A count as its report states it, with its approximation: 300余件, more than 300件."""
    value, unit = write(fact.value), fact.unit or ""
    if fact.approx is None:
        return f"{value}{unit}"
    if zh:
        before, after = {"more_than": ("", "余"), "at_least": ("至少", ""), "less_than": ("不超过", ""), "about": ("约", "")}[fact.approx]
        return f"{before}{value}{after}{unit}"
    return f"{fact.approx.replace('_', ' ')} {value}{unit}"
