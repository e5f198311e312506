"""A practice traced through the collection: who took it up when, from whom, and the network that all practices together draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import msgspec

import vocabulary
from diffusion.adoptions.model import Adoption, Mention, Watched
from diffusion.adoptions.reading import is_watched
from diffusion.attribution.deciding import attribute, decide
from diffusion.attribution.model import Attribution
from diffusion.networks import trust
from fazhi import study_file
from fazhi.candidate_reading import find_writing, read_candidate
from fazhi.errors import Conflict, NotFound
from fazhi.studying import TEXT, Studied, study
from fazhi.workspace import Workspace
from ingest.ids import report_of_fact

_PREFIX = "program:"
_FEW = 3  # adopters of which nothing can be said beyond each of them
_MUCH_MISSING = 0.5  # share of missing reports
_LEAST_EXPECTED = 0.005  # transmissions of an edge that is listed


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What there was to see: places that reported, reports, and years of those places without a report here."""

    places: int
    reports: int
    missing: int
    from_year: int
    to_year: int


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """``adoptions`` have one row for each place and program that any report names with it; who is not listed has not been seen with it, which is no "did not
    take up". ``candidate``: the name is in no vocabulary and was looked for in the texts. ``caveats`` say what these data can't carry."""

    program: str
    snapshot: str
    coverage: Coverage
    adoptions: tuple[Adoption, ...]
    attributions: tuple[Attribution, ...]
    candidate: bool = False
    caveats: tuple[str, ...] = ()


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """``expected`` practices that came this way; see ``diffusion.networks.trust`` for ``support`` and ``q``. Only ``shown`` edges may be drawn: they hold, and
    words speak for them."""

    source: str
    target: str
    expected: float
    support: float
    q: float
    shown: bool
    text_backed: bool


class Network(msgspec.Struct, frozen=True, kw_only=True):
    snapshot: str
    coverage: Coverage
    programs: int
    edges: tuple[Edge, ...]
    resamples: int
    shuffles: int
    seed: int


def trace(workspace: Workspace, program: str) -> Trace:
    """``program``: a name or an id; the id of a family traces all of its variants, a name that no vocabulary has is looked for in the texts.

    Raises NotFound for one that no report names and Conflict for a spelling of several.
    """
    kept = keep_study(workspace)
    if not kept.coverage.reports:
        raise NotFound(
            "No report in this collection has both a township and a year, so nothing can be traced in time.",
            cure="See `fazhi status` for what stayed undecided, and give places and years in the metadata (docs/ingest.md).",
        )
    wanted = resolve(program, frozenset(kept.programs))
    rows = [kept.rows(each) for each in wanted]
    mentions = read_overlooked(workspace, wanted, rows) if wanted else read_candidate(workspace, _name(program))
    if mentions is None:
        adoptions = tuple(row for found, _ in rows for row in found)
        attributions = tuple(row for _, found in rows for row in found)
        return _tell(wanted[0] if len(wanted) == 1 else _id(program), kept.coverage, kept.snapshot, adoptions, attributions, candidate=False)
    studied = study(workspace, mentions)
    found = mentions[0].program if mentions else _id(program)
    adoptions, attributions = _rows(studied, found)
    return _tell(found, cover(studied.watched), studied.snapshot, adoptions, attributions, candidate=True)


def keep_study(workspace: Workspace) -> study_file.Kept:
    """The study of this collection, made where there is none of this snapshot yet."""
    kept = study_file.open_study(workspace)
    if kept is not None:
        return kept
    studied = study(workspace)
    decided = decide(studied.assembled, studied.parents, studied.found, TEXT)
    rows: dict[str, study_file.Rows] = {}
    for program, told in groupby(studied.adoptions, key=lambda row: row.program):
        adoptions = tuple(told)
        rows[program] = adoptions, tuple(attribute(decided, row, studied.assembled) for row in adoptions if row.t_upper is not None)
    return study_file.save_study(workspace, studied.snapshot, cover(studied.watched), rows)


def presence(workspace: Workspace) -> Mapping[str, tuple[int, ...]]:
    """Years of the reports of each township that are there."""
    years: dict[str, set[int]] = {}
    for document in workspace.archive.documents():
        if document.place is not None and document.year is not None and is_watched(document):
            years.setdefault(document.place, set()).add(document.year)
    return {place: tuple(sorted(own)) for place, own in sorted(years.items())}


def resolve(program: str, known: frozenset[str]) -> tuple[str, ...]:
    """Ids of ``known`` programs that a name or an id means; nothing where it is none of them. Raises Conflict for a spelling of several."""
    id, name = _id(program), _name(program)
    entries = vocabulary.load("programs")
    variants = tuple(sorted({id, *(_id(entry["name"]) for entry in entries if entry.get("family") == name)} & known))
    if program.startswith(_PREFIX) and len(variants) > 1:
        return variants
    if id in known:
        return (id,)
    meant = sorted({_id(entry["name"]) for entry in entries if name in entry.get("variants", ())} & known)
    if len(meant) > 1:
        raise Conflict(f"{name} is a spelling of several programs: {', '.join(meant)}.", cure="Name one of these.")
    return tuple(meant) or variants


