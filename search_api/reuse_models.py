"""What ``POST /api/reuse`` is asked and answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from search_api.models import Answered, Coverage, Grounded, Year

LONGEST = 200_000  # characters of a text: ten long reports


class ReuseQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(title="Text", description="What to look for; it need not be in the collection.", min_length=1, max_length=LONGEST)
    year: Year = Field(None, title="Year", description="The text's own: its sources are reports on earlier years, and orders of that year.", ge=1949, le=2200)
    every: bool = Field(default=False, title="Every", description="All possible sources of a passage, not only the one that agrees most.")


class ReusePassage(Answered):
    """Words of the asked text that stand in a report as well."""

    start: int = Field(title="Start", description="In the asked text.", examples=[14])
    end: int = Field(title="End", examples=[102])
    report: str | None = Field(title="Report", description="Its id; null where it has gone since the texts were compared.", examples=["4be19c2b7a0d95e1"])
    key: str = Field(title="Key", description="Its source key.", examples=["福建省/安溪县/参内镇2023.txt"])
    place: str | None = Field(title="Place", examples=["cn:350524/参内镇"])
    year: Year = None
    source_start: int = Field(title="Source start", description="In the report's original text.", examples=[890])
    source_end: int = Field(title="Source end", examples=[978])
    source_text: str = Field(title="Source text", description="Exactly these characters of the original.")
    kind: Literal["copy", "template"] = Field(title="Kind", description="template: words of many.")
    template: str | None = Field(None, title="Template", examples=["t12"])
    aligned: int = Field(title="Aligned", description="Characters that are the same.", examples=[80])
    identity: float = Field(title="Identity", description="Their share of the alignment.", examples=[0.93])
    boilerplate: float = Field(title="Boilerplate", description="Probability that the words are anybody's.", examples=[0.06])
    best: bool = Field(title="Best", description="The one of its possible sources that agrees most, which proves nothing about others that are not here.")


class ReuseAnswer(Grounded):
    """``snapshot`` is that of the comparison."""

    current: bool = Field(title="Current", description="false: reports came or went since the texts were compared.")
    since_whole: int = Field(
        title="Since whole",
        description="Reports that came, went or were replaced since all were compared with each other: of these alone new templates are not known.",
        examples=[0],
    )
    passages: tuple[ReusePassage, ...] = ()
    coverage: Coverage
