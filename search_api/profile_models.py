"""What ``GET /api/places/{id}/profile`` and ``GET /api/compare`` answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from search_api.models import Answered, Coverage, Entity, FactRefs, Grounded, ModalityField, Name, Paged, Passage, ReportRef, Year

Stands = Literal["both", "left", "right", "planned", "unknown"]
Kind = Literal["program", "legal_adviser", "mediation_room", "platform", "measure"]


class ProfileKind(StrEnum):
    program = "program"
    legal_adviser = "legal_adviser"
    mediation_room = "mediation_room"
    platform = "platform"
    measure = "measure"


class StandsName(StrEnum):
    both = "both"
    left = "left"
    right = "right"
    planned = "planned"
    unknown = "unknown"


class ProfileReport(Answered):
    report: ReportRef
    title: str | None = Field(default=None, title="Title", examples=["参内镇2023年法治政府建设情况报告"])
    place: str | None = Field(default=None, title="Place", description="The place that reports: the asked one, or one below it.", examples=["cn:350524/参内镇"])
    year: Year = None


class ProfileYear(Answered):
    """A column."""

    year: int = Field(title="Year", examples=[2023])
    state: Literal["present", "missing"] = Field(
        title="State", description="missing: no report of that year is here, which does not say that nothing was done."
    )
    reports: tuple[ProfileReport, ...] = Field(default=(), title="Reports", description="At most 50.")


class ProfileStatement(Answered):
    """One report's statement."""

    report: ReportRef
    title: str | None = Field(default=None, title="Title of the report")
    year: int | None = Field(default=None, title="Year", description="The year that the statement is about.", examples=[2023])
    modality: ModalityField = None
    source: str | None = Field(default=None, title="Source", description="The place or body that it is about: the asked place, or what lies below it.")
    source_name: str | None = Field(default=None, title="Name of the source", examples=["参内镇"])
    value: float | None = Field(default=None, title="Value", description="Of a measure, in base units; money in 万元.", examples=[126])
    unit: str | None = Field(default=None, title="Unit", examples=["件"])
    approx: str | None = Field(default=None, title="Approximation", description="more_than, at_least, less_than, about; null: stated as exact.")
    facts: FactRefs = ()
    passages: tuple[Passage, ...] = Field(default=(), title="Passages", description="The sentences, with their offsets in the report's original text.")


class ProfileCell(Answered):
    """What is said of an item in a year."""

    year: int | None = Field(default=None, title="Year", description="null: all years together.", examples=[2023])
    says: Literal["stated", "planned", "unstated", "unknown"] = Field(
        title="Says",
        description=(
            "stated: done or ongoing. planned: no more than a plan or a wish. unstated: there are reports, none says so, which is silence, not absence. "
            "unknown: no report of that year is here."
        ),
    )
    modality: ModalityField = None
    total: int = Field(default=0, title="Total", description="Statements there are.", examples=[2])
    statements: tuple[ProfileStatement, ...] = Field(default=(), title="Statements", description="The one that says the most, earliest first.")
    value: float | None = Field(default=None, title="Value", description="Of a measure whose statements agree.", examples=[126])
    approx: str | None = Field(default=None, title="Approximation")
    low: float | None = Field(default=None, title="Low", description="Least value that the statements allow.")
    high: float | None = Field(default=None, title="High", description="Greatest value that they allow; null: no end.")
    conflict: bool = Field(default=False, title="Conflict", description="The statements of a measure do not go together: nothing is chosen.")


class ProfileItem(Answered):
    """A program, legal adviser, mediation room, platform or indicator, through the years."""

    kind: Kind = Field(title="Kind", examples=["program"])
    id: str = Field(title="Id", examples=["program:法律八进"])
    name: Name
    unit: str | None = Field(default=None, title="Unit", description="Of a measure.", examples=["件"])
    first_seen: int | None = Field(
        default=None,
        title="First seen",
        description="First year in which a report here says that the place does or has it; not its origin. null: only planned.",
    )
    cells: tuple[ProfileCell, ...] = Field(title="Cells", description="One a year, in the order of years.")


class Profile(Grounded, Paged):
    """A place through the years."""

    entity: Entity
    path: tuple[str, ...] = Field(default=(), title="Path", description="Names from the province down.", examples=[["福建省", "泉州市", "安溪县", "参内镇"]])
    years: tuple[ProfileYear, ...] = Field(
        title="Years", description="From the first to the last year with a report, or as asked; beyond these only years that something is said of."
    )
    undated: tuple[ProfileReport, ...] = Field(default=(), title="Undated", description="Reports whose year the text does not tell.")
    totals: dict[str, int] = Field(title="Totals", description="Items of each kind, on all pages.", examples=[{"program": 14, "measure": 22}])
    items: tuple[ProfileItem, ...] = Field(title="Items", description="By kind, name and id.")


class ComparedSide(Answered):
    """One side of a comparison, with what it rests on."""

    place: str = Field(title="Place", examples=["cn:350524/参内镇"])
    name: Name
    path: tuple[str, ...] = Field(default=(), title="Path", description="Names from the province down.")
    year: int | None = Field(default=None, title="Year", description="null: all years.", examples=[2023])
    reports: tuple[ProfileReport, ...] = Field(default=(), title="Reports", description="Of the place and of what lies below it. At most 50.")
    coverage: Coverage = Field(title="Coverage")


class ComparedItem(Answered):
    """An item on both sides."""

    kind: Kind = Field(title="Kind", examples=["program"])
    id: str = Field(title="Id", examples=["program:法律八进"])
    name: Name
    unit: str | None = Field(default=None, title="Unit", description="Of a measure.", examples=["件"])
    stands: Stands = Field(
        title="Stands",
        description=(
            "both sides say that it is done; left or right: only that side, the reports of the other are silent or only plan it; planned: neither says more; "
            "unknown: the other side has no report."
        ),
    )
    left: ProfileCell
    right: ProfileCell
    difference: float | None = Field(
        default=None, title="Difference", description="Right less left, of a measure that both sides state exactly.", examples=[12]
    )


class Comparison(Grounded, Paged):
    """Two places, or two years of one, side by side."""

    left: ComparedSide
    right: ComparedSide
    totals: dict[str, int] = Field(title="Totals", description="How many items stand how, on all pages.", examples=[{"both": 5, "left": 3, "right": 7}])
    items: tuple[ComparedItem, ...] = Field(title="Items", description="By kind, name and id.")
