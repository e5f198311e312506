"""What changed in what reports say between the ends of two runs: facts, links and numbers."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from archive.model import Trace

if TYPE_CHECKING:
    from archive.store import Archive
    from ingest.model import Analysis, Fact, Frame

Kind = Literal["fact", "link", "number"]
Change = Literal["added", "removed", "changed"]

_PAGE = 100
_FIELDS: dict[str, Kind] = {
    **dict.fromkeys(("value", "unit", "approx", "polarity"), "number"),
    **dict.fromkeys(("canonical", "node", "subject_node", "object_node", "indicator_id"), "link"),
    **dict.fromkeys(("surface", "section", "modality", "year", "date", "indicator", "relation", "subject", "object", "attrs"), "fact"),
}  # where a fact stands, which rule found it and how sure it is are not what the report says
_FRAME = ("place", "place_name", "level", "status", "candidates", "year", "title", "docnumber", "signed", "coverage_end", "issuers", "addressees")


class FactDiff(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. ``before`` and ``after`` hold the fields that differ, or, where a fact came or went, those that say what it is."""

    kind: Kind
    change: Change
    type: str
    name: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    fact_before: str | None = None  # ids
    fact_after: str | None = None


class ReportDiff(msgspec.Struct, frozen=True, kw_only=True):
    """How one report differs. ``forgotten``: it was deleted later, so what it said at one of the ends is not known any more."""

    report: str
    key: str
    change: Change
    new_bytes: bool = False
    new_rules: bool = False
    new_reviews: bool = False
    forgotten: bool = False
    frame_before: dict[str, Any] = {}
    frame_after: dict[str, Any] = {}
    facts: tuple[FactDiff, ...] = ()

    @property
    def differs(self) -> bool:
        return self.change != "changed" or self.forgotten or bool(self.facts or self.frame_before or self.frame_after)


def compare_runs(archive: Archive, first: int, second: int, *, after: str | None = None) -> Iterator[ReportDiff]:
    """Every report that stood otherwise at the end of ``second`` than at the end of ``first``, by key; ``after`` a key goes on. Raises NotFound.

    Reports that were read again and say the same come too, for whoever counts them: see ``ReportDiff.differs``.
    """
    for run in (first, second):
        archive.run(run)
    touched = [report for key, report in archive.touched(first, second) if after is None or key > after]
    for page in _pages(touched):
        before, now = archive.states(page, first), archive.states(page, second)
        for report in page:
            found = _compare_report(archive, (first, second), _there(before.get(report)), _there(now.get(report)))
            if found is not None:
                yield found


def _pages(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _PAGE):
        yield items[start : start + _PAGE]


def _there(trace: Trace | None) -> Trace | None:
    return None if trace is None or trace.fingerprint is None else trace


def _compare_report(archive: Archive, runs: tuple[int, int], before: Trace | None, now: Trace | None) -> ReportDiff | None:
    if before is None and now is None:
        return None
    if before is not None and now is not None and (before.fingerprint, before.reviewed) == (now.fingerprint, now.reviewed):
        return None
    old = archive.analysis_at(before, runs[0]) if before is not None else None
    new = archive.analysis_at(now, runs[1]) if now is not None else None
    forgotten = (before is not None and old is None) or (now is not None and new is None)
    frame_before, frame_after = _compare_frames(old.frame if old else None, new.frame if new else None) if old and new else ({}, {})
    trace = now or before
    assert trace is not None
    return ReportDiff(
        report=trace.report,
        key=trace.key,
        change="added" if before is None else "removed" if now is None else "changed",
        new_bytes=before is not None and now is not None and before.version != now.version,
        new_reviews=before is not None and now is not None and before.reviewed != now.reviewed,
        new_rules=old is not None and new is not None and (old.pipeline, old.vocabulary) != (new.pipeline, new.vocabulary),
        forgotten=forgotten,
        frame_before=frame_before,
        frame_after=frame_after,
        facts=() if forgotten else tuple(compare_analyses(old, new)),
    )


def compare_analyses(old: Analysis | None, new: Analysis | None) -> Iterator[FactDiff]:
    """Facts that came, went or say something else; one that only moved within the text is the same fact."""
    pairs, gone, come = _pair(old.facts if old else (), new.facts if new else ())
    for former, present in pairs:
        yield from _compare_pair(former, present)
    for fact in gone:
        yield FactDiff(kind=_kind_of(fact), change="removed", type=fact.type, name=_name(fact), before=_tell(fact), fact_before=fact.id)
    for fact in come:
        yield FactDiff(kind=_kind_of(fact), change="added", type=fact.type, name=_name(fact), after=_tell(fact), fact_after=fact.id)


def _pair(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[list[tuple[Fact, Fact]], list[Fact], list[Fact]]:
    """Facts of both sides that are the same one: by id, then by all that they say, then by what they are about; and the rest of either side."""
    keys: tuple[Callable[[Fact], Hashable], ...] = (
        lambda fact: fact.id,
        lambda fact: (*_about(fact), fact.surface, fact.canonical, fact.value),
        _about,
        lambda fact: (fact.type, fact.relation, fact.start, fact.end),
    )
    pairs: list[tuple[Fact, Fact]] = []
    left, right = list(old), list(new)
    for key in keys:
        waiting: defaultdict[Hashable, deque[Fact]] = defaultdict(deque)
        for fact in right:
            waiting[key(fact)].append(fact)
        rest, taken = [], set()
        for fact in left:
            partners = waiting.get(key(fact))
            if partners:
                partner = partners.popleft()
                taken.add(id(partner))
                pairs.append((fact, partner))
            else:
                rest.append(fact)
        left, right = rest, [fact for fact in right if id(fact) not in taken]
    return pairs, left, right


def _about(fact: Fact) -> tuple[Hashable, ...]:
    """What a fact is about, whatever it says of it."""
    if fact.type == "metric":
        return (fact.type, fact.indicator_id or fact.indicator, fact.year, fact.modality)
    if fact.type == "relation":
        return (fact.type, fact.relation, fact.subject, fact.object)
    return (fact.type, fact.surface)


def _compare_pair(former: Fact, present: Fact) -> Iterator[FactDiff]:
    before: defaultdict[Kind, dict[str, Any]] = defaultdict(dict)
    after: defaultdict[Kind, dict[str, Any]] = defaultdict(dict)
    for field, kind in _FIELDS.items():
        was, is_now = getattr(former, field), getattr(present, field)
        if was != is_now and not (field == "surface" and former.type in ("metric", "relation")):
            before[kind][field], after[kind][field] = was, is_now
    for kind in before:
        yield FactDiff(
            kind=kind,
            change="changed",
            type=present.type,
            name=_name(present),
            before=before[kind],
            after=after[kind],
            fact_before=former.id,
            fact_after=present.id,
        )


def _compare_frames(old: Frame | None, new: Frame | None) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = [field for field in _FRAME if getattr(old, field) != getattr(new, field)]
    return ({field: msgspec.to_builtins(getattr(old, field)) for field in changed}, {field: msgspec.to_builtins(getattr(new, field)) for field in changed})


def _kind_of(fact: Fact) -> Kind:
    return "number" if fact.type == "metric" else "link" if fact.type == "relation" else "fact"


def _name(fact: Fact) -> str:
    if fact.type == "relation":
        return f"{fact.subject or '?'} {fact.relation} {fact.object or '?'}"
    return fact.indicator or fact.canonical or fact.surface


def _tell(fact: Fact) -> dict[str, Any]:
    return {field: value for field in _FIELDS if (value := getattr(fact, field)) not in (None, {}, [])}
