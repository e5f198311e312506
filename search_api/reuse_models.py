"""What ``POST /api/reuse`` is asked and answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from search_api.models import Answered, Coverage, Grounded, Paged, Year

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


class SharedPassage(Answered):
    """Words that both reports have, with their places in both."""

    start: int = Field(title="Start", description="In the report that was asked about.", examples=[890])
    end: int = Field(title="End", examples=[978])
    text: str = Field(title="Text", description="Exactly these characters of its original.")
    other_start: int = Field(title="Other start", description="In the other report.", examples=[412])
    other_end: int = Field(title="Other end", examples=[501])
    other_text: str = Field(title="Other text", description="Exactly these characters of the other original.")
    aligned: int = Field(title="Aligned", description="Characters that are the same.", examples=[80])
    identity: float = Field(title="Identity", description="Their share of the alignment.", examples=[0.93])
    best: bool = Field(title="Best", description="Of the passage's possible sources here this one agrees most.")
    evidence: str = Field(title="Evidence", description="Why one was there before the other: covered year, superior document; empty where nothing tells.")
    boilerplate: float = Field(title="Boilerplate", description="Probability that the words are anybody's.", examples=[0.06])


class ReportTie(Answered):
    """A report that shares words with the one that was asked about."""

    report: str = Field(title="Report", examples=["4be19c2b7a0d95e1"])
    key: str = Field(title="Key", examples=["福建省/安溪县/参内镇2023.txt"])
    title: str | None = Field(title="Title")
    place: str | None = Field(title="Place", examples=["cn:350524/参内镇"])
    year: Year = None
    side: Literal["earlier", "later", "unknown"] = Field(
        title="Side", description="Whether it was there before the one that was asked about, or after it; unknown where nothing tells."
    )
    kind: Literal["copy", "self"] = Field(title="Kind", description="self: an earlier or later report of the same place.")
    characters: int = Field(title="Characters", description="That are the same, in all passages.", examples=[160])
    passages: tuple[SharedPassage, ...] = Field(title="Passages")
    beside: str = Field(title="Beside", description="Page with both side by side.", examples=["/reports/4be19c2b7a0d95e1/beside/0c2f4e6a8b1d3f57"])


class ReportTies(Grounded, Paged):
    """``snapshot`` is that of the comparison."""

    report: str = Field(title="Report", examples=["4be19c2b7a0d95e1"])
    compared: bool = Field(title="Compared", description="false: this report came or changed since the texts were compared, so nothing can be said of it.")
    current: bool = Field(title="Current", description="false: reports came or went since the texts were compared.")
    since_whole: int = Field(title="Since whole", description="Reports that came, went or were replaced since all were compared with each other.", examples=[0])
    total: int = Field(title="Total", description="Reports that share words with this one.", examples=[3])
    ties: tuple[ReportTie, ...] = ()


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
