"""The story of a practice: who may have been first, what stands on its arrows, how it is drawn."""

from __future__ import annotations

import math
from string import Formatter
from typing import Any

import msgspec
import pytest
from lxml import etree

from diffusion.adoptions.model import Adoption
from diffusion.curves.model import Act, Curve, CurveYear, Estimate, Refused
from diffusion.history import list_events, read_events
from diffusion.reuse import Pair
from diffusion.robustness import Robustness, Shaken
from fazhi.handing import render_page
from fazhi.pictures import rendering
from fazhi.pictures.channels import draw_channels
from fazhi.pictures.coverage import draw_coverage
from fazhi.pictures.curve import draw_curve
from fazhi.pictures.first import draw_first
from fazhi.pictures.leadlag import draw_leadlag
from fazhi.pictures.maps import draw_maps
from fazhi.pictures.robustness import draw_robustness
from fazhi.pictures.timeline import choose_rows, draw_timeline
from fazhi.pictures.tree import draw_tree, lay_out
from fazhi.pictures.variants import draw_variants
from fazhi.spreading.beside import lay_beside
from fazhi.spreading.leading import Leads, rank_leads, span_counties
from fazhi.spreading.model import Arrow, Banner, Deed, Sentence, Story, Unit, Variants, VariantStep, VariantUse
from fazhi.spreading.ranking import find_first, wilson
from fazhi.spreading.telling import Slots, choose_adoptions, share_out
from fazhi.spreading.wording import labels, new_texts, style_of, write_arrow, write_banner, write_first, write_interval
from ingest.gazetteer import gazetteer

ZH, EN = new_texts("zh"), new_texts("en")


def place(name: str) -> str:
    return f"cn:350524/{name}"


def said(name: str, year: int, text: str = "推行积分制。") -> Sentence:
    return Sentence(report="ab" * 8, key=f"{name}{year}.txt", place=place(name), year=year, start=3, end=3 + len(text), text=text, fact=None)


def unit(
    name: str, lower: int | None, upper: int | None, status: Any = "adopted", county: str = "cn:350524", present: tuple[int, ...] = (2019, 2020, 2022)
) -> Unit:
    missing = tuple(year for year in range(2019, 2023) if year not in present)
    return Unit(
        place=f"{county}/{name}", name=name, county=county, county_name="安溪县", status=status, t_lower=lower, t_upper=upper,
        censored="left" if lower is None and upper is not None else None, basis="covered", p=0.9, variants=("积分制",), present=present, missing=missing,
        sentences=(said(name, upper or 2022),),
    )  # fmt: skip


def arrow(target: str, source: str | None, channel: Any, reason: Any, years: tuple[int | None, int | None] = (2019, 2020), backed: bool = False) -> Arrow:
    return Arrow(
        target=place(target), target_name=target, source=place(source) if source and channel != "vertical" else "cn:350524" if source else None,
        source_name=source, channel=channel, posterior=0.8 if source else 0.0, text_backed=backed, reason=reason, from_year=years[0], to_year=years[1],
        sentences=(said(target, years[1] or 2020, f"{target}学习借鉴。"),),
    )  # fmt: skip


def story(units: list[Unit], arrows: list[Arrow], deeds: tuple[Deed, ...] = ()) -> Story:
    adopters = [each for each in units if each.claims]
    banner = Banner(
        places=len(units), from_year=2019, to_year=2022, eligible=4 * len(units), observed=3 * len(units), missing=len(units), unreadable=1,
        adopters=len(adopters), censored=sum(each.t_lower is None for each in adopters), ties=0,
    )  # fmt: skip
    return Story(
        program="program:积分制", name="积分制", snapshot="feedfacefeedface", banner=banner, units=tuple(units), arrows=tuple(arrows), deeds=deeds,
        first=find_first(units), channels=share_out(arrows, {each.place: each for each in units}), caveats=("first_here", "missing"),
    )  # fmt: skip


