"""Sentences said another way: other widths, brackets, quotation marks, blanks, line breaks, digits, units, names and script give the same facts.

Each case takes a made-up sentence, rewrites it with a seeded generator and compares what the pipeline finds with what it finds in the plain sentence; a plain
sentence must give at least the number of facts that stands beside it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from sentence_rows import read_text

from ingest.model import Fact

# sentence, number of metrics, dates, documents and document numbers in it
SENTENCES = [
    ("2023年以来，全镇先后开展“送法下乡”宣传活动共26场，发放宣传资料13500余份，悬挂横幅48条。", 3),
    ("镇综合行政执法队严格落实执法公示制度，全年开展各类执法检查312次，下达执法文书47份，罚款5.6万元。", 3),
    ("镇村两级人民调解委员会共排查矛盾纠纷164件，调解成功158件，调解成功率96.3%，涉及金额230余万元。", 4),
    ("其中婚姻家庭纠纷38件，邻里纠纷41件，山林土地纠纷29件，损害赔偿纠纷17件，其他纠纷39件。", 5),
    ("根据《海阳镇2023年法治政府建设工作要点》（海政〔2023〕15号）要求，召开专题会议4次。", 3),
    ("2023年3月15日，组织干部职工学习《中华人民共和国行政处罚法》和《信访工作条例》，参加学习86人。", 4),
    ("全镇12个村聘请法律顾问12名，解答群众法律咨询640余人次，审查合同35份，提出法律意见72条。", 5),
    ("便民服务中心全年受理群众诉求1860件，按期办结1852件，按期办结率99.6%，群众满意率98.9%以上。", 4),
    ("镇党委理论学习中心组集体学法6次，组织领导干部旁听庭审2次，参加学法考试58人，合格率100%。", 4),
    ("划分网格96个，配备专职网格员105名，上报各类网格事件2430件，均已全部办结。", 3),
    ("落实《法治休宁建设规划（2021-2025年）》，培育“法律明白人”215名，创建市级民主法治示范村3个。", 4),
    ("11月30日前完成整改，拆除违法建筑23处1860平方米，复垦耕地45.5亩，教育劝导群众320余人次。", 5),
    ("司法所在册社区矫正对象28人，全年走访谈话336人次，组织公益活动24次，未发生脱管漏管现象。", 4),
    ("按照休政办〔2022〕38号文件精神，清理规范性文件17件，废止4件，修改2件。", 4),
    ("受理行政复议案件9件，其中维持6件、撤销1件、终止2件；行政诉讼案件5件，负责人出庭应诉率100%。", 6),
    ("出动执法人员468人次、执法车辆132台次，检查生产经营单位257家，整改安全隐患119处。", 4),
    ("累计投入普法经费18.5万元，建成法治文化广场3处，更新法治宣传栏42块，播放普法广播600余次。", 4),
    ("全年未发生群体性事件、民转刑案件，12345热线工单办结率100%，较上年提高1.2个百分点。", 4),
    ("组织开展法律明白人培训8期1200余人次，选派法治副校长14名，为学生授课56课时。", 4),
    ("走访企业93家，帮助企业解决实际问题67个，为企业挽回经济损失380余万元。", 3),
]  # fmt: skip


def facts_in(text: str) -> list[tuple[object, ...]]:
    """What must stay: value, unit and approximation of metrics, ISO form of dates, canonical title and number of documents."""
    return [_core(fact) for fact in read_text(text, year=2023) if fact.type in ("metric", "date", "document", "docnumber")]


def _core(fact: Fact) -> tuple[object, ...]:
    if fact.type == "metric":
        return ("metric", fact.value, fact.unit, fact.approx, fact.polarity)
    if fact.type == "date":
        return ("date", fact.date)
    return (fact.type, re.sub(r"[“”（）()—－-]", "", fact.canonical or ""))


def _full_width(text: str, _: random.Random) -> str:
    return re.sub(r"[0-9%]", lambda found: chr(ord(found.group()) + 0xFEE0), text)


def _half_width_marks(text: str, _: random.Random) -> str:
    return text.translate(str.maketrans("，；：（）", ",;:()"))


def _blanks_around_digits(text: str, chance: random.Random) -> str:
    return re.sub(r"(?<![〔\d.])(\d+(?:\.\d+)?)", lambda found: f" {found.group()}{' ' if chance.random() < 0.7 else ''}", text)


def _digits_apart(text: str, _: random.Random) -> str:
    return re.sub(r"(?<![\d.〔])\d{3,5}(?=[余件份次人条名张块])", lambda found: " ".join(found.group()), text)


def _thousands(mark: str) -> Callable[[str, random.Random], str]:
    def mutate(text: str, _: random.Random) -> str:
        return re.sub(r"(?<![\d.])(\d{1,2})(\d{3})(?=[余件份次人条名])", rf"\1{mark}\2", text)

    return mutate


def _brackets(text: str, chance: random.Random) -> str:
    opening, closing = chance.choice(["[]", "【】", "［］", "﹝﹞"])
    return text.replace("〔", opening).replace("〕", closing)


def _quotation_marks(text: str, chance: random.Random) -> str:
    opening, closing = chance.choice(["「」", "『』", '""', "〝〞"])
    return text.replace("“", opening).replace("”", closing)


def _line_break(text: str, chance: random.Random) -> str:
    # neither beside a mark nor inside a number
    places = [
        position
        for position in range(max(18, text.index("，") + 2), len(text) - 3)
        if text[position - 1] not in "，。、；：（）《》“”〔〕.%"
        and text[position] not in "，。、；：）》”〕.一二三四五六七八九十"
        and not (text[position - 1] + text[position]).strip("〇").isdigit()
    ]
    position = chance.choice(places)
    return f"{text[:position]}\n{text[position:]}"


_HANZI = "〇一二三四五六七八九"


def _in_words(text: str, _: random.Random) -> str:
    """Two-digit counts in Chinese characters: 47份 → 四十七份."""

    def say(found: re.Match[str]) -> str:
        tens, ones = divmod(int(found.group()), 10)
        return f"{_HANZI[tens] if tens > 1 else ''}十{_HANZI[ones] if ones else ''}"

    return re.sub(r"(?<![\d.〔\-年月“])[1-9]\d(?=[件份次名场处家块期])", say, text)


def _ten_thousands(text: str, _: random.Random) -> str:
    return re.sub(r"(?<![\d.])(\d)(\d)(\d)00(?=余?[份人件次])", lambda found: f"{found[1]}.{found[2]}{found[3]}万", text)


_TRADITIONAL = str.maketrans(
    "发场条余执检查书罚万镇调员会矛纠纷额间财产与应诉为规范废实违个认识单经营业数开听讼动东华国",
    "發場條餘執檢查書罰萬鎮調員會矛糾紛額間財產與應訴為規範廢實違個認識單經營業數開聽訟動東華國",
)


def _traditional(text: str, _: random.Random) -> str:
    return text.translate(_TRADITIONAL)


def _other_names(text: str, chance: random.Random) -> str:
    """Names of places and practices that the numbers have nothing to do with."""
    for name, others in (
        ("送法下乡", ["法润千家", "普法赶集", "庭院说法"]),
        ("全镇", ["我镇", "本镇", "海阳镇"]),
        ("镇综合行政执法队", ["镇执法大队", "海阳镇综合行政执法队"]),
    ):
        text = text.replace(name, chance.choice(others))
    return text


SAME = {
    "full width": _full_width, "half-width marks": _half_width_marks, "blanks": _blanks_around_digits, "digits apart": _digits_apart, "1,300": _thousands(","), "1 300": _thousands(" "), "brackets": _brackets,
    "quotation marks": _quotation_marks, "line break": _line_break, "in words": _in_words, "in ten thousands": _ten_thousands, "traditional": _traditional, "names": _other_names,
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "number"), SENTENCES)
def test_the_plain_sentence_gives_its_facts(sentence: str, number: int) -> None:
    assert len(facts_in(sentence)) == number


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("index", range(len(SENTENCES)))
def test_said_another_way_the_facts_stay(index: int, name: str) -> None:
    sentence = SENTENCES[index][0]
    chance = random.Random(f"{index} {name}")
    plain = facts_in(sentence)
    for _ in range(3 if name in ("line break", "brackets", "quotation marks", "names", "blanks") else 1):
        mutant = SAME[name](sentence, chance)
        assert facts_in(mutant) == plain, mutant


@pytest.mark.parametrize("index", range(len(SENTENCES)))
def test_two_rewritings_at_once_change_nothing(index: int) -> None:
    sentence = SENTENCES[index][0]
    chance = random.Random(index)
    plain = facts_in(sentence)
    for first, second in (("full width", "line break"), ("traditional", "half-width marks"), ("blanks", "quotation marks"), ("brackets", "full width")):
        mutant = SAME[second](SAME[first](sentence, chance), chance)
        assert facts_in(mutant) == plain, mutant


@pytest.mark.parametrize(("unit", "other"), [("件", "起"), ("件", "宗"), ("名", "人"), ("余", "多")])
def test_another_word_for_the_unit_changes_only_the_unit(unit: str, other: str) -> None:
    for sentence, _ in SENTENCES:
        mutant = re.sub(rf"(?<=\d){unit}", other, sentence)
        expected = [(kind, *(other if field == unit else field for field in fields)) for kind, *fields in facts_in(sentence)]
        assert facts_in(mutant) == expected, mutant


@pytest.mark.parametrize("factor", [2, 7, 13])
def test_other_numbers_are_read_as_they_stand(factor: int) -> None:
    for sentence, _ in SENTENCES:
        wanted = [fact[1] for fact in facts_in(sentence) if fact[0] == "metric" and fact[1]]
        mutant = re.sub(r"(?<![\d.〔年月\-“])\d+(?![\d.]|[年月日号〕\-%]|热线|个百分点)", lambda found: str(int(found.group()) * factor), sentence)
        found = [fact for fact in facts_in(mutant) if fact[0] == "metric" and fact[1]]
        assert len(found) == len(wanted), mutant
        for before, after in zip(wanted, found, strict=True):
            assert after[1] == before * factor or after[1] == before, (mutant, before, after)
