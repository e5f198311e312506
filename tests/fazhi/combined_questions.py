"""Combined questions over the example corpus, each of which some reports answer and some do not."""

from __future__ import annotations

import random
from typing import Any

QUESTIONS: list[dict[str, Any]] = [
    {"where": [{"text": "调解"}, {"took_up": "法律明白人"}, {"has": "legal_adviser"}]},
    {"where": [{"text": '"矛盾纠纷"', "section": ["results"], "modality": ["done", "ongoing"]}, {"not": {"has": "mediation_room", "to": 2022}}]},
    {"where": [{"took_up": "法律明白人", "from": 2021, "to": 2022}], "evidence": 3},
    {"where": [{"not": {"took_up": "法律明白人", "to": 2021}}], "size": 3},
    {"where": [{"any": [{"has": "mediation_room"}, {"cites": "宪法"}]}, {"has": "body", "kind": "justice"}]},
    {"where": [{"measure": "调解矛盾纠纷数", "more_than": 20}, {"measure": "disputes_mediated", "at_most": 90, "unit": "起"}]},
    {"find": "reports", "where": [{"text": "法律顾问 OR 调解室"}, {"not": {"has": "legal_adviser"}}]},
    {"find": "reports", "from": 2021, "level": "township", "where": [{"has": "body", "kind": "justice"}, {"cites": "宪法"}]},
    {"level": "county", "where": [{"text": "法治政府"}, {"has": "mediation_room", "modality": ["done", "ongoing", "planned", "exhorted"]}], "evidence": 5},
    {"level": "province", "from": 2021, "to": 2022, "where": [{"any": [{"place": "cn:34"}, {"place": "cn:35"}]}, {"measure": "调解矛盾纠纷数"}]},
    {"where": [{"took_up": "法律明白人", "modality": ["planned", "exhorted"]}]},
    {"find": "reports", "where": [{"measure": "调解矛盾纠纷数", "at_least": 50}, {"took_up": "法律明白人", "variants": False}]},
]

_LEAVES: list[dict[str, Any]] = [
    {"text": "调解"},
    {"text": "法律顾问", "from": 2022},
    {"text": "普法 NOT 信访", "section": ["plan", "results"]},
    {"took_up": "法律明白人"},
    {"took_up": "法律明白人", "to": 2021, "modality": ["done", "ongoing", "planned"]},
    {"has": "legal_adviser"},
    {"has": "mediation_room", "from": 2021, "to": 2021},
    {"has": "platform", "kind": "微信公众号"},
    {"has": "body", "kind": "justice"},
    {"measure": "调解矛盾纠纷数", "at_least": 40},
    {"measure": "调解矛盾纠纷数", "at_most": 60, "from": 2022},
    {"cites": "民法典"},
    {"place": "cn:34"},
]


def draw(chance: random.Random, depth: int = 2) -> dict[str, Any]:
    """A condition or a group of them."""
    kind = chance.choice(("leaf", "leaf", "all", "any", "not")) if depth else "leaf"
    if kind == "leaf":
        return chance.choice(_LEAVES)
    if kind == "not":
        return {"not": draw(chance, depth - 1)}
    return {kind: [draw(chance, depth - 1) for _ in range(chance.randint(1, 3))]}


def draw_question(chance: random.Random) -> dict[str, Any]:
    question: dict[str, Any] = {"where": [draw(chance) for _ in range(chance.randint(1, 3))], "size": 100, "evidence": chance.randint(0, 2)}
    question["find"] = chance.choice(("places", "places", "reports"))
    if chance.random() < 0.3:
        question["level"] = chance.choice(("county", "township"))
    if chance.random() < 0.3:
        question["from"], question["to"] = sorted(chance.sample(range(2020, 2024), 2))
    return question