UNITS = [
    unit("甲镇", 2018, 2019),
    unit("乙乡", 2019, 2020),
    unit("丙镇", 2019, 2021),
    unit("丁镇", 2020, 2022),
    unit("戊乡", None, 2021),
    unit("己镇", 2022, None, "planned"),
]
ARROWS = [
    arrow("乙乡", "甲镇", "sibling", "text", backed=True),
    arrow("丙镇", "甲镇", "sibling", "time", (2019, 2021)),
    arrow("丁镇", "安溪县", "vertical", "act", (2021, 2022)),
    arrow("甲镇", None, "independent", None, (None, 2019)),
    arrow("戊乡", None, "unknown", None, (None, 2021)),
]
DEEDS = (Deed(place="cn:350524", name="安溪县", year=2021, report="cd" * 8, key="通知.txt"),)
WHOLE = story(UNITS, ARROWS, DEEDS)
PRESENT = {each.place: each.present for each in UNITS}


# -- who was first ---------------------------------------------------------------------------------------------------------------------------------


def test_a_place_before_all_others_is_first_here_with_its_year() -> None:
    first = find_first([unit("甲镇", 2018, 2019), unit("乙乡", 2019, 2020), unit("丙镇", 2020, 2022)])
    assert (first.separable, first.reason, first.year) == (True, "clear", 2019)
    assert [(row.name, row.p, row.p_alone) for row in first.candidates] == [("甲镇", 1.0, 1.0)]


def test_places_of_one_year_are_a_set_and_no_order() -> None:
    first = find_first([unit("甲镇", 2018, 2019), unit("乙乡", 2018, 2019), unit("丙镇", 2020, 2021)])
    assert (first.separable, first.reason, first.year) == (False, "ties", None)
    assert {row.name: (row.p, row.p_alone) for row in first.candidates} == {"甲镇": (1.0, 0.0), "乙乡": (1.0, 0.0)}


def test_intervals_that_overlap_share_the_probability_as_counting_their_years_gives_it() -> None:
    one, other = unit("甲镇", 2018, 2020), unit("乙乡", 2019, 2021)  # 2019, 2020 against 2020, 2021
    first = find_first([one, other])
    pairs = [(a, b) for a in (2019, 2020) for b in (2020, 2021)]
    expected = {
        "甲镇": (sum(a <= b for a, b in pairs) / 4, sum(a < b for a, b in pairs) / 4),
        "乙乡": (sum(b <= a for a, b in pairs) / 4, sum(b < a for a, b in pairs) / 4),
    }
    assert {row.name: (row.p, row.p_alone) for row in first.candidates} == expected


def test_before_the_collection_begins_there_is_no_order() -> None:
    one = find_first([unit("戊乡", None, 2019), unit("甲镇", 2018, 2019)])
    assert (one.separable, one.reason, one.year) == (True, "clear", None)
    both = find_first([unit("戊乡", None, 2019), unit("辛乡", None, 2020), unit("甲镇", 2018, 2019)])
    assert (both.separable, both.reason) == (False, "left_censored")
    assert {row.name: (row.p, row.p_alone, row.before) for row in both.candidates} == {"戊乡": (1.0, 0.0, 1.0), "辛乡": (1.0, 0.0, 1.0)}


def test_the_probabilities_of_years_count_where_they_are_known() -> None:
    early = msgspec.structs.replace(unit("甲镇", 2018, 2021), before=0.1, years={2019: 0.6, 2020: 0.2, 2021: 0.1})
    late = msgspec.structs.replace(unit("乙乡", 2018, 2021), before=0.0, years={2020: 0.5, 2021: 0.5})
    rows = {row.name: row for row in find_first([early, late]).candidates}
    assert rows["甲镇"].p == pytest.approx(0.1 + 0.6 + 0.2 + 0.1 * 0.5) and rows["甲镇"].p_alone == pytest.approx(0.1 + 0.6 + 0.2 * 0.5)
    assert rows["乙乡"].p == pytest.approx(0.5 * 0.3 + 0.5 * 0.1) and rows["甲镇"].before == 0.1


def test_of_a_family_the_variant_taken_up_first_stands_for_a_place() -> None:
    def row(program: str, lower: int | None, upper: int | None) -> Adoption:
        status: Any = "adopted" if upper else "planned"
        return Adoption(place=place("甲镇"), program=program, status=status, t_lower=lower, t_upper=upper, censored=None, p=1.0, facts=(), variant=program[8:])

    chosen = choose_adoptions([row("program:法律八进", 2020, 2021), row("program:法律七进", 2018, 2019), row("program:法律九进", 2022, None)])
    assert [(one.program, names) for one, names in chosen] == [("program:法律七进", ("法律七进", "法律八进"))]


