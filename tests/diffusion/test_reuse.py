"""Text reuse: what is a copy, whose it is, which way it went, and what is nobody's."""

from __future__ import annotations

import json
import random
from pathlib import Path

import msgspec
import pytest
from reuse_texts import COPIED, LETTERS, edited, item, passages, prose

from diffusion.reuse import Index, Item, build
from diffusion.reuse.model import Options
from diffusion.reuse.normalising import ABOVE, NUMBER, PLACE, normalise


def test_a_copy_is_found_with_its_offsets_on_both_sides() -> None:
    items = [item("a", "cn:350524/甲镇", 2020, prose(1), COPIED, prose(2)), item("b", "cn:350526/乙镇", 2021, prose(3), COPIED, prose(4))]
    ((pair, one, other),) = passages(build(items), items, "copy")
    assert (pair.a, pair.b, pair.direction, pair.best) == ("a", "b", "a->b", True)
    assert one.strip("。") == other.strip("。") == COPIED.strip("。")
    assert pair.identity == 1.0


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3])
def test_an_edited_copy_is_found(share: float) -> None:
    found = 0
    for seed in range(10):
        items = [
            item("a", "cn:350524/甲镇", 2020, prose(1), COPIED, prose(2)),
            item("b", "cn:350526/乙镇", 2021, prose(3), edited(COPIED, share, seed), prose(4)),
        ]
        found += bool(passages(build(items), items, "copy"))
    assert found >= (9 if share == 0.3 else 10)


def test_reports_of_one_year_have_no_direction() -> None:
    items = [item("a", "cn:350524/甲镇", 2021, prose(1), COPIED), item("b", "cn:350526/乙镇", 2021, prose(3), COPIED)]
    ((pair, _, _),) = passages(build(items), items, "copy")
    assert pair.direction == "none"


@pytest.mark.parametrize("years", [(None, 2021), (2021, None), (None, None)])
def test_without_a_year_no_direction_is_claimed(years: tuple[int | None, int | None]) -> None:
    items = [item("a", "cn:350524/甲镇", years[0], prose(1), COPIED), item("b", "cn:350526/乙镇", years[1], prose(3), COPIED)]
    ((pair, _, _),) = passages(build(items), items, "copy")
    assert pair.direction == "none"


def test_an_order_of_the_same_year_was_there_before_the_reports() -> None:
    items = [
        item("order", "cn:350524", 2021, prose(1), COPIED, superior=True, order=True, county="cn:350524"),
        item("town", "cn:350524/甲镇", 2021, prose(3), COPIED),
    ]
    ((pair, _, _),) = passages(build(items), items, "copy")
    assert (pair.a, pair.direction, pair.evidence) == ("order", "a->b", "superior document")


def test_what_a_place_wrote_before_is_its_own() -> None:
    items = [
        item("a19", "cn:350524/甲镇", 2019, prose(1), COPIED),
        item("b20", "cn:350526/乙镇", 2020, prose(2), COPIED),
        item("b21", "cn:350526/乙镇", 2021, prose(3), edited(COPIED, 0.04)),
    ]
    reuse = build(items)
    assert [(pair.a, pair.b) for pair, _, _ in passages(reuse, items, "self")] == [("b20", "b21")]
    assert [(pair.a, pair.b) for pair, _, _ in passages(reuse, items, "copy")] == [("a19", "b20")]


def test_of_a_chain_every_source_is_listed_and_the_nearest_is_best() -> None:
    second = edited(COPIED, 0.12, 5)
    items = [
        item("a", "cn:350524/甲镇", 2019, prose(1), COPIED),
        item("b", "cn:350526/乙镇", 2020, prose(2), second),
        item("c", "cn:350527/丙镇", 2021, prose(3), edited(second, 0.05, 6)),
    ]
    found = {(pair.a, pair.b): pair.best for pair, _, _ in passages(build(items), items, "copy")}
    assert found == {("a", "b"): True, ("a", "c"): False, ("b", "c"): True}


