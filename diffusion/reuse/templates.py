"""Templates: stretches that many units share, clustered by their words; named by level, with the superior's document where there is one."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from diffusion.reuse.corpus import Corpus, Limits, limits_of, mark_shared
from diffusion.reuse.model import Options, Pair, Template

_SENTENCE = 6  # characters: what is shorter is no sentence
_COVERED = 0.6  # share of a sentence under shared grams; one edited character uncovers up to 16 of them
_SKETCH_GRAM, _SKETCHES, _AGREED = 6, 8, 2
_LIKE = 0.7  # least share of equal characters, of the longer one, for two sentences to be one
_BAND = 12  # characters by which what agrees may be shifted between them
_RUN_BAND = 24  # by which the runs of a template may be shifted, beside the difference of their lengths
_LOOKED_AT = 30  # sentences that one is compared with, at most
_TOGETHER = 0.5  # share of occurrences in which one sentence follows another for both to be of one template


class Cluster(NamedTuple):
    """Runs (start, end) of one template, the earliest or its superior's document first."""

    template: Template
    runs: list[tuple[int, int]]


def find_templates(corpus: Corpus, options: Options, texts: Any) -> list[Cluster]:
    """Clusters of at least ``county_units`` units; what turns out to be shared by fewer is compared like any text. ``texts`` gives an original by key."""
    from diffusion.reuse import kernels

    sentences = kernels.find_shared_sentences(mark_shared(corpus, options), corpus.codes, corpus.ends, options.template_gram, _SENTENCE, _COVERED)
    limits = limits_of(corpus, options)
    clusters: list[Cluster] = []
    for members in _chain(corpus, sentences, _cluster(corpus, sentences)):
        if _is_template(corpus, members, limits, options):
            clusters.append(_describe(corpus, members, len({int(corpus.unit_of[corpus.text_of[start]]) for start, _ in members}), texts))
    clusters.sort(key=lambda cluster: cluster.template.id)
    return clusters


def _is_template(corpus: Corpus, members: list[tuple[int, int]], limits: Limits, options: Options) -> bool:
    """Whether the sentences themselves, and not only phrases in them, are of many units from the start, of many superiors, or of most reports of a county."""
    above = set()
    uses: dict[int, set[tuple[int, int]]] = {}  # (rank, unit) by county
    ordered: dict[int, int] = {}  # rank of a county's first order that has it
    for start, _ in members:
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
    return _is_national(uses, len(above), limits, options) or _is_of_counties(uses, ordered, limits, options)


def _is_national(uses: dict[int, set[tuple[int, int]]], above: int, limits: Limits, options: Options) -> bool:
    if len(uses) < 3:
        return False
    if above >= limits.superiors:
        return True
    units = {unit for used in uses.values() for _, unit in used}
    if len(units) + above >= limits.everybody:
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


def _is_of_counties(uses: dict[int, set[tuple[int, int]]], ordered: dict[int, int], limits: Limits, options: Options) -> bool:
    """Whether in some county most reports have it in the years in which there is any, and few are elsewhere."""
    inside = outside = 0
    for county, used in uses.items():
        known = {(rank, unit) for rank, unit in used if rank >= 0}
        units = len({unit for _, unit in used})
        if county >= 0 and len({unit for _, unit in known}) >= options.county_units:
            there = sum(int(limits.present[county, rank - limits.first_rank]) for rank in {rank for rank, _ in known})
            share = options.order_share if 0 <= ordered.get(county, -1) <= min(known)[0] else options.county_share
            if len(known) >= share * there:
                inside += units
                continue
        outside += units
    return inside > 0 and outside <= options.elsewhere * inside


def _chain(corpus: Corpus, sentences: npt.NDArray[np.int64], clusters: list[list[int]]) -> list[list[tuple[int, int]]]:
    """Sentences that mostly follow each other are one template; its runs are their stretches as they stand together."""
    cluster_of = np.zeros(len(sentences), dtype=np.int64)
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
    return list(found.values())


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


