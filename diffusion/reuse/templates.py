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
_SKETCH_GRAM, _SKETCHES, _AGREED = 6, 8, 3
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
    """Whether the sentences themselves, and not only phrases in them, are of many units, of many superiors, or came to most townships of a county at once."""
    begun: dict[int, dict[int, int]] = {}  # first rank by county and unit
    above = set()
    ordered: dict[int, int] = {}  # rank of a county's first order that has it
    for start, _ in members:
        text = int(corpus.text_of[start])
        unit, county, rank = int(corpus.unit_of[text]), int(corpus.county_of[text]), int(corpus.rank_of[text])
        if corpus.superior[text]:
            above.add(unit)
            if corpus.texts[text].order:
                ordered[county] = min(ordered.get(county, rank), rank)
        first = begun.setdefault(county, {})
        if unit not in above:
            first[unit] = min(first.get(unit, 1 << 30), rank)
    firsts = [rank for first in begun.values() for rank in first.values()]
    known = [rank for rank in firsts if rank >= 0]
    # a phrase is everywhere from the start; words that went from place to place began with a few
    from_start = sum(rank <= min(known, default=0) + 2 * options.county_years for rank in firsts)
    if len(begun) >= 3 and (from_start + len(above) >= limits.national or len(above) >= limits.superiors):
        return True
    for county, first in begun.items():
        ranks = [rank for rank in first.values() if rank >= 0]
        if county < 0 or len(ranks) < options.county_units:
            continue
        year0 = min(ranks)
        columns = limits.present[county, year0 - limits.first_rank : year0 - limits.first_rank + 2 * options.county_years + 1]
        begun_at_once = sum(rank <= year0 + 2 * options.county_years for rank in ranks)
        by_order = 0 <= ordered.get(county, -1) <= year0
        least, share = (options.order_units, options.order_share) if by_order else (options.county_units, options.template_share)
        if begun_at_once >= max(least, share * int(columns.max())):
            return True
    return False


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
    """Runs that agree in several of their least hashes, in a fixed order."""
    from diffusion.reuse import kernels

    sketches = kernels.sketch_runs(corpus.codes, runs, _SKETCH_GRAM, _SKETCHES)
    parent = list(range(len(runs)))
    for way in range(_SKETCHES):
        order = np.argsort(sketches[:, way], kind="stable")
        values = sketches[order, way]
        next_to = np.flatnonzero(values[1:] == values[:-1])
        agreed = (sketches[order[next_to]] == sketches[order[next_to + 1]]).sum(axis=1)
        for same in next_to[agreed >= _AGREED]:  # one phrase in common makes one hash agree, the same sentence most
            unite(parent, int(order[same]), int(order[same + 1]))
    found: dict[int, list[int]] = {}
    for member in range(len(runs)):
        found.setdefault(root(parent, member), []).append(member)
    return list(found.values())


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


def pair_up(corpus: Corpus, cluster: Cluster, options: Options) -> list[Pair]:
    """Each occurrence with the first one: a star, for all pairs of a phrase would be millions that say nothing more."""
    from diffusion.reuse import kernels

    first = cluster.runs[0]
    source = corpus.texts[corpus.text_of[first[0]]]
    result = np.zeros(6, dtype=np.int64)
    pairs = []
    for start, end in cluster.runs[1:]:
        target = corpus.texts[corpus.text_of[start]]
        if target.key == source.key:
            continue
        length = max(end - start, first[1] - first[0])
        if (
            not kernels.align(corpus.codes[start:end], 0, end - start, corpus.codes, first[0], first[1], first[0], length + 1, result)
            or result[4] < _SKETCH_GRAM
        ):
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