def test_what_most_townships_of_a_county_begin_with_at_once_is_a_template() -> None:
    items = [item(f"t{n}", f"cn:350524/第{n}镇", 2021, prose(n), edited(COPIED, 0.02, n), prose(50 + n)) for n in range(6)]
    reuse = build(items)
    assert not passages(reuse, items, "copy")
    (template,) = [template for template in reuse.templates if len(template.text) > 60]
    assert (template.level, template.county, template.units, template.source) == ("county", "cn:350524", 6, None)
    assert {pair.b for pair in reuse.pairs if pair.template == template.id} | {template.example} == {one.key for one in items}


def test_what_units_of_many_counties_write_is_a_national_phrase() -> None:
    items = [item(f"t{n}", f"cn:35{n:04d}/镇", 2018 + n % 2, prose(n), COPIED) for n in range(20)]
    reuse = build(items)
    assert not passages(reuse, items, "copy")
    assert {template.level for template in reuse.templates} == {"national"}


def test_a_passage_that_goes_from_place_to_place_over_years_is_no_template() -> None:
    items = [item(f"t{n}", f"cn:350524/第{n}镇", 2016 + 2 * n, prose(n), COPIED) for n in range(4)]
    items += [item(f"x{n}{y}", f"cn:350524/第{n}镇", y, prose(100 * n + y)) for n in range(4) for y in range(2016, 2024) if y != 2016 + 2 * n]
    reuse = build(items)
    assert {(pair.a, pair.b) for pair, _, _ in passages(reuse, items, "copy")} == {(f"t{a}", f"t{b}") for b in range(4) for a in range(b)}


def test_words_that_go_through_many_counties_over_years_are_no_template() -> None:
    items = [item(f"t{n}", f"cn:35{n:04d}/镇", 2010 + n, prose(n), COPIED) for n in range(14)]
    reuse = build(items)
    assert len(passages(reuse, items, "copy")) == 14 * 13 // 2
    assert not [template for template in reuse.templates if len(template.text) > 60]


def pattern(seed: int) -> str:
    """A sentence of phrases that everybody uses, put together anew."""
    chance = random.Random(seed)
    phrases = random.Random(77)
    who, what, how = (["".join(phrases.choices(LETTERS, k=6)) for _ in range(30)] for _ in range(3))
    return "，".join(f"{chance.choice(who)}把{chance.choice(what)}{chance.choice(how)}" for _ in range(4)) + "。"


def test_a_copy_made_of_phrases_that_all_use_is_no_template() -> None:
    items = [
        item(f"t{n}{y}", f"cn:35{n // 4:04d}/第{n}镇", y, *(pattern(1000 * n + 10 * y + k) for k in range(6))) for n in range(40) for y in (2019, 2020, 2021)
    ]
    words = pattern(-1) + pattern(-2)
    for at, place in ((0, "t02019"), (1, "t202021")):
        (where,) = [number for number, one in enumerate(items) if one.key == place]
        items[where] = msgspec.structs.replace(items[where], text=items[where].text + "\n" + words + "\n" + prose(9000 + at))
    reuse = build(items)
    assert [(pair.a, pair.b) for pair, one, _ in passages(reuse, items, "copy") if len(one) > 0.8 * len(words)] == [("t02019", "t202021")]


def test_what_most_reports_of_a_county_have_in_its_years_is_a_template_even_with_gaps_between() -> None:
    began = {0: 2019, 1: 2019, 2: 2019, 3: 2021, 4: 2021, 5: 2021}  # only half of them report in the first year, none has it in 2020
    items = [
        item(
            f"t{n}{year}", f"cn:350524/第{n}镇", year, prose(100 * n + year), edited(COPIED, 0.02, n + year) if year != 2020 else prose(50_000 + 100 * n + year)
        )
        for n, first in began.items()
        for year in (2019, 2020, 2021, 2022)
        if year >= first
    ]
    reuse = build(items)
    assert not passages(reuse, items, "copy")
    assert {template.units for template in reuse.templates if len(template.text) > 60} == {6}


def county_of_eight(having: set[tuple[int, int]]) -> list[Item]:
    """Reports of eight townships on six years; ``having``: (town, year) of those that have the words, beside their own."""
    years = range(2016, 2022)
    return [item(f"t{n}{year}", f"cn:350524/第{n}镇", year, prose(100 * n + year), COPIED if (n, year) in having else "") for n in range(8) for year in years]


