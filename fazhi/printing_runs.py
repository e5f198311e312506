"""Runs and what changed between two of them, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from archive.model import Run
from fazhi.comparing import FactDiff, ReportDiff

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def describe_run(run: Run) -> str:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in run.counts.items() if count) or "nothing"
    return f"run {run.id}, {run.finished}: {run.kind}, {counts}{'' if run.complete else '; cut off or at work'}"


def print_runs(runs: Iterable[Run]) -> None:
    for run in runs:
        print(describe_run(run))


def print_diff(first: Run, second: Run, reports: Iterable[ReportDiff]) -> None:
    """One paragraph a report, then the sums."""
    print(f"From {describe_run(first)}")
    print(f"to   {describe_run(second)}")
    sums: Counter[str] = Counter()
    for report in reports:
        if not report.differs:
            sums["same"] += 1
            continue
        sums[report.change] += 1
        sums.update(f"{fact.kind}s {fact.change}" for fact in report.facts)
        _print_report(report)
    differing = ", ".join(f"{sums[change]} {change}" for change in _SIGNS)
    said = ", ".join(f"{count} {name}" for name, count in sorted(sums.items()) if " " in name) or "no fact changed"
    print(f"Reports: {differing}; {sums['same']} read again that say the same. In them: {said}.")


def _print_report(report: ReportDiff) -> None:
    reasons = (("new bytes", report.new_bytes), ("new rules or words", report.new_rules), ("other reviews", report.new_reviews))
    why = ", ".join(text for text, holds in reasons if holds)
    print(f"{_SIGNS[report.change]} {report.key}{f' ({why})' if why else ''}{'; deleted since, so what it said is gone' if report.forgotten else ''}")
    if report.change != "changed":
        return
    for field, was in report.frame_before.items():
        print(f"    ~ report {field}: {_show(was)} → {_show(report.frame_after[field])}")
    for fact in report.facts:
        print(f"    {_SIGNS[fact.change]} {fact.kind} {fact.type} {fact.name}{_fields(fact)}")


def _fields(fact: FactDiff) -> str:
    if fact.change != "changed":
        return ""
    return ": " + "; ".join(f"{field} {_show(was)} → {_show(fact.after[field])}" for field, was in fact.before.items())


def _show(value: Any) -> str:
    return value if isinstance(value, str) else "none" if value is None else msgspec.json.encode(value).decode()
