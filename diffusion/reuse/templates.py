"""Templates: stretches that many units share, clustered by their words; named by level, with the superior's document where there is one."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from diffusion.ordering import find_order
from diffusion.reuse.corpus import Array, Corpus, Laid, Limits
from diffusion.reuse.model import Options, Pair, Template

_SENTENCE = 6  # characters: what is shorter is no sentence
_COVERED = 0.6  # share of a sentence under shared grams; one edited character uncovers up to 16 of them
_SKETCH_GRAM, _SKETCHES, _AGREED = 6, 8, 2
_LIKE = 0.7  # least share of equal characters, of the longer one, for two sentences to be one
_BAND = 12  # characters by which what agrees may be shifted between them
_RUN_BAND = 24  # by which the runs of a template may be shifted, beside the difference of their lengths
_LOOKED_AT = 30  # sentences that one is compared with, at most
_OPENING = 40  # characters in which words say on whose order they act
_PART = 0.25  # share of a template's usual length below which a stretch is only a phrase of it
_TOGETHER = 0.5  # share of occurrences in which one sentence follows another for both to be of one template


Run = tuple[int, int]


class Scope(NamedTuple):
    """Where words are a template: ``everywhere``, or for the counties (numbers) most of whose reports have them."""

    everywhere: bool
    counties: frozenset[int]


class Cluster(NamedTuple):
    """Runs (start, end) of one template, the earliest or its superior's document first. ``leaders``: the sentences that its others are like."""

    template: Template
    runs: list[Run]
    leaders: list[Run]
    scope: Scope


def find_templates(corpus: Corpus, shared: Array, limits: Limits, options: Options, texts: Any) -> list[Cluster]:
    """Clusters of at least ``county_units`` units; what turns out to be shared by fewer is compared like any text. ``shared`` marks the grams that many use
    (``mark_shared``), ``texts`` gives an original by key."""
    from diffusion.reuse import kernels

    sentences = kernels.find_shared_sentences(shared, corpus.codes, corpus.ends, options.template_gram, _SENTENCE, _COVERED)
    clusters: list[Cluster] = []
    for members, leaders in _chain(corpus, sentences, _cluster(corpus, sentences)):
        scope = _find_scope(corpus, members, limits, options, texts)
        if scope is not None:
            template, runs = describe(corpus, np.array(members, dtype=np.int64), texts)
            clusters.append(Cluster(template, [(start, end) for start, end in runs.tolist()], leaders, scope))
    clusters.sort(key=lambda cluster: cluster.template.id)
    return clusters


def _find_scope(corpus: Corpus, members: list[Run], limits: Limits, options: Options, texts: Any) -> Scope | None:
    """Whether the sentences themselves, and not only phrases in them, are of many units from the start, of many superiors, or of most reports of a county."""
    above = set()
    uses: dict[int, set[tuple[int, int]]] = {}  # (rank, unit) by county
    ordered: dict[int, int] = {}  # rank of a county's first order that has it
    runs: dict[int, list[Run]] = {}  # by county
    for start, end in members:
        text = int(corpus.text_of[start])
        unit, county = int(corpus.unit_of[text]), int(corpus.county_of[text])
        if corpus.superior[text]:
            above.add(unit)
            uses.setdefault(county, set())
            if corpus.texts[text].order:
                rank = int(corpus.rank_of[text])
                ordered[county] = min(ordered.get(county, rank), rank)
        else:
            uses.setdefault(county, set()).add((int(corpus.rank_of[text]), unit))
            runs.setdefault(county, []).append((start, end))
    if _is_national(uses, len(above), limits, options):
        return Scope(True, frozenset())
    counties = _find_counties(corpus, uses, runs, ordered, limits, options, texts)
    return Scope(False, counties) if counties else None


