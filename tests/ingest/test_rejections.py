"""What the rules turn down, and why: said only to those who ask, about words that stand in the original, in a bounded number."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import rejections
from ingest.draft import Draft
from ingest.model import Explanation, Fact, Source
from ingest.pipeline import load_pipeline
from ingest.rejections import CHINESE, REASONS, Rejected, gather, unheard
from ingest.text import Text

HEAD = "安溪县参内镇2023年法治政府建设情况报告\n一、主要成效\n"

# (sentence, type, surface, reason): each has a guard of its own
TURNED_DOWN = [
    ("建设平安乡镇。", "place", "平安乡", "part of a longer word"),
    ("按时完成县里任务。", "place", "成县", "a plain word, not a name"),
    ("开展集中学习培训。", "organisation", "中学", "part of a longer word"),
    ("加强执法队伍建设。", "body", "执法队", "part of a longer word"),
    ("各级党委、政府高度重视。", "body", "党委、政府", "no place says whose it is"),
    ("现有9个调解委员会。", "body", "调解委员会", "counted, not named"),
    ("深刻领悟“两个确立”的决定性意义。", "program", "“两个确立”", "a slogan"),
    ("坚持“党委领导、政府负责、部门协同”的机制。", "program", "“党委领导、政府负责、部门协同”的机制", "a slogan"),
    ("建立健全监督考核机制。", "program", "监督考核机制", "too general to name one"),
    ("持续推进法治政府建设。", "program", "法治政府建设", "too general to name one"),
    ("开展“法律八进”宣传活动10场。", "event", "“法律八进”宣传活动", "of another kind"),
    ("举办宪法日宣传。", "document", "宪法", "named after the law, not the law"),
    ("开展“美好时光·民法典同行”主题活动。", "document", "民法典", "inside a title or quotation"),
    ("制定了普法责任清单。", "document", "普法责任清单", "a plan without place or year"),
    ("执行有关文件，〔2023〕5号。", "docnumber", "〔2023〕5号", "no issuing code before the number"),
    ("于2023年2月30日召开会议。", "date", "2023年2月30日", "no such day"),
    ("每年12月集中宣传。", "date", "12月", "comes round again, no one date"),
    ("树牢“四个意识”。", "metric", "四个", "inside a title or quotation"),
    ("普法进入千家万户。", "metric", "千家", "a number in words that counts nothing"),
    ("没有聘请法律顾问。", "legal_adviser", "法律顾问", "says that there is none"),
    ("书记高度重视法治建设。", "person", "高度", "a plain word, not a name"),
    ("各村，个人品牌调解室。", "mediation_room", "个人品牌调解室", "too general to name one"),
    ("搭建多平台联动。", "platform", "多平台", "too general to name one"),
]


def explain(text: str) -> Explanation:
    return load_pipeline().explain(Source(key="a.txt", text=text))


@pytest.mark.parametrize(("sentence", "type", "surface", "reason"), TURNED_DOWN)
def test_a_guard_says_what_it_turned_down_and_why(sentence: str, type: str, surface: str, reason: str) -> None:
    found = explain(HEAD + sentence).rejections
    assert (type, surface, reason) in [(rejection.type, rejection.surface, rejection.reason) for rejection in found]


def test_what_spoke_against_a_candidate_is_shown() -> None:
    against = {rejection.surface: rejection.against for rejection in explain(HEAD + "加强执法队伍建设，举办宪法日宣传。").rejections}
    assert against["执法队"] == "执法队伍"
    assert against["宪法"] == "宪法日"


def test_a_practice_named_among_the_problems_is_not_taken_up() -> None:
    explanation = explain(HEAD + "我镇开展法治宣传活动。\n二、存在问题\n“法律八进”活动不够深入。\n")
    assert "ADOPTS" not in {fact.relation for fact in explanation.analysis.facts}
    assert ("relation", "named among the problems") in {(rejection.type, rejection.reason) for rejection in explanation.rejections}


def test_a_shorter_reading_gives_way_to_the_longer_one() -> None:
    explanation = explain(HEAD + "全镇开展“法律八进”活动。")
    (program,) = [fact for fact in explanation.analysis.facts if fact.type == "program"]
    shorter = [rejection for rejection in explanation.rejections if rejection.type == "program" and rejection.start >= program.start]
    assert {(rejection.reason, rejection.against) for rejection in shorter} == {("a longer or stronger reading stands there", program.surface)}


TEXT = HEAD + "".join(sentence + "\n" for sentence, *_ in TURNED_DOWN)


def test_explaining_changes_no_fact() -> None:
    source = Source(key="a.txt", text=TEXT)
    assert load_pipeline().explain(source).analysis == load_pipeline().analyse(source)
    assert explain(TEXT) == explain(TEXT)


def test_a_rejection_is_a_slice_of_the_original_and_no_fact_of_its_type() -> None:
    text = TEXT.replace("，", ",").replace("宪法日", "宪 法 日").replace("\n", "\r\n")
    explanation = explain(text)
    facts = {(fact.type, fact.start, fact.end) for fact in explanation.analysis.facts if fact.type != "relation"}
    assert len(explanation.rejections) >= len(TURNED_DOWN)
    for rejection in explanation.rejections:
        assert text[rejection.start : rejection.end] == rejection.surface != ""
        assert (rejection.type, rejection.start, rejection.end) not in facts
        assert rejection.reason in REASONS
    assert list(explanation.rejections) == sorted(
        explanation.rejections, key=lambda rejection: (rejection.start, rejection.end, rejection.type, rejection.reason)
    )


def test_a_draft_that_nobody_asks_keeps_nothing() -> None:
    text = Text.of("甲乙丙")
    silent = Draft(source=Source(key="a", text="甲乙丙"), text=text, clean=text.clean)
    silent.reject("place", 0, 1, "place.full_name", "a slogan")
    assert not silent.rejections
    assert unheard("place", 0, 1, "place.full_name", "a slogan") is None
    asked = Draft(source=Source(key="a", text="甲乙丙"), text=text, clean=text.clean, explains=True)
    for _ in range(2):
        asked.reject("place", 0, 1, "place.full_name", "a slogan")
    assert list(asked.rejections) == [Rejected("place", 0, 1, "place.full_name", "a slogan", None)]


def test_rejections_are_bounded_and_the_rest_is_counted() -> None:
    explanation = explain(HEAD + "推进法治政府建设，树牢“四个意识”。" * 3000)
    assert len(explanation.rejections) <= rejections.LIMIT
    assert explanation.dropped > 0


@pytest.mark.parametrize("token", ["“四个意识”", "千家万户", "《", "局", "平安乡镇", "法律顾问", "书记高度", "2-3件"])
def test_explaining_a_long_repetition_takes_seconds(token: str) -> None:
    begun = time.monotonic()
    explain(token * (200_000 // len(token)))
    assert time.monotonic() - begun < 30


def test_every_reason_has_its_chinese() -> None:
    assert tuple(CHINESE) == REASONS
    assert all(CHINESE.values())


def a_fact(type: str, start: int, end: int) -> Fact:
    return Fact(id=f"{type}{start}-{end}", doc="a", type=type, surface="", start=start, end=end)  # type: ignore[arg-type]


SPANS = st.tuples(st.sampled_from(["program", "place", "metric"]), st.integers(0, 9), st.integers(1, 5))


@given(st.lists(SPANS, max_size=6), st.lists(SPANS, max_size=6))
@settings(max_examples=200)
def test_what_lies_in_a_longer_name_is_its_shorter_reading(facts: list[tuple[str, int, int]], turned_down: list[tuple[str, int, int]]) -> None:
    text = Text.of("甲乙丙丁戊己庚辛壬癸子丑寅卯辰")
    found = [a_fact(type, start, start + length) for type, start, length in facts]
    rejected = [Rejected(type, start, start + length, "r", "a slogan", None) for type, start, length in turned_down]  # type: ignore[arg-type]
    for rejection in gather(rejected, text, found):
        around = [fact for fact in found if fact.type == rejection.type != "metric" and fact.start <= rejection.start and rejection.end <= fact.end]
        assert (rejection.reason == "a longer or stronger reading stands there") == bool(around)
        if around:
            assert rejection.against in {text.original[fact.start : fact.end] for fact in around}


def test_every_reason_is_given_somewhere() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(rejections.__file__).parent.rglob("*.py") if file.name != "rejections.py")
    assert not [reason for reason in REASONS if f'"{reason}"' not in sources]
