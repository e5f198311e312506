"""What is said before the first or behind the last of several practices is said of each. All sentences are made up."""

from __future__ import annotations

import pytest

from ingest.model import Source
from ingest.pipeline import load_pipeline

_HEAD = "安溪县参内镇2022年度法治政府建设情况报告\n一、主要工作\n"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("“法律明白人”、“枫桥经验”等工作我镇均未开展。", {("done", "negative")}),
        ("法律明白人和“枫桥经验”都没有推行。", {("done", "negative")}),
        ("尚未推行“枫桥经验”、“法律明白人”。", {("done", "negative")}),
        ("“法律明白人”、“枫桥经验”均列入2023年度工作计划。", {("planned", "positive")}),
        ("“法律明白人”、“枫桥经验”等工作我镇均已开展。", {("done", "positive")}),
        ("推行法律明白人，“枫桥经验”尚未推行。", {("done", "positive"), ("done", "negative")}),
        ("建立法律明白人，深化“枫桥经验”，未发生群体性事件。", {("done", "positive")}),
    ],
)
def test_each_of_several_practices_has_what_is_said_of_all(sentence: str, said: set[tuple[str, str]]) -> None:
    facts = load_pipeline().analyse(Source(key="a.txt", text=_HEAD + sentence)).facts
    told = [(fact.modality, fact.polarity) for fact in facts if fact.relation == "ADOPTS"]
    assert len(told) == 2
    assert set(told) == said
