from __future__ import annotations

import subprocess
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from ingest import segment
from ingest.segment import query_words, reference_words, search_words, words
from ingest.tokenizer import BLANK_CONFIG, WordTokenizer

VOCAB = Vocab()
REPORT = (
    "甲乙镇2023年法治政府建设情况报告\n一、主要工作\n（一）聘请法律顾问1名，建立人民调解委员会12个，调解矛盾纠纷376件，成功率达98.5%。\n"
    "（二）开展“法律八进”活动，法治副校长到校授课20余次；民情茶室调解工作室受理案件1.3万件。\n二、存在问题\n基层执法力量不足。\n三、下一步打算\n继续落实八五普法规划（2021-2025年）。\n"
)


def test_words_are_the_whole_text() -> None:
    assert "".join(word for word, _, _ in words(REPORT)) == REPORT


@given(st.text())
def test_offsets_slice_exactly(text: str) -> None:
    position = 0
    for word, start, end in words(text):
        assert (text[start:end], start) == (word, position)
        position = end
    assert position == len(text)


@given(st.text())
def test_search_words_slice_exactly(text: str) -> None:
    assert all(text[start:end].lower() == word for word, start, end in search_words(text))


@settings(max_examples=50)
@given(st.text("人民调解委员会法律顾问副校长的一12 ，。", max_size=30))
def test_a_query_word_is_found_where_it_is_a_word(text: str) -> None:
    assert set(query_words(text)) <= {word for word, _, _ in search_words(text)}


@pytest.mark.parametrize(("text", "inside"), [("人民调解委员会", "调解"), ("法律顾问", "顾问"), ("2023-2025年", "2025")])
def test_words_inside_longer_ones_are_indexed(text: str, inside: str) -> None:
    assert inside in {word for word, _, _ in search_words(text)}


def test_punctuation_and_blanks_are_not_searched() -> None:
    assert [word for word, _, _ in search_words(" （一），——%。\n")] == ["一"]


@pytest.mark.parametrize("mode", ["default", "search"])
def test_rjieba_cuts_as_jieba_does_but_for_runs(mode: str) -> None:
    ours = set(segment._cut(REPORT, mode))  # type: ignore[arg-type]
    theirs = set(reference_words(REPORT, mode))  # type: ignore[arg-type]
    assert {word for word, _, _ in ours - theirs} == {"2021-2025"}
    assert {word for word, _, _ in theirs - ours} == {"2021", "-", "2025"}


def test_jieba_stands_in_where_rjieba_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = words(REPORT.replace("-", ""))
    monkeypatch.setattr(segment, "_rjieba", lambda: None)
    assert words(REPORT.replace("-", "")) == expected


def test_reference_is_silent() -> None:
    script = "from ingest.segment import reference_words; reference_words('法治政府')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert "Building prefix" not in done.stderr and "Loading model" not in done.stderr


def test_importing_reads_no_dictionary() -> None:
    script = "import sys; import ingest.pipeline; print(sorted({'jieba', 'rjieba', 'yaml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120).stdout.strip() == "[]"


def test_the_hot_path_leaves_jieba_and_spacy_alone() -> None:
    script = "import sys; from ingest.segment import words; words('法治政府'); print(sorted({'jieba', 'spacy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120).stdout.strip() == "[]"


@given(st.text())
def test_spacy_text_is_the_text(text: str) -> None:
    doc = WordTokenizer(VOCAB)(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_a_saved_pipeline_brings_the_tokenizer_back(tmp_path) -> None:  # type: ignore[no-untyped-def]
    nlp = spacy.blank("zh", config=BLANK_CONFIG)
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert isinstance(again.tokenizer, WordTokenizer)
    assert [token.text for token in again("法治 政府")] == ["法治", " ", "政府"]
