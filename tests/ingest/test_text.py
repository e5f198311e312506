"""The way back to the original is exact for any input, and converter noise is mended."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text import Text, iter_sentences

NOISE = st.text(alphabet='　 \n\r\t#*_"“”()（）[]〔〕,，.。:：;；0123456789０１２年月日镇乡调解室关于报告一、二是村裏後Aa%％•\ufeff\u200b\x00𠀀', max_size=300)


@given(st.one_of(NOISE, st.text(max_size=200)))
@settings(max_examples=400, deadline=None)
def test_every_span_maps_back_into_the_original(original):
    text = Text.of(original)
    position = -1
    for index in range(len(text.clean)):
        start, end = text.to_original(index, index + 1)
        assert 0 <= start < end <= len(original)
        assert end == start + 1
        assert start > position
        position = start


@given(NOISE, st.data())
@settings(max_examples=300, deadline=None)
def test_slices_agree_up_to_width_and_dropped_characters(original, data):
    text = Text.of(original)
    start = data.draw(st.integers(0, len(text.clean)))
    end = data.draw(st.integers(start, len(text.clean)))
    first, last = text.to_original(start, end)
    inside = original[first:last]
    # normalising the slice of the original alone can only drop or fold characters: all that the clean slice has is in it, in order
    assert len(inside) >= end - start
    for index in range(start, end):
        at, _ = text.to_original(index, index + 1)
        assert first <= at < last


@given(NOISE)
@settings(max_examples=300, deadline=None)
def test_to_clean_is_the_inverse_of_to_original(original):
    text = Text.of(original)
    for index in range(len(text.clean)):
        assert text.to_clean(text.to_original(index, index + 1)[0]) == index


@given(NOISE)
@settings(max_examples=200, deadline=None)
def test_nothing_but_blanks_and_marks_is_dropped(original):
    text = Text.of(original)
    kept = {text.to_original(position, position + 1)[0] for position in range(len(text.clean))}
    for index, character in enumerate(original):
        if index not in kept:
            assert re.match(r"[\s#*_>+\-\u200b-\u200d\u2060\ufeff\u00ad\u0085]", character), (index, character)


@given(NOISE)
@settings(max_examples=100, deadline=None)
def test_cleaning_twice_changes_no_word(original):
    once = Text.of(original).clean
    assert Text.of(once).clean.replace("\n", "").replace(" ", "").lstrip("#") or not once.strip("\n #*_>+-")


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        ("全年调解 27 件，办结率 98.5 ％。", "全年调解27件，办结率98.5%。"),
        (
            "严格按照有关规定，及时主动公开\n\n与群众密切相关的信息，接受社会各界的广泛监督。",
            "严格按照有关规定，及时主动公开与群众密切相关的信息，接受社会各界的广泛监督。",
        ),
        ("我镇认真组织各村干部深入农户家中，充分发挥镇\n\n\n \n司法所的作用。", "我镇认真组织各村干部深入农户家中，充分发挥镇司法所的作用。"),
        ("# 溪口镇人民政府\n\n## **溪口镇 2021 年度报告**\n\n今年以来，做好普法。", "溪口镇人民政府\n溪口镇2021年度报告\n今年以来，做好普法。"),
        ("关于溪口镇2021年法治政府\n\n建设情况的报告\n\n县委、县政府:\n", "关于溪口镇2021年法治政府建设情况的报告\n县委、县政府：\n"),
        ("一、主要做法\n全镇开展活动。", "一、主要做法\n全镇开展活动。"),
        ("发放資料１２００餘份", "发放资料1200余份"),
        ("溪政〔2021〕3号和溪政[2021]4号", "溪政〔2021〕3号和溪政〔2021〕4号"),
        ("罚款1,300元,其中", "罚款1,300元，其中"),
        ("通　知", "通知"),
        ('《宪法》 与 "法律明白人"', "《宪法》与“法律明白人”"),
    ],
)
def test_noise_of_converters_is_mended(original, clean):
    assert Text.of(original).clean.rstrip("\n") == clean.rstrip("\n")


@pytest.mark.parametrize(
    "original", ["溪口镇人民政府\n2021年12月3日\n", "中共溪口镇委员会\n\n溪口镇人民政府\n\n2021年1月3日", "建立健全各项制度。\n二是加强学习"]
)
def test_lines_that_stand_alone_stay_apart(original):
    assert Text.of(original).clean.count("\n") >= original.replace("\n\n", "\n").rstrip().count("\n")


def test_a_broken_word_keeps_its_place_in_the_original():
    original = "全镇共排查各类矛盾纠纷，发放宣传手册和各类\n\n\n资料 1300 余份。"
    text = Text.of(original)
    start = text.clean.index("各类资料1300余份")
    first, last = text.to_original(start, start + len("各类资料1300余份"))
    assert original[first:last] == "各类\n\n\n资料 1300 余份"


@given(NOISE)
@settings(max_examples=100, deadline=None)
def test_sentences_do_not_overlap(original):
    clean = Text.of(original).clean
    spans = iter_sentences(clean)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert all(clean[start:end].strip() or clean[start:end] for start, end in spans)


def test_a_megabyte_of_one_character_ends_soon():
    for character in "一《“ #\n、（":
        assert len(Text.of(character * 1_000_000).clean) <= 1_000_000
