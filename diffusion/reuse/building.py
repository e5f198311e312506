"""A collection compared with itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from diffusion.reuse.corpus import Array, Corpus, Groups, Phrases, find_phrases, group_grams, lay_out, limits_of, mark_shared, sort_grams
from diffusion.reuse.model import Item, Options, Pair, Template
from diffusion.reuse.passages import choose_among_equals, count_sure, settle
from diffusion.reuse.templates import Cluster, find_templates, pair_up

Progress = Callable[[str, int, int], None]
_CHUNK = 50  # texts that a thread compares at a time


class Reuse(NamedTuple):
    """``pairs`` in the order of their later text; ``runs`` are (start, end, number of the template) of all templates, by place, and ``covered`` is 1 there.

    ``surely``: how many passages went from one place to another without a doubt.
    """

    corpus: Corpus
    groups: Groups
    phrases: Phrases
    clusters: list[Cluster]
    runs: Array
    covered: Array
    pairs: list[Pair]
    surely: dict[tuple[str, str], int]

    @property
    def templates(self) -> list[Template]:
        return [cluster.template for cluster in self.clusters]


def build(items: Sequence[Item], options: Options | None = None, *, threads: int = 2, report: Progress | None = None) -> Reuse:
    """Compare all items. The order of ``items`` and the number of ``threads`` change nothing in what comes out."""
    options = options or Options()
    tell = report or (lambda what, done, total: None)
    originals = {item.key: item.text for item in items}
    tell("normalise", 0, len(items))
    corpus = lay_out(items)
    tell("templates", 0, len(items))
    limits = limits_of(corpus, options)
    keys = sort_grams(corpus.codes, options.template_gram)
    phrases = find_phrases(corpus, keys, limits, options)
    clusters = find_templates(corpus, mark_shared(corpus, keys, limits, options), limits, options, originals.__getitem__)
    del keys
    tell("index", 0, len(items))
    groups = group_grams(corpus, options)
    runs = _runs_of(clusters)
    covered = np.zeros(len(corpus.codes), dtype=np.uint8)
    for start, end, _ in runs:
        covered[start:end] = 1
    hidden = np.where(covered != 0, np.uint16(0), corpus.codes)
    pairs = [pair for cluster in clusters for pair in pair_up(corpus, cluster.template, cluster.runs[0], cluster.runs[1:])]
    used = np.where(groups.group_of < 0, np.uint16(0), groups.units[groups.group_of]) if len(groups.units) else groups.group_of
    settled = [settle(corpus, used, phrases, text, rows, options) for text, rows in _compare(corpus, groups, hidden, covered, options, threads, tell)]
    unit_of = {text.key: text.unit for text in corpus.texts}
    surely = count_sure(settled, unit_of)
    pairs += choose_among_equals(settled, unit_of, surely)
    pairs.sort(key=lambda pair: (pair.b, pair.b_start, pair.b_end, pair.a, pair.a_start))
    return Reuse(corpus, groups, phrases, clusters, runs, covered, pairs, dict(surely))


def _runs_of(clusters: list[Cluster]) -> Array:
    runs = sorted((start, end, number) for number, cluster in enumerate(clusters) for start, end in cluster.runs)
    return np.array(runs, dtype=np.int64).reshape(-1, 3)


def _compare(
    corpus: Corpus, groups: Groups, hidden: Array, covered: Array, options: Options, threads: int, tell: Progress
) -> Iterator[tuple[int, list[Array]]]:
    """(target text, its alignments) in the order of texts."""
    from diffusion.reuse import kernels

    total = len(corpus.texts)

    def compare(begin: int) -> Array:
        return kernels.compare_texts(  # type: ignore[no-any-return]
            begin, min(total, begin + _CHUNK), corpus.codes, hidden, groups.group_of, options.gram, groups.starts, groups.places, groups.units,
            options.common_units, corpus.text_start, corpus.text_of, corpus.unit_of, corpus.rank_of, covered, options.seed_reach, options.drift,
            options.least_covered, options.margin, options.band, options.least_aligned, options.least_identity,
        )  # fmt: skip

    with ThreadPoolExecutor(max(1, threads)) as pool:
        for begin, found in zip(range(0, total, _CHUNK), pool.map(compare, range(0, total, _CHUNK)), strict=True):
            tell("compare", begin, total)
            cuts = np.flatnonzero(np.diff(found[:, 0])) + 1
            for rows in np.split(found, cuts):
                if len(rows):
                    yield int(rows[0, 0]), list(rows[:, 1:])
    tell("compare", total, total)