def _cluster(corpus: Corpus, runs: npt.NDArray[np.int64]) -> list[list[int]]:
    """Runs of the same words, each like the one its cluster began with: a chain of likenesses would join all that is written in one manner.

    The commonest wording comes first, so that edited ones gather around what they were edited from.
    """
    from diffusion.reuse import kernels

    if not len(runs):
        return []
    sketches = kernels.sketch_runs(corpus.codes, runs, _SKETCH_GRAM, _SKETCHES)
    _, exact, counts = np.unique(sketches, axis=0, return_inverse=True, return_counts=True)
    order = np.lexsort((np.arange(len(runs)), -counts[exact.reshape(-1)]))
    leaders = kernels.gather_runs(corpus.codes, runs, sketches, order, _AGREED, _LIKE, _BAND, _LOOKED_AT)
    found: dict[int, list[int]] = {}
    for member, leader in enumerate(leaders.tolist()):
        found.setdefault(leader, []).append(member)
    return sorted(found.values())


def _describe(corpus: Corpus, spans: list[tuple[int, int]], units: int, texts: Any) -> Cluster:
    def order(span: tuple[int, int]) -> tuple[bool, int, int]:
        text = corpus.texts[corpus.text_of[span[0]]]
        return (not (text.superior and text.order), text.rank if text.rank >= 0 else 1 << 30, span[0])

    spans = sorted(spans, key=order)
    about = [corpus.texts[corpus.text_of[start]] for start, _ in spans]
    earliest = min((text.rank for text in about if text.rank >= 0), default=-1)
    above = about[0] if about[0].superior and about[0].order and about[0].rank <= earliest else None
    if above is None:
        spans.sort(key=lambda span: order(span)[1:])
        about = [corpus.texts[corpus.text_of[start]] for start, _ in spans]
    counties = sorted({text.county for text in about if text.county})
    start, end = corpus.original(*spans[0])
    words = texts(about[0].key)[start:end]
    digest = hashlib.sha256(f"{about[0].key}\0{start}\0{end}".encode()).hexdigest()[:12]
    template = Template(
        id=f"template:{digest}",
        level="county" if len(counties) == 1 else "national",
        county=counties[0] if len(counties) == 1 else None,
        units=units,
        reports=len({text.key for text in about}),
        source=above.key if above is not None else None,
        first_year=earliest // 2 if earliest >= 0 else None,
        text=words,
        example=about[0].key,
    )
    return Cluster(template, spans)


def _align_runs(corpus: Corpus, start: int, end: int, first: tuple[int, int], result: npt.NDArray[np.int64]) -> bool:
    """As they lie, where that agrees mostly; otherwise shifted as far as their lengths allow, for a run may hold less of the template than the first."""
    from diffusion.reuse import kernels

    longer, shorter = max(end - start, first[1] - first[0]), min(end - start, first[1] - first[0])
    run = corpus.codes[start:end]
    narrow = _RUN_BAND + longer - shorter
    if kernels.align(run, 0, end - start, corpus.codes, first[0], first[1], first[0], narrow, result) and result[4] >= 0.8 * shorter:
        return True
    return bool(kernels.align(run, 0, end - start, corpus.codes, first[0], first[1], first[0], longer + 1, result))


def pair_up(corpus: Corpus, cluster: Cluster, options: Options) -> list[Pair]:
    """Each occurrence with the first one: a star, for all pairs of a phrase would be millions that say nothing more."""
    first = cluster.runs[0]
    source = corpus.texts[corpus.text_of[first[0]]]
    result = np.zeros(6, dtype=np.int64)
    pairs = []
    for start, end in cluster.runs[1:]:
        target = corpus.texts[corpus.text_of[start]]
        if target.key == source.key:
            continue
        if not _align_runs(corpus, start, end, first, result) or result[4] < _SKETCH_GRAM:
            continue
        a_start, a_end = corpus.original(int(result[2]), int(result[3]))
        b_start, b_end = corpus.original(start + int(result[0]), start + int(result[1]))
        earlier = 0 <= source.rank < target.rank
        reason = "" if not earlier else "superior document" if cluster.template.source else "covered year"
        pairs.append(
            Pair(
                a=source.key, a_start=a_start, a_end=a_end, b=target.key, b_start=b_start, b_end=b_end, aligned=int(result[4]),
                identity=round(int(result[4]) / int(result[5]), 3), kind="template", direction="a->b" if earlier else "none", evidence=reason,
                best=cluster.template.source is not None and earlier, template=cluster.template.id,
                boilerplate=1.0 if cluster.template.level == "national" else 0.9,
            )
        )  # fmt: skip
    return pairs
