"""Mentions into adoptions: one row for each place, its status, and the interval in which it took the practice up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

import msgspec

from diffusion.adoptions import wording
from diffusion.adoptions.detection import Habits, Rates, Sign, Track, compare_plans, count_firsts, count_plans, estimate, years_of_adoption
from diffusion.adoptions.inheriting import inherit
from diffusion.adoptions.model import Adoption, Basis, Mention, Said, Status, Watched
from diffusion.adoptions.novelty import NOTHING_LEARNT, First, Wordings, learn

COVERED = 0.965  # share of intervals that should hold the true year, by our own reckoning
_STRENGTH: tuple[Sign, ...] = ("silent", "planned", "denied", "named")  # which of several in one report counts
_SURE = 0.999
_LEAST_CHANCE = 0.0005  # of a year that is worth telling
_SMALL = 1e-12


def code(watched: Watched, program: str, programs: Mapping[str, str], habits: Habits | None = None) -> list[Adoption]:
    """Adoptions of ``program``, by place. ``programs``: ids that count as it → name of the variant. ``habits``: of all programs (``learn_habits``), or
    those that the mentions of this one show."""
    mentions = [mention for mention in watched.mentions if mention.program in programs]
    by_place = {place: list(group) for place, group in groupby(sorted(mentions, key=_order), key=lambda mention: mention.place)}
    read = {place: _read(group) for place, group in by_place.items()}
    habits = habits or learn_habits(watched, programs)
    tracks = {place: _track(watched, place, read.get(place, []), habits.wordings) for place in sorted({*watched.present, *by_place})}
    rates = estimate(list(tracks.values()), watched.first, watched.last, habits)
    found = [_decide(watched, program, programs, place, told, tracks[place], rates) for place, told in sorted(read.items())]
    return inherit(_cut(found), watched.successions)


def learn_habits(watched: Watched, programs: Collection[str] | None = None) -> Habits:
    """How reports write of practices in the year in which they were taken up, before and after. ``programs``: ids; None: all."""
    by_track: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for mention in watched.mentions:
        if programs is None or mention.program in programs:
            by_track[mention.program, mention.place].append(mention)
    told = {key: _read(sorted(mentions, key=_order)) for key, mentions in sorted(by_track.items())}
    tracks = {key: _track(watched, key[1], some) for key, some in told.items()}
    firsts = [count_firsts(track) for track in tracks.values()]
    habits = Habits((sum(named for named, _ in firsts), sum(told for _, told in firsts)), compare_plans(*count_plans(tracks.values())))
    rates = Rates.of(tracks.values(), habits)
    firsts_told = [_first(key[1], told[key], track, rates, watched) for key, track in tracks.items()]
    return msgspec.structs.replace(habits, wordings=learn([first for first in firsts_told if first is not None]))


def _first(place: str, told: _Told, track: Track, rates: Rates, watched: Watched) -> First | None:
    """What the wordings of what is new are learnt from; None where no report names it as done."""
    if track.named is None:
        return None
    naming = _naming(told)
    first = [(mention, said) for mention, said in naming if mention.covered == track.named]
    dated = any(said.lower is not None or said.upper is not None for _, said in first)
    chances = {} if dated or track.reports[0][0] == track.named else years_of_adoption(track, rates, watched.first, watched.last)
    return First(
        place=place,
        first=tuple(mention for mention, _ in first),
        later=tuple(mention for mention, _ in naming if mention.covered != track.named),
        chance=chances[track.named] / max(sum(chances.values()), _SMALL) if chances else None,
    )


_Told = list[tuple[Mention, Said]]
_Chances = Mapping[int | None, float]


def _order(mention: Mention) -> tuple[str, int, str, int]:
    return (mention.place, mention.covered, mention.report, mention.at)


def _read(mentions: Sequence[Mention]) -> _Told:
    return [(mention, wording.read(mention.sentence, mention.at, mention.length, mention.covered)) for mention in mentions]


def _claims(mention: Mention, said: Said) -> bool:
    """What has ended was there, though the sentence denies that it still is."""
    return mention.happens and (said.stopped or not mention.negated)


def _naming(told: _Told) -> _Told:
    """What the place's own reports say of having it."""
    return [(mention, said) for mention, said in told if mention.own and mention.claims and not said.stopped]


def _track(watched: Watched, place: str, told: _Told, wordings: Wordings = NOTHING_LEARNT) -> Track:
    signs: dict[int, Sign] = {}
    for mention, said in told:
        if mention.own and not said.stopped:  # what has ended was there
            sign: Sign = "named" if mention.claims else "denied" if mention.negated else "planned" if mention.modality == "planned" else "silent"
            signs[mention.covered] = max(sign, signs.get(mention.covered, "silent"), key=_STRENGTH.index)
    latest = [said.upper if said.upper is not None else mention.covered for mention, said in told if _claims(mention, said)]
    track = Track(tuple((year, signs.get(year, "silent")) for year in watched.present.get(place, ())), min(latest, default=None))
    first = [mention for mention, _ in _naming(told) if mention.covered == track.named]
    return msgspec.structs.replace(track, novelty=wordings.judge(place, first)) if first else track


