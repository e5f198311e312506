"""Reviews as HTTP takes and shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from archive.reviews import Order, Standing
from search_api.models import Answered, Paged

_User = Annotated[str, Field(title="User", description="Who decides.", examples=["li.hua"], min_length=1, max_length=200)]
_Note = Annotated[str, Field(title="Note", description="Why, for whoever reads the list later.", examples=["见德化县志"], max_length=2000)]
_Fact = Annotated[str, Field(title="Fact", description="A fact's id.", examples=["4be19c2b7a0d95e1-0a1b2c3d4e5f6071"], min_length=1, max_length=100)]
_Node = Annotated[str, Field(title="Node", description="Graph id of the node.", examples=["person:cn:350524/参内镇/张三"], min_length=1, max_length=1000)]
_Target = Annotated[str, Field(title="Target", description="Graph id of the node that is meant.", examples=["cn:350524/参内镇"], min_length=1, max_length=1000)]
_Name = Annotated[str, Field(title="Name", description="What the node is to be called.", examples=["法律八进"], min_length=1, max_length=200)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: _User
    note: _Note = ""

    def to_order(self, signed: str) -> Order:
        """``signed``: who decides, as it is kept."""
        return msgspec.convert({name: value for name, value in self.model_dump().items() if value is not None} | {"user": signed}, Order)


class Acceptance(_Asked):
    """The fact is right as it stands."""

    action: Literal["accept"]
    fact: _Fact


class Refusal(_Asked):
    """The fact is wrong: it goes, with the relations that rest on it."""

    action: Literal["reject"]
    fact: _Fact


class Linking(_Asked):
    """The fact means another node."""

    action: Literal["link"]
    fact: _Fact
    target: _Target
    end: Literal["subject", "object"] | None = Field(None, title="End", description="Of a relation: which end.", examples=["object"])


class Merging(_Asked):
    """Two nodes are the same: what reports say of ``node`` they say of ``target``."""

    action: Literal["merge"]
    node: _Node
    target: _Target


class Splitting(_Asked):
    """Some reports mean another node than this one."""

    action: Literal["split"]
    node: _Node
    reports: tuple[str, ...] = Field(title="Reports", description="Keys or ids of the reports.", examples=[["参内镇2023.txt"]], min_length=1, max_length=1000)
    target: _Target | None = None
    name: _Name | None = None


class Renaming(_Asked):
    """The node gets another name; its id stays."""

    action: Literal["rename"]
    node: _Node
    name: _Name


Asked = Annotated[Acceptance | Refusal | Linking | Merging | Splitting | Renaming, Field(discriminator="action")]


class Lost(Answered):
    """Where a review does not apply now."""

    reason: str = Field(title="Reason", examples=["the text does not say “法律八进” any more"])
    report: str | None = Field(None, title="Report", description="None where it is about all reports.", examples=["4be19c2b7a0d95e1"])
    key: str | None = Field(None, title="Key", examples=["参内镇2023.txt"])


class Review(Answered):
    """A decision of a person, and how it stands now."""

    id: int = Field(title="Number", examples=[1])
    action: str = Field(title="Action", description="accept, reject, link, merge, split or rename.", examples=["accept"])
    state: str = Field(title="State", description="applies; lost (applies nowhere now: see lost); undone.", examples=["applies"])
    user: str = Field(title="User", examples=["li.hua"])
    created: str = Field(title="Created", description="ISO time.")
    note: str = Field("", title="Note")
    report: str | None = Field(None, title="Report", description="Of a decision on a fact.", examples=["4be19c2b7a0d95e1"])
    key: str | None = Field(None, title="Key", examples=["参内镇2023.txt"])
    fact: str | None = Field(None, title="Fact", description="The fact that it applies to now. Ids change with the text; the decision moves along.")
    surface: str | None = Field(None, title="Surface", description="The words that were decided on.", examples=["法律八进"])
    start: int | None = Field(None, title="Start", description="Where they stood then.", examples=[120])
    end: int | None = Field(None, title="End", examples=[124])
    type: str | None = Field(None, title="Type", description="Of the fact.", examples=["program"])
    relation: str | None = Field(None, title="Relation", examples=["ADOPTS"])
    side: str | None = Field(None, title="End of the relation", description="subject or object, of a link.", examples=["object"])
    node: str | None = Field(None, title="Node", examples=["program:法律八进"])
    target: str | None = Field(None, title="Target", examples=["cn:350524/参内镇"])
    name: str | None = Field(None, title="Name", examples=["法律八进"])
    splits: tuple[str, ...] = Field((), title="Reports of a split", description="Their keys.")
    reports: int = Field(0, title="Reports", description="In how many reports it applies.", examples=[1])
    lost: tuple[Lost, ...] = Field((), title="Lost", description="Where it does not apply now, and why.")
    undone: str | None = Field(None, title="Undone", description="ISO time.")
    undone_by: str | None = Field(None, title="Undone by")


class Reviews(Paged):
    reviews: tuple[Review, ...] = Field(title="Reviews", description="Newest first.")
    lost: int = Field(title="Lost", description="Reviews of the whole collection that apply nowhere now.", examples=[0])
    snapshot: str = Field(title="Snapshot", description="Names the state of the collection: it changes with every review.", examples=["9f3a5c0d11e2b764"])


class Reviewed(Answered):
    """A review that was just made or undone; graph and text show it."""

    review: Review
    snapshot: str = Field(title="Snapshot", description="The state of the collection from now on.", examples=["9f3a5c0d11e2b764"])


def show(standing: Standing) -> Review:
    review, anchor = standing.review, standing.review.anchor
    told: dict[str, Any] = {name: getattr(review, name) for name in ("id", "action", "user", "created", "note", "report", "key", "undone", "undone_by")}
    told |= {"node": review.node, "target": review.target, "name": review.name, "side": review.end}
    if anchor is not None:
        told |= {"surface": anchor.surface, "start": anchor.start, "end": anchor.end, "type": anchor.type, "relation": anchor.relation}
    return Review(
        **told,
        state=standing.state,
        fact=standing.fact,
        splits=tuple(part.key for part in review.reports),
        reports=standing.reports,
        lost=tuple(Lost.model_validate(lost) for lost in standing.lost),
    )