def test_who_is_the_only_one_is_not_called_the_first() -> None:
    first = find_first([unit("甲镇", 2018, 2019)])
    assert (first.separable, first.reason, first.year) == (False, "only", None)
    assert "谈不上" in write_first(ZH, story([unit("甲镇", 2018, 2019)], []))


def test_plans_and_calls_are_never_first() -> None:
    assert find_first([unit("己镇", 2022, None, "planned"), unit("庚镇", 2022, None, "exhorted")]).reason == "none"


def test_wider_intervals_never_make_a_first_place_surer() -> None:
    narrow = find_first([unit("甲镇", 2018, 2019), unit("乙乡", 2019, 2020)])
    wide = find_first([unit("甲镇", 2018, 2020), unit("乙乡", 2018, 2020)])
    assert narrow.separable and not wide.separable


def test_shares_come_with_intervals_that_hold_them() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(5, 10)
    assert low == pytest.approx(0.2366, abs=1e-3) and high == pytest.approx(0.7634, abs=1e-3)
    everything = WHOLE.channels[0]
    assert everything.total == len(ARROWS) and sum(share.count for share in everything.shares) == len(ARROWS)
    assert {group.group for group in WHOLE.channels} == {None, "cn:350524", "2019", "2020", "2021", "2022"}


# -- words -----------------------------------------------------------------------------------------------------------------------------------------


def test_every_word_is_there_in_both_languages() -> None:
    assert all(words.keys() == {"zh", "en"} and all(words.values()) for words in labels().values())
    blanks = {name: [{field for _, field, _, _ in Formatter().parse(words[lang]) if field} for lang in ("zh", "en")] for name, words in labels().items()}
    assert all(field.isidentifier() for pair in blanks.values() for fields in pair for field in fields)


@pytest.mark.parametrize("t", [ZH, EN])
def test_the_banner_tells_what_is_missing_and_never_speaks_of_an_origin(t: Any) -> None:
    line = write_banner(t, WHOLE.banner)
    assert all(str(number) in line for number in (24, 18, 6)) and "20%" in line
    assert write_interval(t, 2018, 2019).count("2019") == 1
    assert "2020" in write_interval(t, 2019, 2021) and "2019" not in write_interval(t, 2019, 2021)
    clear = story([unit("甲镇", 2018, 2019), unit("乙乡", 2019, 2020)], [])
    assert "甲镇" in write_first(t, clear) and ("不是说它是起源" in write_first(t, clear) or "not make it the origin" in write_first(t, clear))


def test_an_arrow_says_its_reason_and_its_sentence() -> None:
    words = write_arrow(ZH, ARROWS[1])
    assert "只凭时间先后" in words and "丙镇学习借鉴。" in words and "80%" in words
    assert [style_of(each) for each in ARROWS] == ["peer_text", "peer_time", "above_time", None, None]


def test_known_history_is_cited_and_names_programs_and_places_that_exist() -> None:
    import vocabulary

    names = {entry["name"] for entry in vocabulary.load("programs")}
    assert {name for event in read_events() for name in event.programs} <= names
    assert all(event.cited and event.event.keys() == {"zh", "en"} for event in read_events())
    assert all(event.place == "cn" or event.place in gazetteer().places for event in read_events())
    assert [event.year for event in list_events("program:河长制")] == [2007, 2016]
    assert [event.year for event in list_events("法律明白人")] == [2015, 2021]
    assert list_events("没有这个做法") == ()


# -- pictures --------------------------------------------------------------------------------------------------------------------------------------


def drawn(chart: rendering.Chart) -> etree._Element:
    return etree.fromstring(rendering.draw_svg(chart).encode())


def titles(picture: etree._Element) -> list[str]:
    return [title.text or "" for title in picture.iter("{http://www.w3.org/2000/svg}title")]


def values_of(chart: rendering.Chart, layer: dict[str, Any]) -> list[dict[str, Any]]:
    data = layer["data"]
    return data["values"] if "values" in data else chart.spec["datasets"][data["name"]]  # type: ignore[index]


def words_of(picture: etree._Element) -> str:
    return "".join(picture.itertext())


