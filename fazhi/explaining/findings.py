"""What does not go together in a report, as its page shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fazhi.explaining.words import Texts
from ingest.model import Finding


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side of a finding. ``at`` is its anchor in the text, None where it stands outside of it."""

    role: str
    surface: str
    at: str | None


@dataclass(frozen=True, slots=True)
class ShownFinding:
    severity: str
    label: str
    message: str
    sides: tuple[ShownSide, ...]


def show_findings(t: Texts, findings: Iterable[Finding], anchor: Callable[[int], str]) -> tuple[ShownFinding, ...]:
    """Warnings before notes, each with its evidence; ``anchor`` gives the link for an offset of the text."""
    return tuple(
        ShownFinding(
            severity=finding.severity,
            label=t(f"severity.{finding.severity}"),
            message=finding.message_zh if t.lang == "zh" else finding.message_en,
            sides=tuple(
                ShownSide(t(f"role.{side.role}"), " ".join(side.surface.split()), None if side.start is None else anchor(side.start))
                for side in finding.evidence
            ),
        )
        for finding in sorted(findings, key=lambda finding: finding.severity != "warning")
    )


def starts_of(findings: Iterable[Finding]) -> set[int]:
    """Offsets that the findings' evidence leads to."""
    return {side.start for finding in findings for side in finding.evidence if side.start is not None}
