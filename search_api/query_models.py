"""What ``POST /api/query`` answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from search_api.models import Answered, FactRefs, Grounded, ModalityField, Name, Paged, Passage, ReportRef, Year


class QueryStatement(Answered):
    """One report's statement that a condition rests on."""

    report: ReportRef
    title: str | None = Field(None, title="Title of the report", examples=["参内镇2023年法治政府建设情况报告"])
    year: int | None = Field(None, title="Year", description="The year that the statement is about; of a text condition the one that the report covers.")
    modality: ModalityField = None
    source: str | None = Field(None, title="Source", description="Graph id of the place or body that the statement is about.", examples=["cn:350524/参内镇"])
    source_name: str | None = Field(None, title="Name of the source", examples=["参内镇"])
    id: str | None = Field(None, title="Id", description="Graph id of what is taken up, there, cited or counted.", examples=["room:cn:350524/参内镇/民情茶室"])
    name: str | None = Field(None, title="Name", examples=["民情茶室"])
    value: float | None = Field(None, title="Value", description="Of a measure, in base units; money in 万元.", examples=[126])
    unit: str | None = Field(None, title="Unit", examples=["件"])
    approx: str | None = Field(None, title="Approximation", description="more_than, at_least, less_than, about; null: stated as exact.")
    certain: bool = Field(True, title="Certain", description="false: the approximation leaves open whether the number lies within the bounds.")
    facts: FactRefs = ()
    passages: tuple[Passage, ...] = Field((), title="Passages", description="The sentences, with their offsets in the report's original text.")


class QueryFinding(Answered):
    """How one condition stands in a row."""

    condition: str = Field(title="Condition", description="Its path in the question.", examples=["where[1].any[0]"])
    kind: str = Field(title="Kind", description="text, took_up, has, measure, cites or place.", examples=["took_up"])
    says: Literal["stated", "unstated", "unknown"] = Field(
        title="Says",
        description=(
            "stated. unstated: there are reports of those years, and none says so, which is silence, not absence. "
            "unknown: no report of those years is here, or only an approximation that leaves it open."
        ),
    )
    total: int = Field(title="Total", description="Statements there are; of a text condition reports.", examples=[3])
    statements: tuple[QueryStatement, ...] = Field((), title="Statements", description="The earliest of them.")


class QueryReport(Answered):
    """A report that was looked at."""

    report: ReportRef
    year: Year = None


class QueryRow(Answered):
    """A place, or a report with its place, that meets the question."""

    place: str | None = Field(None, title="Place", examples=["cn:350524/参内镇"])
    name: str | None = Field(None, title="Name", examples=["参内镇"])
    path: tuple[str, ...] = Field((), title="Path", description="Names from the province down.", examples=[["福建省", "泉州市", "安溪县", "参内镇"]])
    report: str | None = Field(None, title="Report", description="Where reports are found: its id.", examples=["4be19c2b7a0d95e1"])
    title: str | None = Field(None, title="Title of the report")
    year: int | None = Field(None, title="Year of the report", examples=[2023])
    reports: tuple[QueryReport, ...] = Field(
        (), title="Reports", description="Reports of the place and of what lies below it, within the question's years: what was looked at. At most 50."
    )
    reports_total: int = Field(0, title="Number of reports", examples=[4])
    findings: tuple[QueryFinding, ...] = Field((), title="Findings", description="Each condition with its evidence, in the order of the question.")


class QueryUndecided(Answered):
    """A place for which reports are missing, or a number is only approximate: it may meet the question or not."""

    place: str = Field(title="Place", examples=["cn:350524/参内镇"])
    name: Name
    years: tuple[int, ...] = Field(title="Years", description="Years that there are reports of here.", examples=[[2022, 2023]])


class QueryStep(Answered):
    """One step of how it was worked out."""

    condition: str = Field(title="Condition", examples=["where[1]"])
    kind: str = Field(title="Kind", examples=["took_up"])
    way: Literal["all", "candidates", "ids", "evidence"] = Field(
        title="Way",
        description="all: every statement was looked at; candidates: only those of the candidates; ids: decided by ids; evidence: of the page's rows.",
    )
    estimate: int | None = Field(None, title="Estimate", description="Statements that there are of it, whoever makes them.", examples=[412])
    candidates: int = Field(title="Candidates", description="Rows that were still possible before.", examples=[138])
    found: int = Field(title="Found", description="Of these: met it. Of the step evidence: statements shown.", examples=[97])
    unknown: int = Field(0, title="Unknown", description="Of these: undecided.", examples=[2])
    milliseconds: float = Field(title="Milliseconds", examples=[4.2])


class QueryAnswer(Grounded, Paged):
    """Which places or reports meet the question, each with the sentences for every condition."""

    find: Literal["places", "reports"] = Field(title="Find")
    level: str | None = Field(None, title="Level", examples=["township"])
    place: str | None = Field(default=None, title="Place", description="Graph id of the place that was asked about.", examples=["cn:3505"])
    rows: tuple[QueryRow, ...] = Field(title="Rows", description="By place id; reports by place id, year and id.")
    total: int = Field(title="Total", description="Rows on all pages.", examples=[17])
    undecided: tuple[QueryUndecided, ...] = Field(
        (),
        title="Undecided",
        description="Places that can't be decided because reports are missing or numbers are approximate; the first 50 by id. They are no “not”.",
    )
    undecided_total: int = Field(0, title="Number of undecided places", examples=[3])
    plan: tuple[QueryStep, ...] = Field((), title="Plan", description="With explain: the steps in the order in which they were taken.")