def test_a_timeline_draws_intervals_missing_years_and_what_was_there_before() -> None:
    chart = draw_timeline(WHOLE, ZH)
    layers = chart.spec["layer"]  # type: ignore[index]
    hatches = next(layer for layer in layers if layer["mark"].get("strokeWidth") == 1)
    assert len(values_of(chart, hatches)) == 5 * len(UNITS)  # five strokes for the one year that each lacks
    bars = values_of(chart, next(layer for layer in layers if layer["mark"].get("cornerRadius")))
    assert [(bar["from"], bar["to"]) for bar in bars] == [(2018.5, 2019.5), (2019.5, 2020.5), (2019.5, 2021.5), (2020.5, 2022.5), (2018.5, 2021.5)]
    picture = drawn(chart)
    assert any("戊乡" in title and "本库开始时已有" in title for title in titles(picture))
    assert "缺 6 份" in words_of(picture) and "不是起源" in words_of(picture) and WHOLE.snapshot in words_of(picture)
    assert [row[0] for row in chart.rows] == [each.place for each in UNITS]


def test_of_too_many_rows_those_first_seen_are_drawn_and_the_title_says_so() -> None:
    many = [unit(f"第{number}镇", 2018 + number % 4, 2019 + number % 4) for number in range(200)]
    assert len(choose_rows(many)) == 150 and {each.t_upper for each in choose_rows(many, 50)} == {2019}
    chart = draw_timeline(story(many, []), ZH)
    assert "150" in str(chart.spec["title"]["subtitle"]) and len(chart.rows) == 200  # type: ignore[index]


def test_a_tree_puts_everyone_beneath_its_source_and_every_arrow_has_reason_and_evidence() -> None:
    nodes, arrows = lay_out(WHOLE, ZH)
    row = {node.id: node.row for node in nodes}
    assert sorted(row.values()) == list(range(len(nodes))) and len(arrows) == 3
    assert all(source.row < target.row for source, target, _ in arrows)
    picture = drawn(draw_tree(WHOLE, ZH))
    pointed = titles(picture)
    for one in ARROWS[:3]:
        assert any(f"→ {one.target_name}" in title and f"{one.target_name}学习借鉴。" in title for title in pointed), one
    assert "只凭时间" in words_of(picture)


def test_arrows_in_a_circle_are_drawn_without_end() -> None:
    circle = story([unit("甲镇", 2018, 2020), unit("乙乡", 2018, 2020)], [arrow("甲镇", "乙乡", "sibling", "text"), arrow("乙乡", "甲镇", "sibling", "text")])
    nodes, arrows = lay_out(circle, ZH)
    assert len(nodes) == 2 and len(arrows) == 2
    assert titles(drawn(draw_tree(circle, ZH)))


def test_the_other_pictures_carry_their_numbers() -> None:
    flow = Variants(
        family="program:积分制",
        uses=(
            VariantUse(program="program:积分制", name="积分制", members=("机关", "乡村"), stated=(), places=2, first_seen=2019),
            VariantUse(program="program:道德积分制", name="道德积分制", members=(), stated=(), places=1, first_seen=2021),
        ),
        steps=(
            VariantStep(year=2019, before_year=None, before=(), now=("积分制",), places=2),
            VariantStep(year=2021, before_year=2019, before=("积分制",), now=("道德积分制",), places=1),
        ),
    )  # fmt: skip
    pictures = [
        draw_channels(WHOLE, ZH), draw_first(WHOLE, ZH), draw_first(story([unit("甲镇", 2018, 2020), unit("乙乡", 2019, 2021)], []), EN),
        draw_maps(WHOLE, ZH, PRESENT), draw_coverage(WHOLE, ZH, PRESENT), draw_variants(WHOLE, ZH, flow),
    ]  # fmt: skip
    for chart in pictures:
        assert chart.rows and all(len(row) == len(chart.columns) for row in chart.rows), chart.name
        assert WHOLE.snapshot in words_of(drawn(chart)), chart.name
    maps = {(year, where): state for year, where, state, *_ in pictures[3].rows}
    assert maps[2020, place("乙乡")] == "now" and maps[2022, place("乙乡")] == "seen" and maps[2021, place("己镇")] == "missing"
    assert ("cn:350524", "安溪县", 2021, 0, 6, 0.0) in pictures[4].rows


def test_names_cannot_break_out_of_a_picture_or_a_page() -> None:
    nasty = '<script>alert("1")</script>'
    broken = story([unit(nasty, 2018, 2019), unit("乙乡", 2019, 2020)], [arrow("乙乡", nasty, "sibling", "text")])
    page = render_page(broken, Slots(PRESENT, 0), None, "zh")
    assert "<script" not in page
    assert any(nasty in title for title in titles(drawn(draw_timeline(broken, ZH))))