def test_what_is_at_hand_for_a_county_is_a_template_though_few_use_it_in_a_year() -> None:
    items = county_of_eight({(n, year) for n in range(8) for year in range(2016, 2022) if (3 * n + 5 * year) % 3 == 0})
    reuse = build(items)
    assert not passages(reuse, items, "copy")
    assert {template.level for template in reuse.templates} == {"county"}


@pytest.mark.parametrize(("changed", "template"), [(0.0, True), (0.06, False)])
def test_what_most_of_a_county_have_word_for_word_is_its_template_and_what_changes_on_its_way_is_none(changed: float, template: bool) -> None:
    when = {0: 2016, 2: 2018, 3: 2019, 5: 2020, 6: 2021}  # five of eight, once each
    items = [
        item(f"t{n}{year}", f"cn:350524/第{n}镇", year, prose(100 * n + year), edited(COPIED, changed, n) if when.get(n) == year else "")
        for n in range(8)
        for year in range(2016, 2022)
    ]
    assert (not passages(build(items), items, "copy")) == template


def in_a_county(*parts: str, when: dict[int, int]) -> list[Item]:
    """Reports of eight townships on six years; ``when``: town → year in which it has the parts, beside its own words."""
    return [
        item(f"t{n}{year}", f"cn:350524/第{n}镇", year, prose(100 * n + year), *(parts if when.get(n) == year else ()))
        for n in range(8)
        for year in range(2016, 2022)
    ]


def test_a_sentence_of_it_elsewhere_does_not_take_a_template_from_its_county() -> None:
    piece = "评议结果三日内在公示栏张榜接受监督。"
    items = in_a_county(COPIED, piece, when={0: 2016, 2: 2018, 3: 2019, 5: 2020, 6: 2021})
    items += [
        item(f"e{n}{year}", f"cn:350525/第{n}镇", year, prose(5000 + 100 * n + year), piece if n + 2019 == year else "")
        for n in range(4)
        for year in range(2016, 2022)
    ]
    assert not passages(build(items), items, "copy")


@pytest.mark.parametrize(("opening", "template"), [("按照安溪县统一要求，", True), ("今年以来，", False)])
def test_what_a_few_have_that_says_it_was_ordered_is_the_countys(opening: str, template: bool) -> None:
    items = in_a_county(opening + COPIED, when={0: 2016, 3: 2018, 6: 2021})
    assert (not passages(build(items), items, "copy")) == template


def test_what_few_of_a_county_use_went_from_one_to_another() -> None:
    items = county_of_eight({(1, 2016), (4, 2018), (6, 2019)})
    assert len(passages(build(items), items, "copy")) == 3


def test_an_order_that_most_take_over_once_is_their_source() -> None:
    items = [item("order", "cn:350524", 2019, prose(1), COPIED, superior=True, order=True, county="cn:350524")]
    items += [
        item(f"t{n}{year}", f"cn:350524/第{n}镇", year, prose(100 * n + year), COPIED if year == 2019 + n % 3 and n < 5 else prose(50_000 + 100 * n + year))
        for n in range(6)
        for year in (2019, 2020, 2021)
    ]
    reuse = build(items)
    assert {pair.b for pair, _, _ in passages(reuse, items, "copy") if pair.a == "order" and pair.evidence} == {f"t{n}{2019 + n % 3}" for n in range(5)}


def test_words_of_many_counties_that_began_with_few_are_no_phrase() -> None:
    later = {n: 2016 + (n >= 2) + (n >= 14) for n in range(16)}  # two, then twelve more, then the others
    items = [
        item(f"t{n}{year}", f"cn:35{n:04d}/镇", year, prose(100 * n + year), COPIED if year == first else prose(50_000 + 100 * n + year))
        for n, first in later.items()
        for year in range(2016, 2020)
    ]
    reuse = build(items)
    assert not [template for template in reuse.templates if len(template.text) > 60]
    assert len({pair.b for pair, _, _ in passages(reuse, items, "copy") if pair.direction == "a->b"}) == 14


def stock(practice: int) -> str:
    """What anybody writes of any practice, 60 characters or so."""
    name = "".join(random.Random(practice).choices(LETTERS, k=5))
    return f"以{name}为切入点，深入推进普法规划实施，实现重点对象全覆盖，群众办事找法的习惯慢慢养成，邻里为田界、水渠和道路通行争吵的事在各村一年比一年少了。"


