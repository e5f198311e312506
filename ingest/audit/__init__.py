"""Whether a report agrees with itself: rates with the counts beside them, parts with their sum, one indicator with one value, years with years.

>>> from ingest.audit import audit_report
>>> audit_report(source, analysis)      # doctest: +SKIP

Pure: it reads an analysis and says what does not go together, with the evidence of both sides. No fact is changed; what a report states stays stated.
"""

from __future__ import annotations

from ingest.audit.frame import check_frame
from ingest.audit.rates import check_rates
from ingest.audit.reading import Reading
from ingest.audit.repeats import check_repeats
from ingest.audit.sums import check_sums
from ingest.audit.villages import check_villages
from ingest.model import Analysis, Finding, Source


def audit_report(source: Source, analysis: Analysis) -> tuple[Finding, ...]:
    """Findings by the position of their first evidence; those outside the text come first. ``source.text`` is the text that all offsets count in."""
    reading = Reading(source, analysis)
    findings = check_frame(reading)
    if reading.counts:
        sums = check_sums(reading)
        findings += [*check_rates(reading), *sums.findings, *check_repeats(reading, sums.parts), *check_villages(reading)]
    if len(findings) < 2:
        return tuple(findings)
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, int, str, str]:
    first = finding.evidence[0]
    return (-1 if first.start is None else first.start, first.end or 0, finding.kind, finding.id)