def test_a_handed_page_needs_nothing_from_elsewhere_and_is_the_same_each_time() -> None:
    page = render_page(WHOLE, Slots(PRESENT, 0), None, "en")
    document = etree.HTML(page)
    assert not document.xpath("//script|//link|//img|//iframe|//object") and not document.xpath("//@href|//@src")
    assert "@import" not in page and "url(" not in page.replace("url(#", "")
    assert len(document.xpath("//*[local-name()='svg']")) == 6
    assert "never the origin" in page and "丁镇学习借鉴。" in page and WHOLE.snapshot in page
    assert page == render_page(WHOLE, Slots(PRESENT, 0), None, "en")


def test_a_practice_that_nobody_states_gets_no_confident_picture() -> None:
    empty = story([unit("己镇", 2022, None, "planned")], [])
    page = render_page(empty, Slots(PRESENT, 0), None, "zh")
    assert "没有报告写明在做" in page and "picture-tree" not in page and "picture-timeline" not in page


# -- side by side ----------------------------------------------------------------------------------------------------------------------------------


def pair(a: str, a_span: tuple[int, int], b: str, b_span: tuple[int, int], kind: Any = "copy", direction: Any = "a->b") -> Pair:
    return Pair(
        a=a, a_start=a_span[0], a_end=a_span[1], b=b, b_start=b_span[0], b_end=b_span[1], aligned=4, identity=0.9, kind=kind, direction=direction,
        evidence="covered year" if direction != "none" else "", template="t1" if kind == "template" else None,
    )  # fmt: skip


def test_two_reports_side_by_side_keep_their_texts_and_number_what_they_share() -> None:
    left, right = ("甲.txt", "零一二三四五六七八九"), ("乙.txt", "九八七六五四三二一零")
    pairs = [
        pair("乙.txt", (1, 4), "甲.txt", (6, 9)),
        pair("甲.txt", (0, 3), "乙.txt", (5, 8), direction="none"),
        pair("丙.txt", (0, 4), "甲.txt", (2, 6), kind="template"),
        pair("丙.txt", (0, 9), "乙.txt", (0, 9)),  # a third report's words are no concern of these two
    ]
    found = lay_beside(left, right, pairs)
    assert "".join(stretch.text for stretch in found.left) == left[1] and "".join(stretch.text for stretch in found.right) == right[1]
    assert [(one.number, one.left_start, one.right_start, one.direction) for one in found.passages] == [(1, 0, 5, "none"), (2, 6, 1, "left")]
    assert [(stretch.text, stretch.kind, stretch.number) for stretch in found.left] == [
        ("零一二", "shared", 1), ("三四五", "template", None), ("六七八", "shared", 2), ("九", "plain", None),
    ]  # fmt: skip
    assert (found.shared, found.template) == ((6, 6), (3, 0))


def test_reports_that_share_nothing_stay_plain() -> None:
    found = lay_beside(("甲.txt", "一"), ("乙.txt", ""), [])
    assert [stretch.kind for stretch in found.left] == ["plain"] and found.right == () and found.passages == ()


def test_a_curve_shows_its_bounds_its_risk_set_and_why_nothing_is_fitted() -> None:
    years = tuple(
        CurveYear(
            year=2019 + at, observed=4, missing=2, at_risk=4 - at, events=1, adopted=at + 1, open=1, share=(at + 1) / 5, lower=(at + 1) / 6, upper=(at + 2) / 6
        )
        for at in range(4)
    )
    estimate = Estimate(name="turnbull", values=(0.1, 0.3, None, 0.6), low=(0.0, 0.1, None, 0.4), high=(0.2, 0.5, None, 0.8))
    curve = Curve(
        program="program:积分制", years=years, estimates=(estimate,), fits=(), chosen=None, rivals=(), reading=None, reading_refused=None,
        refused=Refused(code="few_events", reason="Only 3 adoptions are seen."), mandates=(Act(superior="cn:350524", year=2021),), caveats=(), eligible=6,
        adopters=4, left_censored=1, events=3, outside=0, mention_rate=0.9, seed=1, resamples=0,
    )  # fmt: skip
    chart = draw_curve(WHOLE, ZH, curve)
    words = words_of(drawn(chart))
    assert "Only 3 adoptions are seen." in words and "安溪县 2021" in words and "由区间估计" in words
    assert len(chart.rows) == 8 and all(len(row) == len(chart.columns) for row in chart.rows)
    page = render_page(WHOLE, Slots(PRESENT, 0), None, "zh", curve)
    assert 'id="picture-curve"' in page