def _decide(watched: Watched, program: str, programs: Mapping[str, str], place: str, told: _Told, track: Track, rates: Rates) -> tuple[Adoption, _Chances]:
    having = [(mention, said) for mention, said in told if _claims(mention, said)]
    status = _status(told, having)
    chosen = having or [(mention, said) for mention, said in told if _status([(mention, said)], []) == status]
    facts = tuple(dict.fromkeys(mention.fact for mention, _ in chosen))
    doubt = 1.0
    for mention, _ in chosen:
        doubt *= 1 - min(mention.confidence, _SURE)
    last = max(watched.present.get(place, ()), default=max(mention.covered for mention, _ in told))
    row = Adoption(
        place=place,
        program=program,
        status=status,
        t_lower=last,
        t_upper=None,
        censored="right",
        p=round(1 - doubt, 4),
        facts=facts,
        variant=programs[chosen[0][0].program],
    )
    if not having:
        return row, {}
    upper = track.latest
    assert upper is not None
    said = [each for _, each in having if each.upper == upper]
    basis: Basis = "said" if said else "covered"
    lowers = [each.lower for each in said if each.lower is not None]
    row = msgspec.structs.replace(row, t_lower=max(lowers, default=None), t_upper=upper, censored=None if lowers else "left", basis=basis)
    if lowers:
        inside = [year for year in range(max(lowers) + 1, upper + 1) if year >= watched.first]
        return msgspec.structs.replace(row, years={year: round(1 / len(inside), 4) for year in inside}, before=0.0 if inside else 1.0), {}
    chances = years_of_adoption(track, rates, watched.first, watched.last)
    years = {year: round(chance, 4) for year, chance in chances.items() if year is not None and chance >= _LEAST_CHANCE}
    return msgspec.structs.replace(row, years=years, before=round(chances[None], 4)), chances


def _status(told: _Told, having: _Told) -> Status:
    if having:
        if any(said.stopped for _, said in told):
            return "stopped"
        return "adopted" if any(mention.own for mention, _ in having) else "reported_by_superior"
    for status in ("planned", "exhorted"):
        if any(mention.modality == status and not mention.negated for mention, _ in told):
            return status
    return "negated" if any(mention.negated for mention, _ in told) else "unknown"


def _cut(found: list[tuple[Adoption, _Chances]]) -> list[Adoption]:
    """Lower ends of those that no text dates. What is cut off an interval may weigh at most so much against its last year: one bound for all, the smallest
    interval that way on which ``COVERED`` of them still hold their year. The years between do not count, so that a report more or less elsewhere moves nothing.
    """
    tails = {row.place: _tails(row, chances) for row, chances in found if chances}
    bound = _bound(list(tails.values()))
    return [_with_lower(row, _lower(tails[row.place], bound)) if row.place in tails else row for row, _ in found]


class _Tail(msgspec.Struct, frozen=True):
    """An end that the interval could have: ``lower`` (None: none), what lies before it against the last year, and the probability that the rest holds."""

    lower: int | None
    against: float
    holds: float


def _tails(row: Adoption, chances: _Chances) -> list[_Tail]:
    """From the latest end to the earliest."""
    upper = row.t_upper
    assert upper is not None
    whole, last = sum(chances.values()), max(chances.get(upper, 0.0), _SMALL)
    before, told = chances[None], []
    for year in sorted(year for year in chances if year is not None and year <= upper):
        told.append(_Tail(year - 1, before / last, 1 - before / max(whole, _SMALL)))
        before += chances[year]
    return [*reversed(told), _Tail(None, 0.0, 1.0)]


def _choose(tails: list[_Tail], bound: float) -> _Tail:
    return next(tail for tail in tails if tail.against <= bound)


def _bound(all_tails: list[list[_Tail]]) -> float:
    bounds = sorted({tail.against for tails in all_tails for tail in tails})
    low, high = 0, len(bounds) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_choose(tails, bounds[middle]).holds for tails in all_tails) >= COVERED * len(all_tails):
            low = middle
        else:
            high = middle - 1
    return bounds[low] if bounds else 0.0


def _lower(tails: list[_Tail], bound: float) -> int | None:
    return _choose(tails, bound).lower


def _with_lower(row: Adoption, lower: int | None) -> Adoption:
    return msgspec.structs.replace(row, t_lower=lower, censored="left" if lower is None else None)