def _is_national(uses: dict[int, set[tuple[int, int]]], above: int, limits: Limits, options: Options) -> bool:
    if len(uses) < 3:
        return False
    if above >= limits.superiors:
        return True
    units = {unit for used in uses.values() for _, unit in used}
    if len(units) + above >= limits.everybody or _is_scattered(uses, limits, options):
        return True
    years: dict[int, set[int]] = {}  # counties that have it
    begun: dict[int, int] = {}
    for county, used in uses.items():
        for rank, unit in used:
            if rank >= 0:
                years.setdefault(rank // 2, set()).add(county)
                begun[unit] = min(begun.get(unit, rank), rank)
    if not years:
        return len(units) + above >= limits.national
    first = min(years)
    from_start = sum(rank // 2 <= first + 1 for rank in begun.values()) + len(units) - len(begun) + above
    return from_start >= limits.national and len(years[first]) >= max(2, options.steady * max(map(len, years.values())))


def _is_scattered(uses: dict[int, set[tuple[int, int]]], limits: Limits, options: Options) -> bool:
    """Whether words stand in one county, and late, no more often than chance has it: they went from nobody to nobody, however few of all write them."""
    from diffusion.reuse import kernels

    units = {county: len({unit for _, unit in used}) for county, used in uses.items()}
    whole, inside = sum(units.values()), sum(count * (count - 1) / 2 for county, count in units.items() if county >= 0)
    if whole < limits.national or not kernels.is_scattered(whole, inside, limits.together, options.scattered):
        return False
    ranks = [rank for used in uses.values() for rank, _ in used if rank >= 0]
    present = limits.present.sum(axis=0)
    if not ranks or not present.any():
        return True
    there = limits.first_rank + np.arange(len(present))
    usual = float(np.average(there, weights=present))
    spread = math.sqrt(float(np.average((there - usual) ** 2, weights=present)) / len(ranks))
    return sum(ranks) / len(ranks) - usual <= options.grown * spread


def _find_counties(
    corpus: Corpus,
    uses: Mapping[int, set[tuple[int, int]]],
    runs: Mapping[int, list[Run]],
    ordered: Mapping[int, int],
    limits: Limits,
    options: Options,
    texts: Any,
) -> frozenset[int]:
    """Counties most of whose reports have it in the years in which there is any, or most of whose townships have it at hand; none where there are many
    elsewhere."""
    inside = outside = 0
    counties = set()
    whole = _PART * float(np.median([end - start for some in runs.values() for start, end in some] or [0]))
    for county, used in uses.items():
        known = {(rank, unit) for rank, unit in used if rank >= 0}
        units = len({unit for _, unit in used})
        if county >= 0 and len({unit for _, unit in known}) >= options.county_units:
            there = sum(int(limits.present[county, rank - limits.first_rank]) for rank in {rank for rank, _ in known})
            taken_over = 0 <= ordered.get(county, -1) <= min(known)[0]
            share = options.order_share if taken_over else options.county_share
            if len(known) >= share * there or (not taken_over and _is_at_hand(corpus, known, runs[county], limits, options, texts)):
                inside += units
                counties.add(county)
                continue
        outside += len({int(corpus.unit_of[corpus.text_of[start]]) for start, end in runs.get(county, ()) if end - start >= whole})
    return frozenset(counties) if outside <= options.elsewhere * inside else frozenset()


def _is_at_hand(corpus: Corpus, known: set[tuple[int, int]], runs: list[Run], limits: Limits, options: Options, texts: Any) -> bool:
    """Whether most townships of a county have words at some time, and use them as often as what is at hand for all, for whoever copies begins one after
    another; or whether most of these have them word for word, for what goes from clerk to clerk changes on its way. Of words that say themselves that somebody
    above wants them so a few townships are enough."""
    units = len({unit for _, unit in known})
    county = int(corpus.county_of[corpus.text_of[runs[0][0]]])
    if _is_ordered(corpus, runs[0], texts) and _count_verbatim(corpus, runs, options) >= options.county_units:
        return True
    if units < max(options.county_some, options.county_towns * limits.towns[county]):
        return False
    first, last = min(known)[0], max(known)[0]
    there = int(limits.present[county, first - limits.first_rank : last - limits.first_rank + 1].sum())
    return len(known) >= options.county_rate * there or _count_verbatim(corpus, runs, options) >= max(options.verbatim_some, options.verbatim * units)


def _is_ordered(corpus: Corpus, run: Run, texts: Any) -> bool:
    """Whether words begin by saying that somebody above wants it so: 按照安溪县统一要求，…"""
    start, end = corpus.original(*run)
    opening = texts(corpus.texts[corpus.text_of[run[0]]].key)[start : min(end, start + _OPENING)].replace("\n", "").replace("\r", "")
    return find_order(opening, len(opening), 0) is not None


def _count_verbatim(corpus: Corpus, runs: list[Run], options: Options) -> int:
    """The most townships that have ``verbatim_run`` characters of these runs in common without any change."""
    from diffusion.reuse import kernels

    users: dict[int, set[int]] = {}
    for start, end in runs:
        unit = int(corpus.unit_of[corpus.text_of[start]])
        for words in set(kernels.hash_grams(corpus.codes[start:end], options.verbatim_run).tolist()) - {0}:
            users.setdefault(words, set()).add(unit)
    return max(map(len, users.values()), default=0)


def _chain(corpus: Corpus, sentences: npt.NDArray[np.int64], grouped: list[tuple[list[int], int]]) -> list[tuple[list[Run], list[Run]]]:
    """Sentences that mostly follow each other are one template: (its runs, which are their stretches as they stand together; the leaders of its clusters)."""
    cluster_of = np.zeros(len(sentences), dtype=np.int64)
    clusters = [members for members, _ in grouped]
    for number, members in enumerate(clusters):
        cluster_of[members] = number
    follows: Counter[tuple[int, int]] = Counter()
    for one in range(len(sentences) - 1):
        if _adjoin(corpus, sentences, one):
            follows[int(cluster_of[one]), int(cluster_of[one + 1])] += 1
    joined = {pair for pair, count in follows.items() if pair[0] != pair[1] and count >= _TOGETHER * max(len(clusters[pair[0]]), len(clusters[pair[1]]))}
    parent = list(range(len(clusters)))
    for one, other in sorted(joined):
        unite(parent, one, other)
    found: dict[int, list[tuple[int, int]]] = {}
    at = 0
    while at < len(sentences):
        last = at
        while last + 1 < len(sentences) and (int(cluster_of[last]), int(cluster_of[last + 1])) in joined and _adjoin(corpus, sentences, last):
            last += 1
        found.setdefault(root(parent, int(cluster_of[at])), []).append((int(sentences[at, 0]), int(sentences[last, 1])))
        at = last + 1
    leaders: dict[int, list[Run]] = {}
    for number, (_, leader) in enumerate(grouped):
        leaders.setdefault(root(parent, number), []).append((int(sentences[leader, 0]), int(sentences[leader, 1])))
    return [(runs, leaders[number]) for number, runs in found.items()]


def _adjoin(corpus: Corpus, sentences: npt.NDArray[np.int64], one: int) -> bool:
    between = int(sentences[one + 1, 0]) - int(sentences[one, 1])
    return between <= _SENTENCE and corpus.text_of[sentences[one, 0]] == corpus.text_of[sentences[one + 1, 0]]


def root(parent: list[int], member: int) -> int:
    while parent[member] != member:
        parent[member] = parent[parent[member]]
        member = parent[member]
    return member


def unite(parent: list[int], one: int, other: int) -> None:
    one, other = root(parent, one), root(parent, other)
    parent[max(one, other)] = min(one, other)


def _cluster(corpus: Corpus, runs: npt.NDArray[np.int64]) -> list[tuple[list[int], int]]:
    """(members, leader) of runs of the same words, each like its leader: a chain of likenesses would join all that is written in one manner.

    The commonest wording comes first, so that edited ones gather around what they were edited from.
    """
    from diffusion.reuse import kernels

    if not len(runs):
        return []
    sketches = kernels.sketch_runs(corpus.codes, runs, _SKETCH_GRAM, _SKETCHES)
    _, exact, counts = np.unique(sketches, axis=0, return_inverse=True, return_counts=True)
    order = np.lexsort((np.arange(len(runs)), -counts[exact.reshape(-1)]))
    leaders = kernels.gather_runs(corpus.codes, runs, sketches, order, 0, _AGREED, _LIKE, _BAND, _LOOKED_AT)
    found: dict[int, list[int]] = {}
    for member, leader in enumerate(leaders.tolist()):
        found.setdefault(leader, []).append(member)
    return sorted((members, leader) for leader, members in found.items())


def find_known(
    codes: Array, leaders: npt.NDArray[np.int64], scopes: Sequence[Scope], laid: Sequence[Laid], counties: Mapping[str, int]
) -> list[list[tuple[int, int, int]]]:  # fmt: skip
    """Runs (start, end, number of the template) in each of some texts that were not there when the templates were found.

    ``leaders``: (start, end, number of the template) of the sentences that a template's others are like, in ``codes``; ``counties``: number of each.
    """
    from diffusion.reuse import kernels

    pieces = [codes[start:end] for start, end, _ in leaders.tolist()]
    sizes = [len(piece) for piece in pieces]
    rows = [np.array([[at - size, at] for at, size in zip(np.cumsum(sizes).tolist(), sizes, strict=True)], dtype=np.int64).reshape(-1, 2)]
    ahead = sum(sizes)
    for one in laid:
        sentences = kernels.find_shared_sentences(np.ones(len(one.codes), dtype=np.uint8), one.codes, one.ends, 1, _SENTENCE, _COVERED)
        rows.append(sentences + ahead)
        pieces.append(one.codes)
        ahead += len(one.codes)
    whole = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint16)
    runs = np.concatenate(rows)
    sketches = kernels.sketch_runs(whole, runs, _SKETCH_GRAM, _SKETCHES)
    belongs = kernels.gather_runs(whole, runs, sketches, np.arange(len(runs)), len(leaders), _AGREED, _LIKE, _BAND, _LOOKED_AT)
    found = []
    at, before = len(leaders), sum(sizes)
    for one, sentences in zip(laid, rows[1:], strict=True):
        county = counties.get(one.about.county, -1)
        here: list[tuple[int, int, int]] = []
        for start, end, leader in zip((sentences[:, 0] - before).tolist(), (sentences[:, 1] - before).tolist(), belongs[at : at + len(sentences)], strict=True):
            if leader >= len(leaders):
                continue
            number = int(leaders[leader, 2])
            if not scopes[number].everywhere and county not in scopes[number].counties:
                continue
            if here and here[-1][2] == number and start - here[-1][1] <= _SENTENCE:
                here[-1] = (here[-1][0], end, number)
            else:
                here.append((start, end, number))
        found.append(here)
        at += len(sentences)
        before += len(one.codes)
    return found


def describe(corpus: Corpus, runs: Array, texts: Any) -> tuple[Template, Array]:
    """The template that stands at these places (rows of start, end), and they with the first one first. ``texts`` gives an original by key."""
    runs = runs[np.argsort(runs[:, 0])]
    numbers = corpus.text_of[runs[:, 0]]
    ranks = corpus.rank_of[numbers]
    by_time = np.argsort(np.where(ranks < 0, 1 << 30, ranks), kind="stable")
    earliest = int(ranks[ranks >= 0].min(initial=1 << 30))
    earliest = -1 if earliest == 1 << 30 else earliest
    above = next((at for at in by_time.tolist() if corpus.superior[numbers[at]] and corpus.texts[numbers[at]].order), None)
    if above is not None and ranks[above] > earliest:
        above = None
    if above is not None:
        by_time = np.concatenate([[above], by_time[by_time != above]])
    runs, numbers = runs[by_time], numbers[by_time]
    first = corpus.texts[numbers[0]]
    county_numbers, where = np.unique(corpus.county_of[numbers], return_index=True)
    counties = [corpus.texts[numbers[at]].county for county, at in zip(county_numbers.tolist(), where.tolist(), strict=True) if county >= 0]
    start, end = corpus.original(*runs[0].tolist())
    digest = hashlib.sha256(f"{first.key}\0{start}\0{end}".encode()).hexdigest()[:12]
    template = Template(
        id=f"template:{digest}",
        level="county" if len(counties) == 1 else "national",
        county=counties[0] if len(counties) == 1 else None,
        units=len(np.unique(corpus.unit_of[numbers])),
        reports=len(np.unique(numbers)),
        source=first.key if above is not None else None,
        first_year=earliest // 2 if earliest >= 0 else None,
        text=texts(first.key)[start:end],
        example=first.key,
    )
    return template, runs


def _align_runs(corpus: Corpus, start: int, end: int, first: Run, result: npt.NDArray[np.int64]) -> bool:
    """Places in ``result`` count within the runs. As they lie, where that agrees mostly; otherwise shifted as far as their lengths allow, for a run may hold
    less of the template than the first."""
    from diffusion.reuse import kernels

    longer, shorter = max(end - start, first[1] - first[0]), min(end - start, first[1] - first[0])
    run, whole = corpus.codes[start:end], corpus.codes[first[0] : first[1]]
    narrow = _RUN_BAND + longer - shorter
    if kernels.align(run, 0, len(run), whole, 0, len(whole), 0, narrow, result) and result[4] >= 0.8 * shorter:
        return True
    return bool(kernels.align(run, 0, len(run), whole, 0, len(whole), 0, longer + 1, result))


def pair_up(corpus: Corpus, template: Template, first: Run, others: Iterable[Run]) -> list[Pair]:
    """Each other occurrence with the first one: a star, for all pairs of a phrase would be millions that say nothing more."""
    source = corpus.texts[corpus.text_of[first[0]]]
    result = np.zeros(6, dtype=np.int64)
    pairs = []
    for start, end in others:
        target = corpus.texts[corpus.text_of[start]]
        if target.key == source.key:
            continue
        if not _align_runs(corpus, start, end, first, result) or result[4] < _SKETCH_GRAM:
            continue
        a_start, a_end = corpus.original(first[0] + int(result[2]), first[0] + int(result[3]))
        b_start, b_end = corpus.original(start + int(result[0]), start + int(result[1]))
        earlier = 0 <= source.rank < target.rank
        reason = "" if not earlier else "superior document" if template.source else "covered year"
        pairs.append(
            Pair(
                a=source.key, a_start=a_start, a_end=a_end, b=target.key, b_start=b_start, b_end=b_end, aligned=int(result[4]),
                identity=round(int(result[4]) / int(result[5]), 3), kind="template", direction="a->b" if earlier else "none", evidence=reason,
                best=template.source is not None and earlier, agreed=int(result[4]), template=template.id,
                boilerplate=1.0 if template.level == "national" else 0.9,
            )
        )  # fmt: skip
    return pairs
