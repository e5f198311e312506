"""Reads sentences as the body of a made-up report, with the components before and of persons: shared by the tests of dates, documents, bodies and persons."""

from __future__ import annotations

from ingest.draft import Draft, Mention
from ingest.model import Source
from ingest.pipeline import sections
from ingest.places import places
from ingest.rules.bodies import bodies
from ingest.rules.dates import dates
from ingest.rules.documents import documents
from ingest.rules.persons import persons
from ingest.text import Text

_HEADING = "关于海阳镇2023年法治政府建设情况的报告\n休宁县人民政府：\n2023年，休宁县海阳镇推进法治政府建设，现报告如下。\n"


def read_report(*sentences: str, heading: str = _HEADING) -> tuple[Draft, int]:
    """The draft after all components up to persons, and where the sentences begin in it. The report is 海阳镇's (安徽省黄山市休宁县) for 2023."""
    text = Text.of(heading + "\n".join(sentences))
    draft = Draft(source=Source(key="t", text=text.original), text=text, clean=text.clean)
    for component in (places, sections, dates, documents, bodies, persons):
        component(draft)
    return draft, text.to_clean(len(heading))


def mentions_of(sentence: str, *types: str, heading: str = _HEADING) -> list[tuple[str, str | None]]:
    """(words, canonical) of the mentions of these types in the sentence, by position."""
    draft, start = read_report(sentence, heading=heading)
    return [(draft.clean[mention.start : mention.end], mention.canonical) for mention in _from(draft, start, types)]


def first(sentence: str, type: str, heading: str = _HEADING) -> Mention:
    draft, start = read_report(sentence, heading=heading)
    return _from(draft, start, (type,))[0]


def _from(draft: Draft, start: int, types: tuple[str, ...]) -> list[Mention]:
    return sorted((mention for mention in draft.mentions if mention.type in types and mention.start >= start), key=lambda mention: (mention.start, mention.end))
