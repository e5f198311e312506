"""Which counties take practices up before which others, over all practices: only pairs whose intervals leave no doubt about the order are counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from diffusion.adoptions.model import Adoption
from diffusion.attribution.assembling import county_of
from fazhi.spreading.model import Banner
from fazhi.spreading.telling import name_place
from fazhi.tracing import Coverage, keep_study
from fazhi.workspace import Workspace

SHRINK = 4  # practices of no order that every pair is given: few comparable ones pull a score towards zero
Q_MOST = 0.05


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """``before``: practices that surely came to ``leader`` first, ``after``: to ``other`` first, among the ``comparable`` ones. ``score`` is their difference,
    shrunk. ``p``: two-sided sign test; ``q``: of all pairs tested (Benjamini and Hochberg)."""

    leader: str
    leader_name: str
    other: str
    other_name: str
    before: int
    after: int
    comparable: int
    score: float
    p: float
    q: float


class Leads(msgspec.Struct, frozen=True, kw_only=True):
    snapshot: str
    banner: Banner
    programs: int
    counties: tuple[str, ...]
    leads: tuple[Lead, ...]


def read_leads(workspace: Workspace) -> Leads:
    """Over all practices of the collection as it is now."""
    kept = keep_study(workspace)
    rows = [[row for row in kept.rows(program)[0] if row.begins] for program in kept.programs]
    told = [each for each in rows if each]
    spans = [span_counties(each) for each in told]
    counties = tuple(sorted({county for span in spans for county in span}))
    return Leads(
        snapshot=kept.snapshot, banner=_cover(kept.coverage, told, len(workspace.archive.failures())), programs=len(told), counties=counties,
        leads=tuple(rank_leads(spans)),
    )  # fmt: skip


def span_counties(rows: Iterable[Adoption]) -> dict[str, tuple[float, int]]:
    """County → (lower, upper] of its first adoption of one practice."""
    found: dict[str, tuple[float, int]] = {}
    for row in rows:
        if row.t_upper is not None:
            lower = -math.inf if row.t_lower is None else float(row.t_lower)
            old = found.get(county_of(row.place), (math.inf, 9999))
            found[county_of(row.place)] = min(lower, old[0]), min(row.t_upper, old[1])
    return found


def rank_leads(spans: Sequence[Mapping[str, tuple[float, int]]]) -> list[Lead]:
    """Pairs with any comparable practice, who leads first, the highest score on top."""
    before: Counter[tuple[str, str]] = Counter()
    for span in spans:
        for county, (_, upper) in span.items():
            for other, (lower, _) in span.items():
                if upper <= lower:
                    before[county, other] += 1
    pairs = sorted({(min(pair), max(pair)) for pair in before})
    tested = [(one, other, before[one, other], before[other, one]) for one, other in pairs]
    chances = [_sign_test(ahead, behind) for _, _, ahead, behind in tested]
    leads = []
    for (one, other, ahead, behind), p, q in zip(tested, chances, _adjust(chances), strict=True):
        leader, follower, more, less = (one, other, ahead, behind) if ahead >= behind else (other, one, behind, ahead)
        leads.append(
            Lead(
                leader=leader, leader_name=name_place(leader), other=follower, other_name=name_place(follower), before=more, after=less,
                comparable=more + less, score=round((more - less) / (more + less + SHRINK), 4), p=round(p, 6), q=round(q, 6),
            )
        )  # fmt: skip
    return sorted(leads, key=lambda lead: (-lead.score, lead.q, lead.leader, lead.other))


def _sign_test(ahead: int, behind: int) -> float:
    total, least = ahead + behind, min(ahead, behind)
    tail: int = sum(math.comb(total, count) for count in range(least + 1))
    return min(1.0, tail / float(2 ** (total - 1)))


def _adjust(chances: Sequence[float]) -> list[float]:
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    found, least = [1.0] * len(chances), 1.0
    for rank in range(len(order), 0, -1):
        least = min(least, chances[order[rank - 1]] * len(chances) / rank)
        found[order[rank - 1]] = least
    return found


def _cover(coverage: Coverage, rows: Sequence[Sequence[Adoption]], unreadable: int) -> Banner:
    """Of all practices together: adopters are pairs of a township and a practice."""
    ties = 0
    for told in rows:
        years = Counter(row.t_upper for row in told)
        ties += sum(count for count in years.values() if count > 1)
    return Banner(
        places=coverage.places, from_year=coverage.from_year, to_year=coverage.to_year, eligible=coverage.reports + coverage.missing,
        observed=coverage.reports, missing=coverage.missing, unreadable=unreadable, adopters=sum(map(len, rows)),
        censored=sum(row.t_lower is None for told in rows for row in told), ties=ties, practices=len(rows),
    )  # fmt: skip
