"""Reads one sentence with one component, outside the pipeline: shared by the tests of programs, platforms, rooms and events."""

from __future__ import annotations

from collections.abc import Callable

from ingest.draft import Draft, Whereabouts
from ingest.gazetteer import Place
from ingest.model import Frame, Source
from ingest.text import Text, iter_sentences

COUNTY = Place("cn:990101", "石岭县", "county", "cn:9901")
TOWNSHIP = Place("cn:990101/柳河镇", "柳河镇", "township", COUNTY.id)


def read(component: Callable[[Draft], None], *sentences: str, year: int = 2022) -> Draft:
    """A draft of a report from 柳河镇 (石岭县) after one component has read it."""
    text = Text.of("\n".join(sentences))
    draft = Draft(source=Source(key="t", text=text.original), text=text, clean=text.clean, where=Whereabouts(own=TOWNSHIP, township=TOWNSHIP, county=COUNTY))
    draft.frame = Frame(place=TOWNSHIP.id, place_name=TOWNSHIP.name, year=year)
    draft.sentences = iter_sentences(text.clean)
    component(draft)
    return draft


def found(draft: Draft) -> list[str | None]:
    """Canonical names in the order of the text."""
    return [mention.canonical for mention in sorted(draft.mentions, key=lambda mention: (mention.start, mention.end))]


def surfaces(draft: Draft) -> list[str]:
    return [draft.clean[mention.start : mention.end] for mention in sorted(draft.mentions, key=lambda mention: (mention.start, mention.end))]