def counties_with(where: dict[tuple[int, int], str]) -> list[Item]:
    """A report of each of four townships of ten counties, of a year each; ``where``: (county, town) → words that it has beside its own."""
    return [
        item(
            f"c{county}t{town}", f"cn:35{county:02d}24/第{town}镇", 2016 + (3 * county + 2 * town) % 8, prose(10 * county + town), where.get((county, town), "")
        )
        for county in range(10)
        for town in range(4)
    ]


def test_a_sentence_that_anybody_writes_of_any_practice_is_no_copy() -> None:
    items = counties_with({(county, county % 4): stock(county) for county in range(7)})
    assert not passages(build(items), items, "copy")


FRAMES = "在征地拆迁和换届选举等急难险重任务当中坚持运用{}先后化解了多年积压下来的疑难复杂问题若干件切实维护了全年大局和谐稳定"


@pytest.mark.parametrize(("county", "copied"), [("cn:350526", False), ("cn:350524", True)])
def test_short_phrases_around_another_matter_are_no_copy_from_elsewhere(county: str, copied: bool) -> None:
    items = [
        item("a", "cn:350524/甲镇", 2020, prose(1), FRAMES.format("板凳会由老支书每旬召集两回") + "。"),
        item("b", f"{county}/乙镇", 2021, prose(3), FRAMES.format("援助直通卡印上值班律师号码") + "。"),
        *(item(f"o{n}", f"cn:35{n:04d}/镇", 2020, prose(50 + n)) for n in range(4)),
    ]
    assert bool(passages(build(items), items, "copy")) == copied


@pytest.mark.parametrize(("county", "copied"), [("cn:350526", False), ("cn:350524", True)])
def test_a_short_sentence_word_for_word_is_no_copy_from_elsewhere(county: str, copied: bool) -> None:
    words = "".join(random.Random(90_009).choices(LETTERS, k=52)) + "。"
    items = [item("a", "cn:350524/甲镇", 2020, prose(1), words), item("b", f"{county}/乙镇", 2021, prose(3), words)]
    assert bool(passages(build(items), items, "copy")) == copied


def test_phrases_around_another_matter_are_nobodys_where_a_few_scattered_places_have_them() -> None:
    drawn = random.Random(80_008)
    before, behind = ("".join(drawn.choices(LETTERS, k=35)) for _ in range(2))
    items = [
        item(f"t{county}{town}", f"cn:35{county:04d}/第{town}镇", 2018 + county % 3, prose(10 * county + town), before + own + behind if town == 0 else own)
        for county in range(8)
        for town in range(3)
        for own in ["".join(drawn.choices(LETTERS, k=30))]
    ]
    assert not passages(build(items), items, "copy")


def test_phrases_of_a_third_of_all_are_nobodys_though_they_stand_with_neighbours() -> None:
    drawn = random.Random(70_007)
    phrase, seen_twice = "".join(drawn.choices(LETTERS, k=70)), "".join(drawn.choices(LETTERS, k=20))
    items = [
        item(
            f"t{county}{town}",
            f"cn:35{county:04d}/第{town}镇",
            2018 + town % 3,
            prose(10 * county + town),
            own[:65] + (phrase + beside if county < 5 else "") + own[65:],
        )
        for county in range(14)
        for town in range(9)
        for own in ["".join(drawn.choices(LETTERS, k=130))]
        for beside in [seen_twice if town == county else ""]
    ]
    assert not passages(build(items), items, "copy")


def test_the_same_sentence_of_two_places_is_one() -> None:
    items = counties_with({(1, 1): stock(1), (5, 2): stock(5)})
    assert len(passages(build(items), items, "copy")) == 1


def test_what_many_have_among_neighbours_went_from_one_to_another() -> None:
    items = counties_with({(county, town): stock(county) for county in (2, 6, 8) for town in range(2)} | {(9, 1): stock(9)})
    assert len(passages(build(items), items, "copy")) == 7 * 6 // 2


