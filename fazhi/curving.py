"""How a practice of a collection spread: its curve, what neighbours and acts have to do with it, and whether that stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from diffusion.adoptions.coding import code, learn_habits
from diffusion.adoptions.model import Adoption, Watched
from diffusion.adoptions.reading import read
from diffusion.curves.estimating import draw_years
from diffusion.curves.hazard import Hazard, fit_hazard, measure_direction
from diffusion.curves.judging import RESAMPLES, judge_curve
from diffusion.curves.model import Act, Curve
from diffusion.curves.neighbours import Neighbours, compare_neighbours
from diffusion.curves.observing import NEVER, mention_rate, observe
from diffusion.reuse import Index
from diffusion.robustness import Result, Reversed, Robustness, try_out
from fazhi.candidate_reading import read_candidate
from fazhi.locating import locate
from fazhi.reusing import build_reuse
from fazhi.study_file import Kept
from fazhi.studying import with_superiors
from fazhi.tracing import Coverage, is_catalogued, keep_study, read_overlooked, resolve
from fazhi.workspace import Workspace

_PREFIX = "program:"
_DRAWS = 20  # of years that intervals leave open
_QUICK = 2  # resamples where only the best law is wanted


class CurveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``hazard``, ``neighbours`` and ``robustness`` are None where they were not asked for."""

    program: str
    snapshot: str
    coverage: Coverage
    curve: Curve
    hazard: Hazard | None = None
    neighbours: Neighbours | None = None
    robustness: Robustness | None = None


class _Asked(msgspec.Struct, frozen=True):
    """One practice: what reports say of it, its adoptions, and the first text of each superior that speaks of it. ``names``: of each program that counts."""

    program: str
    names: Mapping[str, str]
    watched: Watched
    rows: tuple[Adoption, ...]
    rate: float
    acts: tuple[Act, ...]
    seed: int


def draw_curve(workspace: Workspace, program: str, *, seed: int = 1, tests: bool = False, robustness: bool = False) -> CurveAnswer:
    """``program``: a name or an id; the id of a family stands for all of its variants, and a name that no vocabulary has is looked for in the texts.

    ``tests``: the hazard and the tests of neighbours as well. Raises NotFound for a practice that neither a report nor the vocabulary names, and Conflict for
    a spelling of several.
    """
    kept, index = keep_study(workspace), build_reuse(workspace)
    asked = _ask(workspace, kept, index, program, seed)
    answer = CurveAnswer(program=asked.program, snapshot=kept.snapshot, coverage=kept.coverage, curve=_judge(asked, asked.watched, asked.rows))
    if tests:
        hazard, neighbours = _test(asked)
        answer = msgspec.structs.replace(answer, hazard=hazard, neighbours=neighbours)
    if robustness:
        answer = msgspec.structs.replace(answer, robustness=_try_out(asked, index))
    return answer


def _ask(workspace: Workspace, kept: Kept, index: Index, program: str, seed: int) -> _Asked:
    name = program.removeprefix(_PREFIX)
    wanted = resolve(program, frozenset(kept.programs))
    watched = with_superiors(read(workspace.archive, wanted), index)
    told = [kept.rows(each) for each in wanted]
    rows = tuple(row for adoptions, _ in told for row in adoptions)
    id = wanted[0] if len(wanted) == 1 else _PREFIX + name
    names = {each: each.removeprefix(_PREFIX) for each in wanted or (id,)}
    mentions = read_overlooked(workspace, wanted, told) if wanted else None if is_catalogued(name) else read_candidate(workspace, name)
    if mentions is not None:
        id = mentions[0].program if mentions else id
        names = {id: id.removeprefix(_PREFIX)}
        watched = with_superiors(msgspec.structs.replace(watched, mentions=mentions), index)
        rows = tuple(row for row in code(watched, id, names) if "/" in row.place)
    return _Asked(
        program=id, names=names, watched=watched, rows=rows, rate=mention_rate(watched.mentions, watched.present), acts=list_acts(watched), seed=seed
    )  # fmt: skip


def list_acts(watched: Watched) -> tuple[Act, ...]:
    """The first text of each superior that is here and speaks of the practice, whether as a plan, an order or a deed. Acts that the study infers from what
    places did are none: they would explain what they were made from."""
    earliest: dict[str, int] = {}
    for mention in watched.mentions:
        if mention.own and not mention.negated and "/" not in mention.place:
            earliest[mention.place] = min(mention.covered, earliest.get(mention.place, mention.covered))
    return tuple(Act(superior=superior, year=year) for superior, year in sorted(earliest.items(), key=lambda item: (item[1], item[0])))


def _judge(asked: _Asked, watched: Watched, rows: tuple[Adoption, ...], resamples: int = RESAMPLES) -> Curve:
    return judge_curve(
        asked.program, rows, watched.present, watched.first, watched.last, mention_rate=asked.rate, acts=asked.acts, seed=asked.seed, resamples=resamples
    )  # fmt: skip


def _test(asked: _Asked) -> tuple[Hazard, Neighbours]:
    watched = asked.watched
    observed = observe(asked.rows, watched.present, watched.first, watched.last, mention_rate=asked.rate, acts=asked.acts)
    located = {place: point for place in observed.places if (point := locate(place)) is not None and point.precision != "county"}
    neighbours = compare_neighbours(
        observed.places,
        draw_years(observed, _DRAWS, asked.seed),
        observed.upper < NEVER,
        observed.reports,
        {place: (point.lat, point.lon) for place, point in located.items()},
        seed=asked.seed,
    )
    return fit_hazard(observed, seed=asked.seed, draws=_DRAWS), neighbours


def _try_out(asked: _Asked, index: Index) -> Robustness:
    """Rows are coded anew from what is left each time, with the habits of writing that all of its reports show."""
    habits = learn_habits(asked.watched)

    def compute(watched: Watched) -> Result:
        rows = tuple(row for row in code(watched, asked.program, asked.names, habits) if "/" in row.place)
        curve = _judge(asked, watched, rows, resamples=_QUICK)
        claimed = {row.place: row for row in rows if row.begins}
        numbers = {"adopters": float(len(claimed)), **({"share": curve.estimates[0].values[-1] or 0.0} if curve.estimates else {})}
        return Result(
            order={place: float(row.t_upper or 0) for place, row in claimed.items()},
            found=frozenset(claimed),
            intervals={place: (row.t_lower, row.t_upper) for place, row in claimed.items()},
            label=curve.chosen,
            numbers=numbers,
        )

    watched = asked.watched
    forward, backward = measure_direction(
        observe(asked.rows, watched.present, watched.first, watched.last, mention_rate=asked.rate, acts=asked.acts), seed=asked.seed
    )
    turned = Reversed(name="county_share", forward=forward, backward=backward)
    return try_out(watched, compute, passages=_find_templates(index, {mention.key for mention in watched.mentions}), turned=turned, seed=asked.seed)


def _find_templates(index: Index, keys: set[str]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for pair in index.pairs():
        if pair.kind == "template":
            for key, start, end in ((pair.a, pair.a_start, pair.a_end), (pair.b, pair.b_start, pair.b_end)):
                if key in keys:
                    found[key].add((start, end))
    return {key: sorted(spans) for key, spans in found.items()}
