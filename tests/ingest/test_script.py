from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.script import simplify


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("參內鎮法治政府建設", "参内镇法治政府建设"),
        ("調解室", "调解室"),
        ("後裏於", "后里于"),
        ("瞭望、沿著", "瞭望、沿著"),
        ("顯著", "显著"),
        ("乾县、乾安县", "乾县、乾安县"),
        ("幹部", "干部"),
    ],
)
def test_characters_one_by_one(traditional: str, simplified: str) -> None:
    assert simplify(traditional) == simplified


def test_simplified_text_stays() -> None:
    text = "本镇2023年法治政府建设情况报告：聘请法律顾问1名，调解矛盾纠纷376件。"
    assert simplify(text) == text


@given(st.text())
def test_length_stays_so_that_offsets_hold(text: str) -> None:
    assert len(simplify(text)) == len(text)


@given(st.text())
def test_twice_is_once(text: str) -> None:
    assert simplify(simplify(text)) == simplify(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF).filter(lambda character: character != "乾"), max_size=1))
def test_each_character_as_opencc_has_it(character: str) -> None:
    assert simplify(character) == opencc.OpenCC("t2s").convert(character)


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert simplify("調\ud800解") == "调\ud800解"
