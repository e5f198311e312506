"""Conditions decided together, the side with fewer statements first, so that it filters the larger ones.

A condition is met, not met or undecided: undecided where no report of its years is here, or where an approximation leaves it open. AND, OR and NOT reckon with
all three (Kleene), so a missing report never becomes a "not". Which rows come out does not depend on the order in which conditions are looked at.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from fazhi.combining.answers import Step
from fazhi.combining.model import AllGroup, AnyGroup, Condition, NotGroup
from fazhi.combining.probes import MOST_EVER, Probe, Scope, bind

_RATIO = 20  # statements that can be looked through in the time that asking one candidate takes
_LEAST = 500  # statements below which looking at all of them is never the slower way


class Verdict(msgspec.Struct, frozen=True):
    """Rows for which a condition is met, and for which it is undecided; the others have reports that do not say it."""

    met: frozenset[str]
    unknown: frozenset[str]


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    probe: Probe
    estimate: int


class Every(msgspec.Struct, frozen=True, kw_only=True):
    parts: tuple[Plan, ...]
    estimate: int


class Some(msgspec.Struct, frozen=True, kw_only=True):
    parts: tuple[Plan, ...]
    estimate: int


class Never(msgspec.Struct, frozen=True, kw_only=True):
    part: Plan
    estimate: int


Plan = Leaf | Every | Some | Never


def plan(where: Sequence[Condition], scope: Scope) -> Every:
    """Conditions bound to their engines, those with the fewest statements first. Raises Invalid and NotFound, with the path of the condition."""
    return _every([_plan(condition, scope, f"where[{index}]") for index, condition in enumerate(where)])


def _plan(condition: Condition, scope: Scope, path: str) -> Plan:
    match condition:
        case AllGroup(all=parts):
            return _every([_plan(part, scope, f"{path}.all[{index}]") for index, part in enumerate(parts)])
        case AnyGroup(any=parts):
            some = [_plan(part, scope, f"{path}.any[{index}]") for index, part in enumerate(parts)]
            return Some(parts=tuple(some), estimate=sum(part.estimate for part in some))
        case NotGroup():
            part = _plan(condition.negated, scope, f"{path}.not")
            return Never(part=part, estimate=part.estimate)
        case _:
            probe = bind(condition, scope, path)
            return Leaf(path=path, probe=probe, estimate=probe.estimate() or 0)


def _every(parts: Sequence[Plan]) -> Every:
    # what says "not" leaves most of what there is, so it goes last; the sort keeps the order of equal ones
    ordered = sorted(parts, key=lambda part: (isinstance(part, Never), part.estimate))
    return Every(parts=tuple(ordered), estimate=min(part.estimate for part in parts))


def iter_leaves(part: Plan) -> Sequence[Leaf]:
    """The single conditions in the order of the question."""
    match part:
        case Leaf():
            return [part]
        case Never():
            return iter_leaves(part.part)
        case _:
            return sorted((leaf for inner in part.parts for leaf in iter_leaves(inner)), key=lambda leaf: _numbers(leaf.path))


def _numbers(path: str) -> list[tuple[int, str]]:
    return [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in path.replace("]", "").replace("[", ".").split(".")]


class Evaluation:
    """One question's rows. ``steps`` tells what was done, in order."""

    def __init__(self, scope: Scope, domain: frozenset[str]) -> None:
        self._scope = scope
        self._domain = domain
        self.steps: list[Step] = []

    def decide(self, part: Plan) -> Verdict:
        """Which rows of the domain meet it, and which are undecided."""
        return self._decide(part, self._domain)

    def _decide(self, part: Plan, within: frozenset[str]) -> Verdict:
        match part:
            case Leaf():
                return self._look(part, within)
            case Never():
                inner = self._decide(part.part, within)
                return Verdict(within - inner.met - inner.unknown, inner.unknown)
            case Every():
                met, possible = within, within
                for inner_part in part.parts:
                    inner = self._decide(inner_part, possible)
                    met, possible = met & inner.met, inner.met | inner.unknown
                    if not possible:
                        break
                return Verdict(met, possible - met)
            case Some():
                met, unknown, left = frozenset[str](), frozenset[str](), within
                for inner_part in part.parts:
                    inner = self._decide(inner_part, left)
                    met, unknown, left = met | inner.met, unknown | inner.unknown, left - inner.met
                    if not left:
                        break
                return Verdict(met, unknown - met)

    def _look(self, leaf: Leaf, within: frozenset[str]) -> Verdict:
        began = time.perf_counter()
        # what was asked again and again of a few is looked up of all and kept, once that is no more work than all the asking was
        kept = leaf.probe.name is not None and leaf.estimate <= MOST_EVER
        asked = self._scope.kept.ask(leaf.probe.name, len(within)) if kept else len(within)
        few = leaf.estimate > max(_LEAST, _RATIO * asked)
        found = leaf.probe.find(within if few else None)
        met = within & found.stated
        unknown = (within & found.open) - met
        if self._scope.units is not None and leaf.probe.kind != "place":
            first, last = leaf.probe.years
            units = self._scope.units
            unknown |= {id for id in within - met if not units.covers(id, first, last)}
        self.steps.append(
            Step(
                condition=leaf.path,
                kind=leaf.probe.kind,
                way="ids" if leaf.probe.kind == "place" else "candidates" if few else "all",
                estimate=None if leaf.probe.kind == "place" else leaf.estimate,
                candidates=len(within),
                found=len(met),
                unknown=len(unknown),
                milliseconds=_since(began),
            )
        )
        return Verdict(met, unknown)


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