def draw_network(
    workspace: Workspace, *, resamples: int = 200, shuffles: int = 200, seed: int = 1, tell: Callable[[int, int], None] = lambda done, of: None
) -> Network:
    """All edges that some adoption may have come through, the strongest first."""
    studied = study(workspace)
    parents, found = studied.parents, studied.found
    panel = studied.assembled.panel
    cohort = trust.choose_cohorts(studied.assembled.places)
    judged = trust.judge(panel, TEXT, parents, found, cohort, resamples=resamples, shuffles=shuffles, seed=seed, tell=tell)
    backed = {(source, place) for (_, place), sources in studied.assembled.grounds.items() for source in sources}
    places = studied.assembled.places
    expected = found.transmissions[parents.first_edge :]
    edges = [
        Edge(
            source=places[parents.edge_source[at]],
            target=places[parents.edge_target[at]],
            expected=round(float(expected[at]), 4),
            support=round(float(judged.support[at]), 4),
            q=round(float(judged.q[at]), 4),
            shown=bool(judged.shown[at]) and (places[parents.edge_source[at]], places[parents.edge_target[at]]) in backed,
            text_backed=(places[parents.edge_source[at]], places[parents.edge_target[at]]) in backed,
        )
        for at in range(len(expected))
        if expected[at] >= _LEAST_EXPECTED
    ]
    return Network(
        snapshot=studied.snapshot,
        coverage=cover(studied.watched),
        programs=len(studied.assembled.programs),
        edges=tuple(sorted(edges, key=lambda edge: (-edge.expected, edge.source, edge.target))),
        resamples=resamples,
        shuffles=shuffles,
        seed=seed,
    )


def cover(watched: Watched) -> Coverage:
    reports = sum(map(len, watched.present.values()))
    years = watched.last - watched.first + 1
    return Coverage(places=len(watched.present), reports=reports, missing=len(watched.present) * years - reports, from_year=watched.first, to_year=watched.last)


def _rows(studied: Studied, program: str) -> study_file.Rows:
    decided = decide(studied.assembled, studied.parents, studied.found, TEXT)
    adoptions = tuple(row for row in studied.adoptions if row.program == program)
    return adoptions, tuple(attribute(decided, row, studied.assembled) for row in adoptions if row.t_upper is not None)


def _tell(
    program: str, coverage: Coverage, snapshot: str, adoptions: Sequence[Adoption], attributions: Sequence[Attribution], *, candidate: bool
) -> Trace:  # fmt: skip
    claimed = [row for row in adoptions if row.t_upper is not None]
    slots = coverage.reports + coverage.missing
    told = [
        (not claimed, "No report claims it; what is listed plans it, calls for it, denies it or leaves it open."),
        (0 < len(claimed) < _FEW, f"Only {len(claimed)} of these places are seen with it: nothing can be said of how it spread."),
        (coverage.from_year == coverage.to_year, f"All reports are about {coverage.from_year}: nothing can be said of who was first."),
        (coverage.missing > _MUCH_MISSING * slots, f"{coverage.missing} of {slots} reports are missing here: intervals are wide, and sources may be missing."),
        (bool(claimed) and all(row.censored == "left" for row in claimed), "All places had it when this collection begins to watch: no source can be told."),
        (candidate, "The name is in no vocabulary; its adoptions are a candidate's, found by the name alone."),
    ]  # fmt: skip
    return Trace(
        program=program, snapshot=snapshot, coverage=coverage, adoptions=tuple(adoptions), attributions=tuple(attributions), candidate=candidate,
        caveats=tuple(words for holds, words in told if holds),
    )  # fmt: skip


def read_overlooked(workspace: Workspace, wanted: Sequence[str], rows: Sequence[study_file.Rows]) -> tuple[Mention, ...] | None:
    """What reports say of a name that no vocabulary has, where the rules took it for a practice's in less than nine tenths of the reports that write it:
    they know such names by what stands around them only, so the rest has to be read as a candidate's is. None where what they found is enough."""
    if len(wanted) != 1 or is_catalogued(_name(wanted[0])):
        return None
    writing = find_writing(workspace, _name(wanted[0]))
    known = {report_of_fact(fact) for adoptions, _ in rows for row in adoptions for fact in row.facts}
    return read_candidate(workspace, _name(wanted[0]), writing) if 9 * sum(map(is_watched, writing)) > 10 * len(known) else None


def is_catalogued(name: str) -> bool:
    """Whether the vocabulary has a practice, a family of practices or a spelling of one under this name, and not as too general a name."""
    entries = [entry for entry in vocabulary.load("programs") if not entry.get("generic")]
    return any(name == entry["name"] or name == entry.get("family") or name in entry.get("variants", ()) for entry in entries)


def _id(program: str) -> str:
    return program if program.startswith(_PREFIX) else _PREFIX + program


def _name(program: str) -> str:
    return program.removeprefix(_PREFIX)