def test_a_long_passage_is_a_copy_where_no_more_have_it_than_can_have_copied_it() -> None:
    words = COPIED + COPIED[::-1]
    items = counties_with({(county, 0): words for county in range(5)})
    assert len(passages(build(items), items, "copy")) == 5 * 4 // 2


def test_a_few_words_are_no_copy() -> None:
    items = counties_with({(1, 1): COPIED[:48], (2, 1): COPIED[:48], (3, 1): COPIED[48:]})
    assert len(normalise(COPIED[:48])[0]) < Options().least_copied
    assert not passages(build(items), items, "copy")


def test_what_stands_beside_a_passage_does_not_choose_its_source() -> None:
    beside, second = prose(70, 60), edited(COPIED, 0.08, 3)
    items = [
        item("a", "cn:350524/甲镇", 2019, prose(1), beside, COPIED, prose(2)),  # had both, but these words otherwise
        item("b", "cn:350526/乙镇", 2020, prose(3), second, prose(4)),
        item("c", "cn:350527/丙镇", 2021, prose(5), beside, second, prose(6)),
    ]
    best = {pair.a for pair, _, other in passages(build(items), items, "copy") if pair.b == "c" and pair.best and second[10:40] in other}
    assert best == {"b"}
    to_c = {pair.a: pair for pair in build(items).pairs if pair.b == "c"}
    assert to_c["a"].aligned > to_c["b"].aligned  # with what stands beside it
    assert to_c["a"].agreed < to_c["b"].agreed <= to_c["b"].aligned


def test_of_equal_sources_the_one_from_which_the_other_words_came_is_taken() -> None:
    elsewhere = prose(80, 120)
    items = [
        item("a", "cn:350524/甲镇", 2019, prose(1), COPIED),
        item("b", "cn:350526/乙镇", 2020, prose(3), COPIED),
        item("a20", "cn:350524/甲镇", 2020, prose(5), elsewhere),
        item("c", "cn:350527/丙镇", 2021, prose(7), COPIED),
    ]
    assert [pair.a for pair in build(items).pairs if pair.b == "c" and pair.best] == ["b"]  # the latest
    items[3] = item("c", "cn:350527/丙镇", 2021, prose(7), COPIED, prose(8), elsewhere)
    assert {pair.a for pair in build(items).pairs if pair.b == "c" and pair.best} == {"a", "a20"}


def test_order_of_input_and_threads_change_nothing() -> None:
    items = [item(f"t{n}", f"cn:3505{n % 7 + 20}/第{n}镇", 2019 + n % 3, prose(n), edited(COPIED, 0.05, n) if n % 2 else prose(n + 90)) for n in range(12)]
    one, other = build(items, threads=1), build(items[::-1], threads=2)
    assert one.pairs == other.pairs
    assert one.pairs
    assert one.templates == other.templates


def test_years_that_only_reports_of_nowhere_have_tell_nothing() -> None:
    items = [
        item(f"p{county}{town}", f"cn:35{county:02d}24/第{town}镇", None, prose(10 * county + town), COPIED if town == 0 else "")
        for county in range(9)
        for town in range(3)
    ]
    items += [item(f"u{n}", f"u{n}", 2016 + n, prose(900 + n), COPIED, county="") for n in range(6)]
    assert {template.level for template in build(items).templates} == {"national"}


def test_one_text_none_and_empty_ones() -> None:
    assert build([]).pairs == []
    assert build([item("a", "x", None, "")]).pairs == []
    assert build([item("a", "x", 2020, prose(1)), item("b", "y", 2021, "。，\n"), item("c", "z", 2021, "短")]).pairs == []


def test_many_equal_reports_are_one_template_and_not_millions_of_pairs() -> None:
    text = prose(1, 900)
    items = [item(f"t{n}", f"cn:35{n % 40:04d}/第{n}镇", 2020, text) for n in range(400)]
    reuse = build(items)
    assert not passages(reuse, items, "copy")
    assert len(reuse.pairs) <= 400 * len(reuse.templates)


