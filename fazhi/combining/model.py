"""A combined question: conditions on text and graph together, in groups of AND, OR and NOT, as ``POST /api/query`` and ``fazhi query`` read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

MOST_CONDITIONS = 50
DEEPEST = 8

Level = Literal["province", "prefecture", "county", "township"]
ModalityName = Literal["done", "ongoing", "planned", "exhorted"]
SectionName = Literal["heading", "results", "problems", "plan", "responsibility", "other"]

_DOING: tuple[ModalityName, ...] = ("done", "ongoing")

FromYear = Annotated[int | None, Field(None, alias="from", title="From year", description="First year, included.", examples=[2020], ge=1949, le=2200)]
ToYear = Annotated[
    int | None, Field(None, alias="to", title="To year", description="Last year, included: before 2022 is to 2021.", examples=[2021], ge=1949, le=2200)
]
Modalities = Annotated[
    list[ModalityName],
    Field(
        default_factory=lambda: list(_DOING),
        title="Modality",
        description="How it has to be said. What is only planned or exhorted counts only where it is asked for: a plan is never a deed.",
        examples=[["done", "ongoing"]],
        min_length=1,
        max_length=4,
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)

    @model_validator(mode="after")
    def _forwards(self) -> Any:
        first, last = getattr(self, "from_year", None), getattr(self, "to_year", None)
        if first is not None and last is not None and first > last:
            raise ValueError(f"the years run backwards, from {first} to {last}")
        return self


class TextCondition(_Strict):
    """A report says these words."""

    text: str = Field(
        title="Text",
        description='Lucene syntax as in GET /api/search: words, "exact phrase", AND OR NOT, brackets, fields.',
        examples=["调解工作室"],
        min_length=1,
        max_length=2000,
    )
    section: tuple[SectionName, ...] = Field((), title="Section", description="The words must stand in sections of these kinds.", examples=[["results"]])
    modality: tuple[ModalityName, ...] = Field(
        (), title="Modality", description="The words must stand in a sentence with a fact of such a modality. Left out: anywhere.", examples=[["done"]]
    )
    from_year: FromYear = None
    to_year: ToYear = None


class TookUpCondition(_Strict):
    """A report says that the place takes up a program."""

    took_up: Name = Field(title="Took up", description="A program's id or name.", examples=["法律明白人"])
    variants: bool = Field(True, title="Variants", description="Programs of its family below it count, too (普法八进 for 法律八进).", examples=[True])
    modality: Modalities
    from_year: FromYear = None
    to_year: ToYear = None


class HasCondition(_Strict):
    """A report says that the place has a legal adviser, a mediation room, a platform, or names one of its bodies."""

    has: Literal["legal_adviser", "mediation_room", "platform", "body"] = Field(title="Has", description="What it has.", examples=["legal_adviser"])
    name: Name | None = Field(None, title="Name", description="A part of its name.", examples=["老支书"])
    kind: Name | None = Field(
        None,
        title="Kind",
        description="Of a body (government, party, justice, police, department …), a room or a platform: its kind as GET /api/entities shows it.",
        examples=["justice"],
    )
    modality: Modalities
    from_year: FromYear = None
    to_year: ToYear = None

    @model_validator(mode="after")
    def _kinds(self) -> HasCondition:
        if self.kind is not None and self.has == "legal_adviser":
            raise ValueError("kind belongs to bodies, rooms and platforms; ask for an adviser by name")
        return self


class MeasureCondition(_Strict):
    """A report states a number of an indicator, within bounds. Without bounds any number will do."""

    measure: Name = Field(
        title="Measure", description="The indicator: its id, its name in the catalogue, or a report's own words.", examples=["调解矛盾纠纷数"]
    )
    at_least: float | None = Field(None, title="At least", description="In base units; money in 万元.", examples=[100], allow_inf_nan=False)
    at_most: float | None = Field(None, title="At most", examples=[500], allow_inf_nan=False, description="In base units.")
    more_than: float | None = Field(None, title="More than", examples=[99], allow_inf_nan=False, description="In base units.")
    less_than: float | None = Field(None, title="Less than", examples=[500], allow_inf_nan=False, description="In base units.")
    equals: float | None = Field(None, title="Equals", examples=[126], allow_inf_nan=False, description="In base units.")
    unit: Name | None = Field(
        None,
        title="Unit",
        description="Only numbers in this unit or one that counts the same (起 is 件). Left out: the catalogue's unit; of a report's own words any.",
        examples=["件"],
    )
    modality: Modalities
    from_year: FromYear = None
    to_year: ToYear = None


class CitesCondition(_Strict):
    """A report cites a document."""

    cites: Name = Field(title="Cites", description="A document's id, or a part of its title.", examples=["中华人民共和国民法典"])
    from_year: FromYear = None
    to_year: ToYear = None


class PlaceCondition(_Strict):
    """The place, or that of the report, is this one or lies below it. It goes by ids alone and is never undecided."""

    place: Name = Field(title="Place", description="A place's graph id, or its name where only one place here has it.", examples=["cn:3505"])


class AllGroup(_Strict):
    """All of these hold."""

    all: list[Condition] = Field(title="All", min_length=1, max_length=MOST_CONDITIONS)


class AnyGroup(_Strict):
    """At least one of these holds."""

    any: list[Condition] = Field(title="Any", min_length=1, max_length=MOST_CONDITIONS)


class NotGroup(_Strict):
    """There are reports, and none of them says so. That is silence, not proof: the rows name the reports that were looked at."""

    negated: Condition = Field(alias="not", title="Not")


KINDS = ("text", "took_up", "has", "measure", "cites", "place", "all", "any", "not")
Leaf = TextCondition | TookUpCondition | HasCondition | MeasureCondition | CitesCondition | PlaceCondition
Group = AllGroup | AnyGroup | NotGroup


def kind_of(condition: Any) -> str | None:
    """The one of KINDS that a condition is of; None where it has none of them, or several."""
    if isinstance(condition, BaseModel):
        names = {("not" if name == "negated" else name) for name in type(condition).model_fields}
    else:
        names = set(condition) if isinstance(condition, dict) else set()
    found = [kind for kind in KINDS if kind in names]
    return found[0] if len(found) == 1 else None


Condition = Annotated[
    Annotated[TextCondition, Tag("text")]
    | Annotated[TookUpCondition, Tag("took_up")]
    | Annotated[HasCondition, Tag("has")]
    | Annotated[MeasureCondition, Tag("measure")]
    | Annotated[CitesCondition, Tag("cites")]
    | Annotated[PlaceCondition, Tag("place")]
    | Annotated[AllGroup, Tag("all")]
    | Annotated[AnyGroup, Tag("any")]
    | Annotated[NotGroup, Tag("not")],
    Discriminator(kind_of, custom_error_type="condition", custom_error_message=f"A condition has exactly one of {', '.join(KINDS)}"),
]

_EXAMPLE: dict[str, Any] = {
    "find": "places",
    "place": "cn:3505",
    "where": [{"text": "调解工作室"}, {"took_up": "法律明白人", "to": 2021}, {"has": "legal_adviser"}, {"not": {"has": "platform"}}],
}


class Question(_Strict):
    """Which places, or which reports, meet all conditions."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    find: Literal["places", "reports"] = Field(
        "places",
        title="Find",
        description=(
            "places: each condition is met by any report that speaks of the place or of what lies below it. "
            "reports: one report meets all conditions itself, of whichever place it speaks."
        ),
        examples=["places"],
    )
    level: Level | None = Field(
        None,
        title="Level",
        description="Level of the places to find (left out: township); where reports are to be found, of the places that report (left out: any).",
        examples=["township"],
    )
    place: Name | None = Field(
        None, title="Place", description="Only at or below this place: its graph id, or its name where only one place here has it.", examples=["泉州市"]
    )
    from_year: FromYear = None
    to_year: ToYear = None
    where: list[Condition] = Field(title="Where", description="Conditions, all of which must hold.", min_length=1, max_length=MOST_CONDITIONS)
    size: int = Field(10, title="Size", description="Most rows on a page. Follow next for all of them.", examples=[10], ge=1, le=100)
    cursor: str | None = Field(None, title="Cursor", description="The value of next in the page before, with the same question.", max_length=4000)
    evidence: int = Field(1, title="Evidence", description="Most statements shown of each condition in a row, earliest first.", examples=[1], ge=0, le=5)
    explain: bool = Field(False, title="Explain", description="Also tell how it was worked out: order, counts and milliseconds of each step.", examples=[True])

    @model_validator(mode="after")
    def _bounded(self) -> Question:
        leaves = 0
        for path, condition in iter_conditions(self.where):
            if path.count(".") > DEEPEST:
                raise ValueError(f"groups may lie {DEEPEST} deep in each other")
            leaves += not isinstance(condition, AllGroup | AnyGroup | NotGroup)
        if leaves > MOST_CONDITIONS:
            raise ValueError(f"a question has at most {MOST_CONDITIONS} conditions")
        return self

    @property
    def rows_level(self) -> str | None:
        """The level of the rows: townships, unless another is asked for; of reports that of the reporting place, or any."""
        return self.level or ("township" if self.find == "places" else None)


def iter_conditions(where: Sequence[Any], base: str = "where") -> Iterator[tuple[str, Any]]:
    """(path, condition) of each condition and group, outer ones first: ``where[1].any[0]``."""
    for index, condition in enumerate(where):
        yield from _iter_condition(condition, f"{base}[{index}]")


def _iter_condition(condition: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, condition
    if isinstance(condition, AllGroup):
        yield from iter_conditions(condition.all, f"{path}.all")
    elif isinstance(condition, AnyGroup):
        yield from iter_conditions(condition.any, f"{path}.any")
    elif isinstance(condition, NotGroup):
        yield from _iter_condition(condition.negated, f"{path}.not")