def test_robustness_shows_the_median_and_the_worst_of_each_change() -> None:
    def shaken(name: str, tau: float | None) -> Shaken:
        least = None if tau is None else tau - 0.2
        return Shaken(name=name, tries=5, tau=tau, least_tau=least, jaccard=0.8, least_jaccard=0.7, holding=0.9, same_label=None, numbers=())

    block = Robustness(
        hidden=(shaken("hidden_10", 0.9), shaken("hidden_30", None)), counties=shaken("counties", 0.5), weightiest="安溪县", templates=None, templated=0,
        mentions=3, reversed=None, seed=1, draws=5, caveats=(),
    )  # fmt: skip
    chart = draw_robustness(WHOLE, EN, block)
    picture = drawn(chart)
    assert (
        any("reports hidden: 10 %" in said and "0.90 (0.70)" in said for said in titles(picture))
        and "安溪县" in words_of(picture)
        and "each county left out (5)" in words_of(picture)
    )
    assert [row[0] for row in chart.rows] == ["hidden_10", "hidden_30", "counties"]


# -- over all practices ----------------------------------------------------------------------------------------------------------------------------


def claim(where: str, lower: int | None, upper: int, program: str = "program:积分制") -> Adoption:
    return Adoption(place=where, program=program, status="adopted", t_lower=lower, t_upper=upper, censored=None, p=1.0, facts=())


def test_a_county_is_first_where_one_of_its_townships_is_and_no_interval_leaves_a_doubt() -> None:
    rows = [claim("cn:350524/甲镇", 2018, 2019), claim("cn:350524/乙乡", 2020, 2021), claim("cn:350526/丙镇", 2019, 2020), claim("cn:350525/丁镇", None, 2022)]
    spans = span_counties(rows)
    assert spans == {"cn:350524": (2018.0, 2019), "cn:350526": (2019.0, 2020), "cn:350525": (-math.inf, 2022)}
    leads = rank_leads([spans] * 8)
    assert [(lead.leader, lead.other, lead.before, lead.after, lead.score) for lead in leads] == [("cn:350524", "cn:350526", 8, 0, round(8 / 12, 4))]
    assert leads[0].p == pytest.approx(2 / 2**8, abs=1e-6) and leads[0].q == leads[0].p


def test_orders_that_go_both_ways_lead_nowhere() -> None:
    first, second = {"a": (2018.0, 2019), "b": (2019.0, 2020)}, {"a": (2019.0, 2020), "b": (2018.0, 2019)}
    (lead,) = rank_leads([first, second] * 5)
    assert (lead.before, lead.after, lead.score, lead.p) == (5, 5, 0.0, 1.0)
    assert rank_leads([{"a": (2018.0, 2020), "b": (2018.0, 2020)}]) == []


def test_the_matrix_names_both_counties_of_every_cell() -> None:
    spans = [{"cn:350524": (2018.0, 2019), "cn:350526": (2019.0, 2020)}] * 8
    found = Leads(snapshot="feed", banner=WHOLE.banner, programs=8, counties=("cn:350524", "cn:350526"), leads=tuple(rank_leads(spans)))
    chart = draw_leadlag(found, ZH)
    words = words_of(drawn(chart))
    assert "8:0" in words and "0:8" in words and "德化县 350526" in words and "缺 6 份" in words
    assert len(chart.rows) == 1 and len(chart.rows[0]) == len(chart.columns)


def test_a_layer_without_marks_is_no_picture_without_words() -> None:
    import altair as alt

    layers = [alt.Chart(alt.Data(values=values)).mark_point().encode(x="x:Q", description="said:N") for values in ([], [{"x": 1, "said": "甲溪镇"}])]  # type: ignore[arg-type]
    marks = drawn(rendering.Chart(name="layers", spec=alt.layer(*layers).to_dict(), columns=(), rows=())).xpath("//*[@role='graphics-symbol']")
    assert marks
    assert all(mark.get("aria-label") for mark in marks)
