"""The second reading of deeds by examples: what it is learnt from, what it doubts, and what it leaves alone. All sentences are made up."""

from __future__ import annotations

import hashlib

import pytest

from ingest.examples.features import features
from ingest.examples.reading import DOUBTED, SAID, SENTENCES, WEIGHTS, Weights, weigh
from ingest.examples.training import NotAnExample, parse, train
from ingest.model import Analysis, Source
from ingest.pipeline import load_pipeline

_HEAD = "安溪县参内镇2022年度法治政府建设情况报告\n一、主要工作\n"


def _read(sentence: str, head: str = _HEAD) -> Analysis:
    return load_pipeline().analyse(Source(key="a.txt", text=head + sentence))


def _moods(analysis: Analysis) -> list[tuple[str, str]]:
    return [(fact.modality, fact.polarity) for fact in analysis.facts if fact.relation == "ADOPTS"]


def test_the_weights_are_those_of_the_sentences() -> None:
    import msgspec

    weights = msgspec.json.decode(WEIGHTS.read_bytes(), type=Weights)
    assert weights.sha256 == hashlib.sha256(SENTENCES.read_bytes()).hexdigest(), "sentences.tsv has changed: python -m ingest.examples.training"
    assert all(len(row) == len(SAID) for row in weights.features.values())


def test_no_sentence_says_two_things() -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for example in parse(SENTENCES.read_text(encoding="utf-8")):
        said.setdefault((example.section, example.sentence), set()).add(example.said)
    assert [each for each, some in said.items() if len(some) > 1] == []


def test_an_example_may_be_written_as_people_write() -> None:
    assert [example.sentence for example in parse("done\tresults\tours\t在12个村 推行“◆”。\n")] == ["在0个村推行◆。"]


@pytest.mark.parametrize(
    "line",
    [
        "done\tresults\tours",
        "did\tresults\tours\t推行◆。",
        "done\tnowhere\tours\t推行◆。",
        "done\tresults\tours\t推行法治夜校。",
        "done\tresults\tours\t推行◆和◆。",
    ],
)
def test_a_line_that_is_no_example_is_named(line: str) -> None:
    with pytest.raises(NotAnExample, match=r"sentences\.tsv, line 3: expected"):
        parse(f"# what follows\ndone\tresults\tours\t推行◆。\n{line}\n")


def test_nothing_is_learnt_from_nothing() -> None:
    with pytest.raises(ValueError, match="no examples"):
        train([])


def test_what_one_hand_alone_writes_is_not_learnt() -> None:
    told = [f"done\tresults\t{hand}\t我镇推行◆。\nelsewhere\tresults\t{hand}\t○推行◆。\n" for hand in "甲乙丙丁"]
    alone = "elsewhere\tresults\t甲\t唯独◆。\n"
    weights = train(parse("".join([*told, alone])))
    assert not [name for name in weights.features if "唯" in name]
    assert weigh(weights, "○推行◆。", "results")["elsewhere"] > 0.5 > weigh(weights, "我镇推行◆。", "results")["elsewhere"]


def test_a_hand_that_was_left_out_is_read_by_the_others() -> None:
    """Sentences of one hand, read with what the others teach: few deeds are doubted, most of the rest is."""
    examples = parse(SENTENCES.read_text(encoding="utf-8"))
    weights = train([example for example in examples if example.hand != "eighth"])
    deeds, others = [], []
    for example in examples:
        if example.hand == "eighth" and example.section not in ("plan", "problems"):
            (deeds if example.said == "done" else others).append(weigh(weights, example.sentence, example.section)["done"] < DOUBTED)
    assert sum(deeds) / len(deeds) < 0.03
    assert sum(others) / len(others) > 0.6


def test_probabilities_add_up_and_a_sentence_needs_its_sign() -> None:
    weights = Weights("", [0, 0, 0, 0, 0], {">推": [100, 0, 0, 0, 0]})
    assert sum(weigh(weights, "◆推行", "results").values()) == pytest.approx(1)
    with pytest.raises(ValueError, match="substring"):
        features("没有记号", "results")


@pytest.mark.parametrize(
    "sentence",
    [
        "推行法律明白人制度。",
        "三是建立“法律明白人”队伍。",
        "（四）加快推进“法律明白人”培育。",
        "蓬莱镇、湖头镇来我镇学习，我镇法律明白人培育工作得到肯定。",
        "借鉴湖头镇经验，在全镇12个村推行法律明白人制度，现有法律明白人36名。",
        "法律明白人作用进一步发挥，全年化解纠纷23件。",
        "按照县司法局部署，我镇已培育法律明白人45名，实现村村有明白人。",
    ],
)
def test_deeds_are_left_alone(sentence: str) -> None:
    assert set(_moods(_read(sentence))) == {("done", "positive")}


# None of these has a wording of the catalogue that says so.
LIKE_OTHERS = [
    ("督察组指出，参内镇应尽快推进“法律明白人”工作。", "exhorted"),
    ("教育、司法等部门联合发文，要求抓好“法律明白人”选聘工作。", "exhorted"),
    ("法律明白人队伍尚在物色人选，待条件成熟后组建。", "planned"),
    ("邀请湖头镇负责同志来参内镇介绍法律明白人经验。", None),
]


@pytest.mark.parametrize(("sentence", "said"), LIKE_OTHERS)
def test_what_sentences_like_it_do_not_tell_as_a_deed_is_none(sentence: str, said: str | None) -> None:
    facts = [fact for fact in _read(sentence).facts if fact.relation == "ADOPTS"]
    assert [fact.modality for fact in facts] == ([said] if said else [])
    assert all(fact.attrs["likely"] > 0.6 for fact in facts)


@pytest.mark.parametrize(("sentence", "said"), LIKE_OTHERS)
def test_without_examples_they_would_be_deeds(sentence: str, said: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.rules.relations.doubt", lambda *_: None)
    assert _moods(_read(sentence)) == [("done", "positive")]


def test_what_reads_like_what_others_do_says_so() -> None:
    explained = load_pipeline().explain(Source(key="a.txt", text=_HEAD + "邀请湖头镇负责同志来参内镇介绍法律明白人经验。"))
    assert "reads like what others do" in [rejection.reason for rejection in explained.rejections]


def test_a_county_tells_of_its_townships() -> None:
    """Examples are of townships: what a county's report says of them is not theirs to doubt."""
    told = _read("邀请湖头镇负责同志介绍法律明白人经验。", "安溪县2022年度法治政府建设情况报告\n一、主要工作\n")
    assert {said for said, _ in _moods(told)} == {"done"}
