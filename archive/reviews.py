"""What people decide about facts and nodes, as the archive keeps it. Plain data: what a decision does stands in ``archive.applying``."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ingest.model import Analysis, FactType, Node

Action = Literal["accept", "reject", "link", "merge", "split", "rename"]
End = Literal["subject", "object"]
State = Literal["applies", "lost", "undone"]

ON_FACTS: tuple[Action, ...] = ("accept", "reject", "link")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for. ``accept``, ``reject``: fact. ``link``: fact, target, and end for a relation. ``merge``: node, target.

    ``split``: node, reports (keys or report ids), target or name. ``rename``: node, name.
    """

    action: Action
    user: str
    note: str = ""
    fact: str | None = None
    node: str | None = None
    target: str | None = None
    reports: tuple[str, ...] = ()
    name: str | None = None
    end: End | None = None


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact stood when somebody decided on it, and what it said: enough to find it again in another version of the text or of the rules.

    ``before`` and ``after`` are the characters around it, without blanks. ``says`` is what an acceptance vouches for.
    """

    type: FactType
    relation: str | None
    start: int
    end: int
    surface: str
    before: str
    after: str
    fact: str  # its id then
    name: str | None = None
    subject: str | None = None
    object: str | None = None
    says: dict[str, Any] = {}


class Part(msgspec.Struct, frozen=True):
    """A report that a split is about."""

    report: str
    key: str


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. On a fact: ``report``, ``key`` and ``anchor`` are there. On a node: ``node`` is.

    ``nodes`` describes the target: it, then the places above it, as they were known when it was decided.
    """

    id: int
    action: Action
    user: str
    created: str  # ISO time
    note: str = ""
    report: str | None = None
    key: str | None = None
    anchor: Anchor | None = None
    node: str | None = None
    target: str | None = None
    name: str | None = None
    end: End | None = None
    reports: tuple[Part, ...] = ()
    nodes: tuple[Node, ...] = ()
    undone: str | None = None  # ISO time
    undone_by: str | None = None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a review in one report: the fact that it applies to (None for nodes), or the reason why it does not apply."""

    review: int
    applied: bool
    fact: str | None = None
    reason: str = ""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis as people have decided it. ``effects`` has one entry for each review that is about this report, in the order of the reviews."""

    analysis: Analysis
    effects: tuple[Effect, ...] = ()

    @property
    def unapplied(self) -> tuple[Effect, ...]:
        return tuple(effect for effect in self.effects if not effect.applied)


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """Where a review does not apply now. ``report`` and ``key`` are None for a node that no report speaks of."""

    reason: str
    report: str | None = None
    key: str | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A review and how it stands: in how many reports it applies, to which fact now, and where it does not apply any more."""

    review: Review
    state: State
    reports: int = 0
    fact: str | None = None
    lost: tuple[Lost, ...] = ()
