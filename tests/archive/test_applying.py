"""The pure rule: what decisions make of an analysis, and how they find their fact again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.anchors import find_fact, make_anchor
from archive.applying import MARK, apply_reviews
from archive.reviews import Applied, Part, Review
from ingest.ids import fact_id, report_id
from ingest.model import Analysis, Fact, Finding, Frame, Issuer, Node

KEY = "甲溪镇2023.txt"
HOME = "cn:350524/甲溪镇"
TEXT = "甲溪镇2023年法治政府建设情况报告\n全镇深入开展“法律八进”活动，建成“茶香室”调解工作室。全年调解矛盾纠纷126件。\n我镇还推行红灯笼议事会，群众满意。\n"
CHAIN = (
    Node(id="cn:350524", labels=("Place", "County"), name="安溪县", properties={"parent": "cn:3505"}),
    Node(id="cn:3505", labels=("Place", "Prefecture"), name="泉州市", properties={"parent": "cn:35"}),
    Node(id="cn:35", labels=("Place", "Province"), name="福建省"),
)


def make_fact(type: str, surface: str, text: str = TEXT, nth: int = 0, **fields: Any) -> Fact:
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    end = start + len(surface)
    name = fields.get("indicator") or fields.get("canonical")
    id = fact_id(KEY, type, fields.get("relation"), fields.get("subject"), fields.get("object"), start, end, name)
    return Fact(id=id, doc=KEY, type=type, surface=surface, start=start, end=end, confidence=0.8, **fields)  # type: ignore[arg-type]


PROGRAM = make_fact("program", "“法律八进”活动", canonical="法律八进", node="program:法律八进")
ADOPTS = make_fact("relation", "“法律八进”活动", relation="ADOPTS", subject="甲溪镇", subject_node=HOME, object="法律八进", object_node="program:法律八进")
ROOM = make_fact("mediation_room", "“茶香室”调解工作室", canonical="茶香室", node=f"room:{HOME}/茶香室")
OPERATES = make_fact(
    "relation", "“茶香室”调解工作室", relation="OPERATES", subject="甲溪镇", subject_node=HOME, object="茶香室", object_node=f"room:{HOME}/茶香室"
)
PLACE = make_fact("place", "甲溪镇", canonical="福建省泉州市安溪县甲溪镇", node=HOME)
COUNT = make_fact(
    "metric", "全年调解矛盾纠纷126件", indicator="调解矛盾纠纷", indicator_id="disputes_mediated", value=126, unit="件", subject="甲溪镇", subject_node=HOME
)
LANTERN = make_fact("program", "红灯笼议事会", canonical="红灯笼议事会", node="program:红灯笼议事会")
FACTS = tuple(sorted((PROGRAM, ADOPTS, ROOM, OPERATES, PLACE, COUNT, LANTERN), key=lambda fact: (fact.start, fact.end, fact.type, fact.id)))
ANALYSIS = Analysis(
    doc=KEY,
    frame=Frame(
        place=HOME,
        place_name="甲溪镇",
        path=("福建省", "泉州市", "安溪县", "甲溪镇"),
        level="township",
        status="resolved",
        year=2023,
        issuers=(Issuer(name="甲溪镇人民政府", node=f"body:{HOME}/甲溪镇人民政府"),),
    ),
    facts=FACTS,
    nodes=(
        Node(id=f"body:{HOME}/甲溪镇人民政府", labels=("Body",), name="甲溪镇人民政府", properties={"place": HOME}),
        *CHAIN,
        Node(id=HOME, labels=("Place", "Township"), name="甲溪镇", properties={"parent": "cn:350524"}),
        Node(id="program:法律八进", labels=("Program",), name="法律八进", properties={"family": "法律进"}),
        Node(id="program:红灯笼议事会", labels=("Program",), name="红灯笼议事会"),
        Node(id=f"room:{HOME}/茶香室", labels=("MediationRoom",), name="茶香室", properties={"place": HOME}),
    ),
    findings=(Finding(id="f", kind="two_values", severity="note", message_zh="", message_en="", facts=(COUNT.id,)),),
)


def on(fact: Fact, action: str, id: int = 1, text: str = TEXT, **more: Any) -> Review:
    return Review(id=id, action=action, user="u", created="2026", report=report_id(KEY), key=KEY, anchor=make_anchor(fact, text), **more)  # type: ignore[arg-type]


def about(node: str, action: str, id: int = 1, **more: Any) -> Review:
    return Review(id=id, action=action, user="u", created="2026", node=node, **more)  # type: ignore[arg-type]


def apply(*reviews: Review, analysis: Analysis = ANALYSIS, text: str = TEXT) -> Applied:
    return apply_reviews(analysis, reviews, text)


def fact_of(applied: Applied, former: Fact) -> Fact | None:
    return next((fact for fact in applied.analysis.facts if fact.id == former.id), None)


def test_without_a_review_nothing_is_touched() -> None:
    assert apply().analysis is ANALYSIS
    assert apply(msgspec.structs.replace(on(PROGRAM, "reject"), undone="2026")).analysis is ANALYSIS
    assert apply(msgspec.structs.replace(on(PROGRAM, "reject"), report="0" * 16)).analysis is ANALYSIS


def test_an_accepted_fact_is_certain_and_marked_and_says_nothing_else() -> None:
    found = fact_of(apply(on(PROGRAM, "accept")), PROGRAM)
    assert found == msgspec.structs.replace(PROGRAM, confidence=1.0, attrs={MARK: "accepted"})


def test_a_rejected_fact_takes_the_relations_that_rest_on_it_along_and_its_findings() -> None:
    applied = apply(on(PROGRAM, "reject", 1), on(COUNT, "reject", 2))
    assert {fact.id for fact in FACTS} - {fact.id for fact in applied.analysis.facts} == {PROGRAM.id, ADOPTS.id, COUNT.id}
    assert applied.analysis.findings == ()
    assert "program:法律八进" not in {node.id for node in applied.analysis.nodes}
    assert {node.id for node in CHAIN} <= {node.id for node in applied.analysis.nodes}


def test_a_relation_stays_where_another_mention_in_its_evidence_names_its_end() -> None:
    again = msgspec.structs.replace(PROGRAM, id=f"{PROGRAM.id}x", surface="法律八进", start=PROGRAM.start + 1, end=PROGRAM.start + 5)
    applied = apply(on(PROGRAM, "reject"), analysis=msgspec.structs.replace(ANALYSIS, facts=(*FACTS, again)))
    assert fact_of(applied, PROGRAM) is None
    assert fact_of(applied, ADOPTS) == ADOPTS


def test_a_linked_fact_means_its_target_and_its_relations_follow() -> None:
    target = Node(id="program:法律七进", labels=("Program",), name="法律七进")
    applied = apply(on(PROGRAM, "link", target=target.id, nodes=(target,)))
    linked, adopts = fact_of(applied, PROGRAM), fact_of(applied, ADOPTS)
    assert linked and (linked.node, linked.canonical, linked.confidence, linked.attrs) == (target.id, "法律七进", 1.0, {MARK: "linked"})
    assert adopts and (adopts.object_node, adopts.object, adopts.subject_node) == (target.id, "法律七进", HOME)
    assert target in applied.analysis.nodes


def test_an_undecided_place_is_decided() -> None:
    open_one = msgspec.structs.replace(PLACE, node=None, canonical="甲溪镇", attrs={"status": "ambiguous", "candidates": ["cn:1", "cn:2"]})
    target = Node(id="cn:350525/甲溪镇", labels=("Place", "Township"), name="甲溪镇", properties={"parent": "cn:350525"})
    county = Node(id="cn:350525", labels=("Place", "County"), name="永春县", properties={"parent": "cn:3505"})
    analysis = msgspec.structs.replace(ANALYSIS, facts=(open_one,))
    linked = fact_of(apply(on(open_one, "link", target=target.id, nodes=(target, county)), analysis=analysis), open_one)
    assert linked and (linked.node, linked.canonical, linked.attrs) == (target.id, "永春县甲溪镇", {MARK: "linked", "level": "township"})


def test_one_end_of_a_relation_and_the_indicator_of_a_number_can_be_linked() -> None:
    body = Node(id=f"body:{HOME}/甲溪镇人民政府", labels=("Body",), name="甲溪镇人民政府")
    indicator = Node(id="indicator:disputes_resolved", labels=("Indicator",), name="化解成功矛盾纠纷数")
    applied = apply(on(OPERATES, "link", 1, target=body.id, nodes=(body,), end="subject"), on(COUNT, "link", 2, target=indicator.id, nodes=(indicator,)))
    operates, count = fact_of(applied, OPERATES), fact_of(applied, COUNT)
    assert operates and (operates.subject_node, operates.subject, operates.object_node) == (body.id, body.name, ROOM.node)
    assert count and (count.indicator_id, count.canonical, count.value, count.node) == ("disputes_resolved", "化解成功矛盾纠纷数", 126, None)


def test_a_merged_node_is_its_target_everywhere() -> None:
    target = Node(id="program:红灯笼", labels=("Program",), name="红灯笼")
    applied = apply(about("program:红灯笼议事会", "merge", target=target.id, nodes=(target,)))
    lantern = fact_of(applied, LANTERN)
    assert lantern and (lantern.node, lantern.canonical, lantern.surface) == (target.id, "红灯笼", "红灯笼议事会")
    ids = {node.id for node in applied.analysis.nodes}
    assert target.id in ids and "program:红灯笼议事会" not in ids


def unnamed() -> Analysis:
    """The same report where the text does not name its township."""
    raw = msgspec.json.encode(ANALYSIS).decode().replace(HOME, "cn:350524/?1a2b3c4d").replace("甲溪镇", "安溪县某镇（未具名）")
    analysis = msgspec.json.decode(raw, type=Analysis)
    frame = msgspec.structs.replace(analysis.frame, status="unresolved", path=("福建省", "泉州市", "安溪县"), candidates=(HOME,))
    facts = tuple(msgspec.structs.replace(fact, surface=old.surface, doc=KEY) for fact, old in zip(analysis.facts, FACTS, strict=True))
    return msgspec.structs.replace(analysis, doc=KEY, frame=frame, facts=facts)


def test_a_township_that_is_found_out_takes_all_that_lies_in_it_along() -> None:
    review = about("cn:350524/?1a2b3c4d", "merge", target=HOME, nodes=(ANALYSIS.nodes[4], *CHAIN))
    applied = apply(review, analysis=unnamed()).analysis
    frame = applied.frame
    assert (frame.place, frame.place_name, frame.status, frame.candidates, frame.level) == (HOME, "甲溪镇", "resolved", (), "township")
    assert (frame.path, frame.place_evidence) == (("福建省", "泉州市", "安溪县", "甲溪镇"), ("review",))
    assert frame.issuers == ANALYSIS.frame.issuers
    assert [(fact.node, fact.canonical, fact.subject_node, fact.subject, fact.object_node, fact.object) for fact in applied.facts] == [
        (fact.node, fact.canonical, fact.subject_node, fact.subject, fact.object_node, fact.object) for fact in FACTS
    ]
    assert applied.nodes == tuple(sorted(ANALYSIS.nodes, key=lambda node: node.id))


def test_a_split_is_about_the_reports_that_it_names() -> None:
    other = Node(id="program:红灯笼议事会~2", labels=("Program",), name="红灯笼议事会（甲溪镇）")
    split = about("program:红灯笼议事会", "split", target=other.id, nodes=(other,), reports=(Part(report_id(KEY), KEY),))
    assert {node.id for node in apply(split).analysis.nodes} >= {other.id}
    elsewhere = msgspec.structs.replace(split, reports=(Part("0" * 16, "x"),))
    assert apply(elsewhere) == Applied(analysis=ANALYSIS)
    gone = apply(split, analysis=msgspec.structs.replace(ANALYSIS, facts=(), nodes=()))
    assert [effect.reason for effect in gone.unapplied] == ["the report does not speak of program:红灯笼议事会 any more"]


def test_a_new_name_is_shown_and_the_old_one_kept_as_an_alias() -> None:
    applied = apply(about("program:红灯笼议事会", "rename", name="红灯笼议事"), about(HOME, "rename", 2, name="甲溪新镇"))
    lantern, place = fact_of(applied, LANTERN), fact_of(applied, PLACE)
    assert lantern and place and (lantern.canonical, place.canonical) == ("红灯笼议事", "福建省泉州市安溪县甲溪新镇")
    node = next(node for node in applied.analysis.nodes if node.id == LANTERN.node)
    assert (node.name, node.properties["aliases"]) == ("红灯笼议事", ["红灯笼议事会"])
    assert (applied.analysis.frame.place_name, applied.analysis.frame.path[-1]) == ("甲溪新镇", "甲溪新镇")


def test_decisions_on_nodes_follow_one_another_and_names_come_last() -> None:
    b, c = Node(id="program:乙", labels=("Program",), name="乙"), Node(id="program:丙", labels=("Program",), name="丙")
    reviews = (
        about(b.id, "rename", 1, name="乙新"),
        about("program:红灯笼议事会", "merge", 2, target=b.id, nodes=(b,)),
    )
    lantern = fact_of(apply(*reviews), LANTERN)
    assert lantern and (lantern.node, lantern.canonical) == (b.id, "乙新")
    onwards = apply(*reviews, about(b.id, "merge", 3, target=c.id, nodes=(c,)))
    lantern = fact_of(onwards, LANTERN)
    assert lantern and (lantern.node, lantern.canonical) == (c.id, "丙")
    assert [effect.review for effect in onwards.effects] == [2, 3]  # no node is called 乙 any more


def test_a_fact_is_found_although_its_node_was_merged_away() -> None:
    target = Node(id="program:红灯笼", labels=("Program",), name="红灯笼")
    merge = about("program:红灯笼议事会", "merge", 1, target=target.id, nodes=(target,))
    lantern = fact_of(apply(merge, on(LANTERN, "accept", 2)), LANTERN)
    assert lantern and (lantern.node, lantern.confidence) == (target.id, 1.0)


def test_the_last_word_on_a_fact_counts_and_the_others_say_so() -> None:
    applied = apply(on(PROGRAM, "accept", 1), on(PROGRAM, "reject", 2))
    assert fact_of(applied, PROGRAM) is None
    assert [(effect.review, effect.applied, effect.reason) for effect in applied.effects] == [
        (1, False, "review 2 decides on the same fact, and is newer"), (2, True, "")
    ]  # fmt: skip


def test_an_acceptance_does_not_vouch_for_another_number() -> None:
    wrong = msgspec.structs.replace(ANALYSIS, facts=(msgspec.structs.replace(COUNT, value=1260),))
    applied = apply(on(COUNT, "accept"), analysis=wrong)
    assert applied.analysis == wrong
    assert [effect.reason for effect in applied.unapplied] == ["the fact says something else now: value 126 → 1260"]
    again = msgspec.structs.replace(ANALYSIS, facts=(msgspec.structs.replace(COUNT, id="another", rule="new", confidence=0.1, canonical="另一种叫法"),))
    assert apply(on(COUNT, "accept"), analysis=again).analysis.facts[0].confidence == 1.0


def test_a_rejection_holds_whatever_newer_rules_say_there() -> None:
    newer = msgspec.structs.replace(PROGRAM, id="another", node="program:别的", canonical="别的", modality="planned")
    assert apply(on(PROGRAM, "reject"), analysis=msgspec.structs.replace(ANALYSIS, facts=(newer,))).analysis.facts == ()


# -- where a fact has gone --------------------------------------------------------------------------------------------------------------------------

LINE = "本镇深入开展法律八进活动，效果良好。"


def mentions(text: str) -> list[Fact]:
    """Every mention of 法律八进 as the rules would give it."""
    starts = [index for index in range(len(text)) if text.startswith("法律八进", index)]
    return [Fact(id=f"r-{start}", doc=KEY, type="program", surface="法律八进", start=start, end=start + 4, canonical="法律八进") for start in starts]


fillers = st.lists(
    st.sampled_from(["县里要求各镇抓好法律八进工作落实。", "全年召开会议三次。\n", "法律八进成效明显提升很快。", "  \r\n", "依法行政。"]), max_size=6
)


@given(before=fillers, after=fillers, other_before=fillers, other_after=fillers)
def test_a_sentence_that_moved_is_found_by_its_words(before: list[str], after: list[str], other_before: list[str], other_after: list[str]) -> None:
    old, new = "".join([*before, LINE, *after]), "".join([*other_before, LINE, *other_after])
    wanted = old.index(LINE) + LINE.index("法律八进")
    (fact,) = [fact for fact in mentions(old) if fact.start == wanted]
    found = find_fact(make_anchor(fact, old), mentions(new), new)
    assert isinstance(found, Fact), found
    assert found.start == new.index(LINE) + LINE.index("法律八进")


@given(before=fillers, after=fillers, breaks=st.sets(st.integers(0, 120), max_size=8))
def test_line_ends_and_blanks_in_between_make_no_difference(before: list[str], after: list[str], breaks: set[int]) -> None:
    old = "".join([*before, LINE, *after])
    place = old.index(LINE) + LINE.index("法律八进")
    (fact,) = [fact for fact in mentions(old) if fact.start == place]
    new = "".join(f"\n {character}" if index in breaks and not place < index < place + 4 else character for index, character in enumerate(old))
    moved = [fact.start for fact in mentions(new)]
    found = find_fact(make_anchor(fact, old), mentions(new), new)
    kept = [start for start, former in zip(moved, mentions(old), strict=True) if former.start == place] if len(moved) == len(mentions(old)) else moved
    assert isinstance(found, str) or found.start in kept


@given(before=fillers, after=fillers, other=fillers)
def test_where_the_sentence_is_gone_no_other_mention_is_taken_for_it(before: list[str], after: list[str], other: list[str]) -> None:
    old, new = "".join([*before, LINE, *after]), "".join(other)
    (fact,) = [fact for fact in mentions(old) if fact.start == old.index(LINE) + LINE.index("法律八进")]
    found = find_fact(make_anchor(fact, old), mentions(new), new)
    if isinstance(found, Fact):  # only where what stands around is the same all the same: the sentence before or after it
        squeezed = "".join(new.split())
        assert any(part and "".join(part.split())[-8:] in squeezed for part in ("".join(before), "".join(after)))


@given(text=st.text("甲乙法律八进，。\n ", max_size=60), at=st.integers(0, 59))
def test_in_an_unchanged_text_every_fact_is_found_where_it_is(text: str, at: int) -> None:
    found = mentions(text)
    if found:
        fact = found[at % len(found)]
        assert find_fact(make_anchor(fact, text), found, text) == fact


def test_equal_surroundings_stay_open_unless_the_offsets_tell() -> None:
    row = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月法律八进盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜\n"
    old, new = row * 3, "x" + row * 3
    fact = mentions(old)[1]
    assert find_fact(make_anchor(fact, old), mentions(old), old) == fact
    assert find_fact(make_anchor(fact, old), mentions(new), new) == "several places say “法律八进” in the same surroundings"


def test_of_several_facts_in_one_place_the_same_one_is_meant() -> None:
    zeros = [
        Fact(id=f"z{number}", doc=KEY, type="metric", surface="未发生甲、乙、丙", start=0, end=8, indicator=name, value=0)
        for number, name in enumerate("甲乙丙")
    ]
    renumbered = [msgspec.structs.replace(fact, id=f"new{fact.id}") for fact in zeros]
    text = "未发生甲、乙、丙。"
    assert find_fact(make_anchor(zeros[1], text), renumbered, text) == renumbered[1]
    assert (
        find_fact(make_anchor(zeros[1], text), [renumbered[0], renumbered[2]], text)
        == "2 facts of this type stand at “未发生甲、乙、丙” now, and none is the same as before"
    )
    assert find_fact(make_anchor(zeros[1], text), [], "全镇平安。") == "the text does not say “未发生甲、乙、丙” any more"
    assert find_fact(make_anchor(zeros[1], text), [], text) == "the rules find no metric “未发生甲、乙、丙” there any more"


decisions = st.lists(
    st.one_of(
        st.builds(lambda fact, action: ("fact", action, fact), st.sampled_from(FACTS), st.sampled_from(["accept", "reject"])),
        st.builds(
            lambda node, target: ("node", node, target),
            st.sampled_from(["program:法律八进", "program:红灯笼议事会", HOME, f"room:{HOME}/茶香室"]), st.sampled_from(["program:甲", "program:乙", "cn:350524/乙岭乡"]),
        ),
    ),
    max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("moved", [False, True])
@given(made=decisions)
def test_evidence_stays_a_slice_of_the_original_and_undoing_all_gives_the_rules_facts(moved: bool, made: list[Any]) -> None:
    reviews = []
    for number, decision in enumerate(made, 1):
        if decision[0] == "fact":
            reviews.append(on(decision[2], decision[1], number))
        else:
            node = Node(id=decision[2], labels=("Place", "Township") if decision[2].startswith("cn:") else ("Program",), name=decision[2][-1])
            reviews.append(about(decision[1], "merge", number, target=decision[2], nodes=(node,)))
    text, analysis = TEXT, ANALYSIS
    if moved:
        text = f"（抄送稿）\n{TEXT}"
        facts = tuple(msgspec.structs.replace(fact, id=f"{fact.id}m", start=fact.start + 6, end=fact.end + 6) for fact in FACTS)
        analysis = msgspec.structs.replace(ANALYSIS, facts=facts)
    applied = apply_reviews(analysis, reviews, text)
    before = {fact.id: fact for fact in analysis.facts}
    for fact in applied.analysis.facts:
        assert text[fact.start : fact.end] == fact.surface == before[fact.id].surface
    named = {id for fact in applied.analysis.facts for id in (fact.node, fact.subject_node, fact.object_node) if id}
    assert named <= {node.id for node in applied.analysis.nodes}
    assert apply_reviews(analysis, reviews, text) == applied
    assert apply_reviews(analysis, [msgspec.structs.replace(review, undone="2026") for review in reviews], text).analysis is analysis
