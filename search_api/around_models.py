"""What the API answers about the surroundings of an entity."""

from __future__ import annotations

from pydantic import Field

from search_api.models import Answered, FactRefs, Grounded, Node


class Tie(Answered):
    """All edges of one relation from one node to another."""

    source: str = Field(title="Source", examples=["cn:350524/参内镇"])
    relation: str = Field(title="Relation", examples=["ADOPTS"])
    target: str = Field(title="Target", examples=["program:法律八进"])
    hop: int = Field(title="Hop", description="1: at the entity itself; 2: at what it is tied to.", examples=[1])
    edges: int = Field(title="Edges", description="Statements in the graph.", examples=[3])
    years: tuple[int, ...] = Field(title="Years", examples=[[2022, 2023]])
    modalities: tuple[str, ...] = Field(title="Modalities", description="done, ongoing, planned or exhorted. A plan is never a deed.", examples=[["done"]])
    facts: FactRefs


class Tied(Answered):
    """How many nodes one relation leads to; those that are not shown are the ones that are stated least."""

    relation: str = Field(title="Relation", examples=["ADOPTS"])
    direction: str = Field(title="Direction", description="out: the edges start at the entity asked for.", examples=["out"])
    nodes: int = Field(title="Nodes", examples=[40])
    shown: int = Field(title="Shown", examples=[9])


class Around(Grounded):
    id: str = Field(title="Id", examples=["cn:350524/参内镇"])
    nodes: tuple[Node, ...] = Field(title="Nodes", description="Ends of the ties, the entity first.")
    ties: tuple[Tie, ...] = Field(title="Ties")
    tied: tuple[Tied, ...] = Field(title="Tied", description="What the entity is tied to, by relation and direction.")
    complete: bool = Field(title="Complete", description="Whether all edges of the entity were read; else `tied` counts the first thousand ties.")
