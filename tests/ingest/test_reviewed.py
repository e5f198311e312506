"""Accepted and rejected names in the facts: rules read the overlay, and leave no trace of it once it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fazhi.reviewed import adopt
from ingest.model import Analysis, Fact, Source
from ingest.pipeline import load_pipeline
from ingest.reviewed import own_name
from vocabulary.overlay import EMPTY, Overlay, make_overlay, read_decision

TEXT = (
    "安溪县参内镇人民政府2023年法治政府建设情况报告\n"
    "一、主要工作情况\n"
    "（一）抓治理。推行“灯下议事坊”工作法，建立镇灯塔建设服务专班。由灯塔建设服务专班牵头，全年开展灯下议事26场，走访群众300户。\n"
    "（二）抓宣传。用好“云上调解圈”APP，深入开展法律八进活动。\n"
)


@pytest.fixture(autouse=True)
def packaged() -> Iterator[None]:
    adopt(EMPTY)
    yield
    adopt(EMPTY)


def overlay(*rows: dict[str, Any]) -> Overlay:
    return make_overlay(read_decision(row, "test.yaml") for row in rows)


def read(text: str = TEXT) -> Analysis:
    return load_pipeline().analyse(Source(key="a.txt", text=text))


def facts(analysis: Analysis, type: str, name: str) -> list[Fact]:
    return [fact for fact in analysis.facts if fact.type == type and name in (fact.canonical or "")]


def test_a_rejected_program_is_none_and_states_no_adoption() -> None:
    before = read()
    assert facts(before, "program", "灯下议事坊")
    assert any(fact.type == "relation" and fact.object_node == "program:灯下议事坊" for fact in before.facts)
    adopt(overlay({"kind": "program", "name": "“灯下议事坊”", "decision": "reject"}))
    after = read()
    assert not facts(after, "program", "灯下议事坊")
    assert not any("灯下议事坊" in (fact.object_node or "") for fact in after.facts)
    assert "program:灯下议事坊" not in {node.id for node in after.nodes}
    assert after.vocabulary != before.vocabulary
    kept = {fact.id for fact in after.facts}
    assert {fact.id for fact in before.facts if "灯下议事坊" not in f"{fact.canonical}{fact.object}"} <= kept


def test_an_accepted_practice_is_no_room_whatever_its_name_sounds_like() -> None:
    text = TEXT.replace("推行“灯下议事坊”工作法", "推行“邻里和事佬”，调解成功的出具调解书，调解员三十日内回访")
    assert facts(read(text), "mediation_room", "邻里")
    adopt(overlay({"kind": "program", "name": "邻里和事佬", "decision": "accept", "class": "program"}))
    after = read(text)
    assert not facts(after, "mediation_room", "邻里")
    assert facts(after, "program", "邻里和事佬")


def test_an_accepted_practice_is_no_room_or_platform_without_quotes_either() -> None:
    text = TEXT.replace("推行“灯下议事坊”工作法", "推行老甲调解室模式，办好田头议事平台")
    before = read(text)
    assert facts(before, "mediation_room", "老甲")
    adopt(overlay(*({"kind": "program", "name": name, "decision": "accept", "class": "program"} for name in ("老甲调解室", "田头议事平台"))))
    after = read(text)
    assert not facts(after, "mediation_room", "老甲")
    assert not facts(after, "platform", "田头议事")
    assert facts(after, "program", "老甲调解室")
    assert facts(after, "program", "田头议事平台")


def test_a_rejected_name_is_shown_as_turned_down() -> None:
    adopt(overlay({"kind": "program", "name": "灯下议事坊", "decision": "reject"}))
    explained = load_pipeline().explain(Source(key="a.txt", text=TEXT))
    assert [(one.type, one.reason) for one in explained.rejections if "灯下议事坊" in one.surface] == [("program", "a reviewer turned it down")]


def test_even_a_catalogued_name_can_be_rejected() -> None:
    assert facts(read(), "program", "法律八进")
    adopt(overlay({"kind": "program", "name": "法律八进", "decision": "reject"}))
    assert not facts(read(), "program", "法律八进")


def test_a_rejected_platform_is_none() -> None:
    assert facts(read(), "platform", "云上调解圈")
    adopt(overlay({"kind": "platform", "name": "云上调解圈", "decision": "reject"}))
    assert not facts(read(), "platform", "云上调解圈")


def test_a_rejected_body_is_none_wherever_it_is() -> None:
    text = TEXT.replace("镇灯塔建设服务专班", "镇普法工作领导小组")
    assert facts(read(text), "body", "普法工作领导小组")
    adopt(overlay({"kind": "body", "name": "普法工作领导小组", "decision": "reject"}))
    assert not facts(read(text), "body", "普法工作领导小组")


def test_an_accepted_program_is_found_without_quotes() -> None:
    text = TEXT.replace("“灯下议事坊”工作法", "灯下议事坊")
    assert not facts(read(text), "program", "灯下议事坊")
    adopt(overlay({"kind": "program", "name": "灯下议事坊", "decision": "accept", "class": "brand"}))
    (fact,) = facts(read(text), "program", "灯下议事坊")
    assert (fact.surface, fact.rule) == ("灯下议事坊", "program.catalogue")
    node = next(node for node in read(text).nodes if node.id == "program:灯下议事坊")
    assert (node.properties["catalogued"], node.properties["kind"]) == (True, "brand")


def test_another_spelling_leads_to_the_entry() -> None:
    adopt(overlay({"kind": "program", "name": "灯下议事坊", "decision": "accept", "as": "枫桥经验"}))
    assert "灯下议事坊" in {fact.attrs.get("variant", "").strip("“”").removesuffix("”工作法") for fact in facts(read(), "program", "枫桥经验")}


def test_an_accepted_indicator_names_its_counts() -> None:
    def counted() -> Fact:
        (fact,) = [fact for fact in read().facts if fact.type == "metric" and fact.value == 26]
        return fact

    assert counted().indicator_id is None
    adopt(overlay({"kind": "indicator", "name": counted().indicator, "decision": "accept", "id": "lamp_talks", "unit": "场"}))
    assert counted().indicator_id == "lamp_talks"
    adopt(EMPTY)
    assert counted().indicator_id is None


def test_an_accepted_body_is_found_without_a_place() -> None:
    def found() -> set[str]:
        return {fact.canonical or "" for fact in read().facts if fact.type == "body" and TEXT[fact.start - 1] == "由"}

    assert found() == set()
    adopt(overlay({"kind": "body", "name": "灯塔建设服务专班", "decision": "accept", "class": "group"}))
    assert found() == {"参内镇灯塔建设服务专班"}


def test_without_the_overlay_everything_is_as_before() -> None:
    before = read()
    adopt(overlay({"kind": "program", "name": "灯下议事坊", "decision": "reject"}, {"kind": "body", "name": "灯塔建设服务专班", "decision": "accept"}))
    assert read() != before
    adopt(EMPTY)
    assert read() == before


@pytest.mark.parametrize(
    ("canonical", "place", "name"),
    [
        ("参内镇司法所", "参内镇", "司法所"),
        ("鲤中街道办事处", "鲤中街道", "办事处"),
        ("鲤中办事处", "鲤中街道", "办事处"),
        ("司法所", "参内镇", "司法所"),
        ("司法所", "", "司法所"),
    ],
)
def test_a_body_has_a_name_of_its_own(canonical: str, place: str, name: str) -> None:
    assert own_name(canonical, place) == name