def test_normalised_characters_lead_back_to_the_original() -> None:
    text = "２０２３年，参内镇（本镇）調解Ａ类纠纷1,376件；参内的做法。"
    codes, offsets, ends = normalise(text, ("参内镇",))
    assert [text[at] for at, code in zip(offsets, codes, strict=True) if code == PLACE] == ["参", "参"]
    assert [text[at] for at, code in zip(offsets, codes, strict=True) if code == NUMBER] == ["２", "1"]
    assert chr(codes[list(offsets).index(text.index("調"))]) == "调"
    assert [text[offsets[at]] for at, end in enumerate(ends) if end] == ["件", "法"]
    assert list(offsets) == sorted(set(offsets))


def test_a_place_named_otherwise_does_not_hide_a_copy() -> None:
    words = "参内镇在老渡口搭起说理棚，参内镇请律师坐堂，参内镇把田界和借款的账摊开来算，参内镇算清了当场写字据，参内镇半年走了四十多户。"
    items = [
        item("a", "cn:350524/参内镇", 2020, prose(1), words, names=("参内镇",)),
        item("b", "cn:350524/官桥镇", 2021, prose(2), words.replace("参内镇", "官桥镇"), names=("官桥镇",)),
    ]
    ((pair, _, _),) = passages(build(items), items, "copy")
    assert pair.identity == 1.0


def test_the_places_above_are_one_sign() -> None:
    text = "在福建省泉州市安溪县委领导下，安溪县参内镇推行法律明白人。"
    codes, offsets, _ = normalise(text, ("参内镇",), ("福建省", "泉州市", "安溪县"))
    assert [(text[at], code) for at, code in zip(offsets, codes, strict=True) if code in (PLACE, ABOVE)] == [
        ("福", ABOVE), ("泉", ABOVE), ("安", ABOVE), ("安", ABOVE), ("参", PLACE),
    ]  # fmt: skip


# -- texts that are not in the collection --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def index(tmp_path: Path) -> Index:
    phrase = "始终坚持把纠纷化解在当地并且消除在萌芽状态之中不让一件小事变成大事。"
    items = [item(f"t{n}", f"cn:35{n:04d}/镇", 2018 + n % 2, prose(n), phrase) for n in range(20)]
    items.append(item("a", "cn:360001/甲镇", 2020, prose(100), COPIED))
    return Index.save(tmp_path / "reuse", build(items), "snapshot", Options())


def test_a_pasted_text_leads_to_its_source(index: Index) -> None:
    text = prose(500) + edited(COPIED, 0.1) + prose(501)
    (pair,) = index.query(text, name="mine")
    assert (pair.a, pair.b, pair.kind, pair.direction, pair.best) == ("a", "mine", "copy", "none", True)
    assert abs(pair.b_start - text.index(edited(COPIED, 0.1))) <= 3


def test_only_earlier_reports_can_be_sources_of_a_text_with_a_year(index: Index) -> None:
    text = prose(500) + COPIED
    assert index.query(text, year=2019) == []
    (pair,) = index.query(text, year=2022)
    assert pair.direction == "a->b"


def test_a_pasted_phrase_is_named_as_the_template_it_is(index: Index) -> None:
    text = prose(500) + "始终坚持把纠纷化解在当地并且消除在萌芽状态之中不让一件小事变成大事。"
    found = index.query(text)
    assert [pair.kind for pair in found] == ["template"]
    assert found[0].template in {template.id for template in index.templates}


def test_nothing_is_found_for_a_text_of_its_own_or_none(index: Index) -> None:
    assert index.query(prose(900)) == []
    assert index.query("") == []


def test_a_new_build_takes_the_place_of_the_old_one(index: Index, tmp_path: Path) -> None:
    newer = Index.save(tmp_path / "reuse", build([item("only", "x", 2020, prose(1))]), "later", Options())
    opened = Index.open(tmp_path / "reuse")
    assert opened is not None
    assert opened.meta == newer.meta
    assert opened.meta.snapshot == "later"
    assert len(list((tmp_path / "reuse").glob("build-*"))) == 1


def test_a_broken_or_missing_build_is_none(tmp_path: Path) -> None:
    assert Index.open(tmp_path / "nothing") is None
    (tmp_path / "reuse").mkdir()
    (tmp_path / "reuse" / "current").write_text("build-1")
    assert Index.open(tmp_path / "reuse") is None


def test_lines_are_the_pairs(index: Index) -> None:
    assert [json.loads(line) for line in index.lines()] == [msgspec.to_builtins(pair) for pair in index.pairs()]
