"""A few reports come, go or are replaced: they are compared with what the last whole comparison kept, and everything else stands.

As in a whole comparison: alignments of each new text with all others in both directions of time, sources that go and come, own earlier text, templates that the
new texts have a part in, how many units use a gram. Only a whole comparison finds new templates (and what is none any more) and what anybody writes, counts
again whose words a place mostly takes, and weighs words anew of which all texts have stayed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from diffusion.reuse.corpus import Array, Corpus, Groups, Laid, group_grams, prepare, put_together
from diffusion.reuse.index import KINDS, Index, Meta, More
from diffusion.reuse.model import Item, Options, Pair, Template
from diffusion.reuse.passages import choose_among_equals, settle
from diffusion.reuse.segments import Segment, View, look_up
from diffusion.reuse.templates import describe, find_known, pair_up

_SEEDS = 2  # least that two texts must have in common: one is shorter than what is worth aligning


class _Part(NamedTuple):
    """What came since the whole comparison. ``fresh``: numbers of the texts that this update brings."""

    segment: Segment
    ends: Array
    runs: Array
    fresh: list[int]


def bring_in(index: Index, gone: Collection[str], items: Sequence[Item], original: Callable[[str], str], snapshot: str) -> Index:
    """The comparison without the texts of the keys ``gone`` and with ``items``, which replace texts of the same keys. Writes it and makes it the one in use.

    ``original`` gives the decoded text of a report that stays, by key.
    """
    lost = {*gone, *(item.key for item in items)}
    again = index.targets_of(sorted(lost & index.view.numbers.keys())) - lost
    told = {item.key: item.text for item in items}

    base = _without(index, lost)
    part = _lay_out(index, base, lost, items)
    view, changed = _count_again(index, base, part)
    numbers = view.numbers
    fresh = {number + len(base.corpus.texts) for number in part.fresh}
    targets = fresh | {numbers[key] for key in again} | _find_targets(view, part, fresh)

    runs = (index.runs[0], part.runs)
    templates, stars = _pair_templates(index, view, runs, lost, fresh, lambda key: told[key] if key in told else original(key))
    pairs = _settle(index, view, targets)
    overriding = _merge(index, view, fresh, pairs, stars)
    kept = {key: lines for key, lines in index.changed_pairs().items() if key in numbers and key not in lost}
    more = More(
        segment=view.segments[1], ends=part.ends, runs=part.runs, gone=np.flatnonzero(base.gone), changed=changed, templates=templates,
        pairs={**kept, **overriding},
    )  # fmt: skip
    return index.put(more, _describe(index, view, lost, overriding, templates, snapshot))


def _without(index: Index, lost: Collection[str]) -> Segment:
    """The part that the whole comparison saw, without what goes, and with its units as they were counted then."""
    base = index.view.segments[0]
    gone = base.gone.copy()
    for number, text in enumerate(base.corpus.texts):
        if text.key in lost:
            gone[number] = 1
    return base._replace(gone=gone, groups=base.groups._replace(units=index.load("units")))


def _lay_out(index: Index, base: Segment, lost: Collection[str], items: Sequence[Item]) -> _Part:
    """What is kept of the part that came since, with the new texts among it."""
    before, ends = index.view.segments[1].corpus, index.load_ends()
    runs_of: dict[str, list[tuple[int, int, int]]] = {}
    laid: list[Laid] = []
    for number, text in enumerate(before.texts):
        if text.key not in lost:
            first, last = int(before.text_start[number]), int(before.text_start[number + 1]) - 1
            laid.append(Laid(text, before.codes[first:last], before.offsets[first:last], ends[first:last]))
            here = index.runs[1][(index.runs[1][:, 0] >= first) & (index.runs[1][:, 0] < last)]
            runs_of[text.key] = [(start - first, end - first, template) for start, end, template in here.tolist()]
    units = {text.unit: int(unit) for text, unit in zip(base.corpus.texts, base.corpus.unit_of, strict=True)}
    counties = {text.county: int(county) for text, county in zip(base.corpus.texts, base.corpus.county_of, strict=True) if text.county}
    new = list(map(prepare, items))
    for one, found in zip(new, find_known(base.corpus.codes, index.load("leaders"), index.scopes(), new, counties), strict=True):
        runs_of[one.about.key] = found
    corpus = put_together([*laid, *new], units, counties)
    runs = [
        (int(corpus.text_start[number]) + start, int(corpus.text_start[number]) + end, template)
        for number, text in enumerate(corpus.texts)
        for start, end, template in runs_of[text.key]
    ]
    covered = np.zeros(len(corpus.codes), dtype=np.uint8)
    for start, end, _ in runs:
        covered[start:end] = 1
    segment = Segment(corpus, _group(corpus, index.meta.options), covered, np.zeros(len(corpus.texts), dtype=np.uint8))
    brought = {item.key for item in items}
    return _Part(
        segment=segment, ends=corpus.ends, runs=np.array(runs, dtype=np.int64).reshape(-1, 3),
        fresh=[number for number, text in enumerate(corpus.texts) if text.key in brought],
    )  # fmt: skip


def _group(corpus: Corpus, options: Options) -> Groups:
    return group_grams(corpus, options)._replace(group_of=np.zeros(0, dtype=np.int32))


def _count_again(index: Index, base: Segment, part: _Part) -> tuple[View, tuple[Array, Array]]:
    """Both parts with the units that use each gram now, and (groups, units) where that differs from the whole comparison."""
    from diffusion.reuse import kernels

    options, more = index.meta.options, part.segment
    old = base.corpus
    lost = [old.codes[int(old.text_start[number]) : int(old.text_start[number + 1]) - 1] for number in np.flatnonzero(base.gone)]
    own = look_up(base.groups, more.groups.heads)  # of the second part's groups
    touched = np.unique(np.concatenate([own, *(look_up(base.groups, kernels.hash_grams(codes, options.gram)) for codes in lost)]))
    touched = touched[touched >= 0].astype(np.int32)
    theirs = look_up(more.groups, base.groups.heads[touched])
    only = np.flatnonzero(own < 0).astype(np.int32)  # grams that the whole comparison had not seen
    counted = kernels.count_units(
        np.concatenate([touched, np.full(len(only), -1, dtype=np.int32)]), base.groups.starts, base.groups.places, old.text_of, old.unit_of, base.gone,
        np.concatenate([theirs, only]), more.groups.starts, more.groups.places, more.corpus.text_of, more.corpus.unit_of,
        1 + max(int(old.unit_of.max(initial=0)), int(more.corpus.unit_of.max(initial=0))),
    )  # fmt: skip
    units = counted[: len(touched)]
    base.groups.units[touched] = units
    more.groups.units[only] = counted[len(touched) :]
    both = np.flatnonzero(own >= 0)
    more.groups.units[both] = base.groups.units[own[both]]
    return View(base, more, options), (touched, units)


def _find_targets(view: View, part: _Part, fresh: set[int]) -> set[int]:
    """Texts that have words of a new one in them, which came before them."""
    from diffusion.reuse import kernels

    maybe: set[int] = set()
    for number in fresh:
        asked = view.take(number)
        for each, segment in enumerate(view.segments):
            corpus, groups = segment.corpus, segment.groups
            if corpus.texts and len(groups.heads):
                seeds = kernels.count_later(
                    asked.groups[each], asked.covered, asked.numbers[each], asked.befores[each], asked.unit, asked.rank, groups.starts, groups.places,
                    groups.units, view.options.common_units, corpus.text_of, corpus.unit_of, corpus.rank_of, segment.covered, segment.gone,
                    view.options.seed_reach + view.options.drift,
                )  # fmt: skip
                before = len(view.segments[0].corpus.texts) if each else 0
                maybe.update((np.flatnonzero(seeds >= _SEEDS) + before).tolist())  # few of which have a passage: that is looked at more cheaply than compared
    others = np.ones(len(view.segments[1].gone), dtype=np.uint8)
    others[part.fresh] = 0
    none = np.zeros((0, 5), dtype=np.int64)
    found = set()
    for number in maybe - fresh:
        asked = view.take(number, parts=(1,))
        candidates = view.find(asked, 1, gone=others)
        if len(candidates) and len(view.align(asked, [none, candidates])):
            found.add(number)
    return found


def _settle(index: Index, view: View, targets: Iterable[int]) -> dict[str, list[Pair]]:
    """Copies and own earlier text of each of these texts."""
    settled, phrases = [], index.phrases()
    for number in sorted(targets):
        asked = view.take(number)
        settled.append((view.corpus.texts[number].key, settle(view.corpus, view.used_by(asked), phrases, number, view.compare(asked), view.options)))
    unit_of = {text.key: text.unit for text in view.corpus.texts}
    surely = index.surely()
    return {key: choose_among_equals([one], unit_of, surely) for key, one in settled}


def _pair_templates(
    index: Index, view: View, runs: tuple[Array, Array], lost: Collection[str], fresh: set[int], original: Callable[[str], str]
) -> tuple[list[Template | None], dict[str, tuple[list[Pair], set[str]]]]:
    """Templates as they are now, and for each text its new places of templates and the ids of templates whose places before count no more."""
    base, more = view.segments
    ahead, texts_ahead = len(base.corpus.codes), len(base.corpus.texts)
    before = index.view.segments
    touched = {int(one) for one in _runs_in(runs[1], more.corpus, {number - texts_ahead for number in fresh})[:, 2]}
    for each, old_runs in enumerate(index.runs):
        corpus = before[each].corpus
        numbers = {number for number, text in enumerate(corpus.texts) if text.key in lost and not before[each].gone[number]}
        touched |= {int(one) for one in _runs_in(old_runs, corpus, numbers)[:, 2]}
    here = runs[0][base.gone[base.corpus.text_of[runs[0][:, 0]]] == 0]
    templates = list(index.numbered)
    stars: dict[str, tuple[list[Pair], set[str]]] = {}
    for number in sorted(touched):
        members = np.concatenate([here[here[:, 2] == number, :2], runs[1][runs[1][:, 2] == number, :2] + ahead])
        old = templates[number]  # None: all its reports had gone, and its words come back
        if not len(members):
            templates[number] = None
            continue
        template, ordered = describe(view.corpus, members, original)
        templates[number] = template
        # another place comes first, or the words are weighed otherwise: all others are paired with the first one again
        whole = old is None or template.id != old.id or template.level != old.level or old.example in lost
        standing = view.corpus.text_of[ordered[:, 0]]
        others = ordered[1:] if whole else ordered[1:][np.isin(standing[1:], sorted(fresh))]
        if whole and old is not None:
            for text in np.unique(standing).tolist():
                stars.setdefault(view.corpus.texts[text].key, ([], set()))[1].add(old.id)
        first, *rest = [(start, end) for start, end in (*ordered[:1].tolist(), *others.tolist())]
        for pair in pair_up(view.corpus, template, first, rest):
            stars.setdefault(pair.b, ([], set()))[0].append(pair)
    return templates, stars


def _runs_in(runs: Array, corpus: Corpus, numbers: Collection[int]) -> Array:
    """Those that stand in these texts."""
    return runs[np.isin(corpus.text_of[runs[:, 0]], sorted(numbers))] if len(runs) else runs


def _merge(
    index: Index, view: View, fresh: set[int], pairs: dict[str, list[Pair]], stars: dict[str, tuple[list[Pair], set[str]]]
) -> dict[str, list[Pair]]:  # fmt: skip
    """All pairs of each text that has others than before."""
    new = {view.corpus.texts[number].key for number in fresh}
    found = {}
    for key in pairs.keys() | stars.keys():
        added, dropped = stars.get(key, ([], set()))
        before = [] if key in new else index.pairs_of(key)
        places = [pair for pair in before if pair.kind == "template" and pair.template not in dropped]
        others = pairs[key] if key in pairs else [pair for pair in before if pair.kind != "template"]
        found[key] = sorted([*places, *added, *others], key=lambda pair: (pair.b_start, pair.b_end, pair.a, pair.a_start))
    return found


def _describe(
    index: Index, view: View, lost: Collection[str], overriding: dict[str, list[Pair]], templates: Sequence[Template | None], snapshot: str
) -> Meta:  # fmt: skip
    base, more = view.segments
    texts = [view.corpus.texts[number] for number in view.numbers.values()]
    counts = dict(index.meta.pairs)
    for key in {*lost, *overriding}:
        for pair in index.pairs_of(key):
            counts[pair.kind] -= 1
    for pairs in overriding.values():
        for pair in pairs:
            counts[pair.kind] += 1
    gone = [text.key for text, is_gone in zip(base.corpus.texts, base.gone, strict=True) if is_gone]
    sizes = (np.diff(base.corpus.text_start) - 1)[base.gone == 0].sum() + (np.diff(more.corpus.text_start) - 1).sum()
    return msgspec.structs.replace(
        index.meta, snapshot=snapshot, reports=len(texts), characters=int(sizes), without_year=sum(text.year is None for text in texts),
        without_place=sum(not text.county for text in texts), pairs={kind: counts.get(kind, 0) for kind in KINDS},
        templates=sum(template is not None for template in templates), brought_in=len(more.corpus.texts), taken_out=len(gone),
        since_whole=len({*gone, *(text.key for text in more.corpus.texts)}),
    )  # fmt: skip
