"""What the API answers about numbers put in order: the panel, sums, and how to cite an export."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from search_api.models import Answered, Grounded, Name, Paged, Passage, ReportRef


class PanelStatement(Answered):
    """What one report says of a cell."""

    value: float = Field(title="Value", examples=[126])
    unit: str | None = Field(None, title="Unit", examples=["件"])
    approx: str | None = Field(None, title="Approximation", description="more_than, at_least, less_than, about; null: stated as exact.")
    phrase: str | None = Field(None, title="Phrase", description="The report's own words.")
    modality: str = Field(title="Modality", description="done or ongoing: plans are not in a panel.", examples=["done"])
    polarity: str = Field(title="Polarity", examples=["positive"])
    report: ReportRef
    fact: str = Field(title="Fact", description="GET /api/facts/{id}.")
    sentence: Passage | None = Field(None, title="Sentence", description="The evidence, with the number highlighted.")


class PanelCell(Answered):
    """One place, year, indicator and unit."""

    place: str = Field(title="Place", examples=["cn:350524/甲溪镇"])
    name: Name
    path: tuple[str, ...] = Field((), title="Path", description="Names of the places above, from the province down.")
    year: int = Field(title="Year", examples=[2023])
    indicator: str = Field(title="Indicator", examples=["indicator:disputes_mediated"])
    indicator_name: str = Field(title="Name of the indicator", examples=["调解矛盾纠纷数"])
    kind: str = Field(title="Kind", description="count, persons, money, rate, area, time; empty for a report's own words.", examples=["count"])
    state: Literal["stated", "conflict", "no_report", "unreadable", "without_indicator"] = Field(
        title="State", description="conflict: statements differ and nothing is chosen. The last three tell why there is no number; none of them means 0."
    )
    value: float | None = Field(None, title="Value", description="Null where undecided.", examples=[126])
    unit: str | None = Field(None, title="Unit", description="The common name of its kind where reports use several (件 for 起 and 件).", examples=["件"])
    approx: str | None = Field(None, title="Approximation")
    low: float | None = Field(None, title="Low", description="Least value that the wording allows; of a conflict the least stated.")
    high: float | None = Field(None, title="High", description="Greatest; null where nothing bounds it.")
    between: Literal["one_report", "several_reports"] | None = Field(None, title="Between", description="Whose statements differ.")
    statements: tuple[PanelStatement, ...] = Field((), title="Statements", description="All of them, by report.")


class Panel(Grounded, Paged):
    cells: tuple[PanelCell, ...] = Field(title="Cells", description="By place, indicator, year and unit.")


class SumLine(Answered):
    """What the places below one add up to in a year, in one unit. Rates and averages are never added."""

    place: str = Field(title="Place", examples=["cn:350524"])
    name: Name
    level: str = Field(title="Level", examples=["county"])
    year: int = Field(title="Year", examples=[2023])
    indicator: str = Field(title="Indicator")
    indicator_name: str = Field(title="Name of the indicator")
    kind: str = Field(title="Kind", examples=["count"])
    unit: str | None = Field(None, title="Unit", description="Numbers in other units stand in lines of their own.", examples=["件"])
    added: bool = Field(title="Added", description="Whether such numbers make a sum.")
    value: float | None = Field(None, title="Sum", description="Over the places that answered; null for rates and where no number is decided.")
    approx: str | None = Field(None, title="Approximation", description="How the sum is to be read.")
    low: float | None = Field(None, title="Low", description="Least sum that the wordings allow, conflicting places taken in.")
    high: float | None = Field(None, title="High", description="Greatest; null where nothing bounds it.")
    least: float | None = Field(None, title="Least", description="Smallest number of a place.")
    median: float | None = Field(None, title="Median")
    most: float | None = Field(None, title="Most", description="Greatest number of a place.")
    answered: int = Field(title="Answered", description="Places whose number is in it.", examples=[3])
    conflicting: int = Field(title="Conflicting", description="Places that state numbers which differ: left out of the sum.")
    reporting: int = Field(title="Reporting", description="Places with a report of that year: answered out of how many.", examples=[5])
    from_other_years: int = Field(title="From other years", description="Places without one, whose number stands in a report of another year.")
    other_units: int = Field(title="Other units", description="Places that answered only in a unit that can't be added to this one.")
    pooled: float | None = Field(None, title="Pooled rate", description="100 × parts ÷ wholes of the weighted places; null where none states both counts.")
    parts: float | None = Field(None, title="Parts")
    wholes: float | None = Field(None, title="Wholes")
    weighted: int = Field(title="Weighted", description="Places that state both counts in agreement with their rate.")
    weight: str | None = Field(None, title="Weight", description="Which counts: part/whole.", examples=["disputes_resolved/disputes_mediated"])


class Sums(Grounded, Paged):
    sums: tuple[SumLine, ...] = Field(title="Sums", description="By place, indicator, year and unit.")


class Citation(Answered):
    """What goes beside an export, so that it can be cited and made again. Equal snapshot, query and program give equal bytes."""

    title: str
    file: str
    format: Literal["csv", "parquet"]
    snapshot: str
    query: dict[str, Any]
    address: str = Field(title="Address", description="The request that gives the file.")
    command: str = Field(title="Command", description="The command that gives the file.")
    rows: int
    bytes: int
    sha256: str = Field(title="SHA-256", description="Of the file's bytes.")
    columns: tuple[dict[str, str], ...]
    coverage: dict[str, Any]
    licence: str
    notes: tuple[str, ...]
    program: dict[str, str]
