"""Reports in which some sentences are the place's own and others are everybody's."""

from __future__ import annotations

from typing import Any

from fulltext_corpus import change
from msgspec.structs import replace

from archive.model import Change, Projectable
from ingest.model import Fact

TEMPLATE = "充分发挥2名法律顾问作用，为依法决策提供有力的法律支撑。"


def with_facts(report: Change, *facts: tuple[str, str, dict[str, Any]]) -> Change:
    """(type, surface, what else) of each fact, at the first place where its surface stands."""
    assert report.item
    item = report.item
    more = []
    for number, (type, surface, known) in enumerate(facts):
        start = item.text.index(surface)
        given = {"canonical": surface, "modality": "done", **known}
        more.append(Fact(id=f"m{number}", doc=item.document.key, type=type, surface=surface, start=start, end=start + len(surface), **given))  # type: ignore[arg-type]
    analysis = replace(item.analysis, facts=(*item.analysis.facts, *more))
    return replace(report, item=Projectable(document=item.document, text=item.text, analysis=analysis))


def town(number: int, *sentences: str, **more: Any) -> Change:
    """A report of 乡{number}, with a path of its own."""
    name = f"第{'一二三四五六七八九'[number]}镇"
    return change(
        f"town-{number}",
        [("results", sentence, None) for sentence in sentences],
        place=f"cn:35052{number % 2 + 4}/{name}",
        path=("福建省", "泉州市", "安溪县" if number % 2 == 0 else "永春县", name),
        **more,
    )


OWN_SENTENCE = "第三镇聘请律师担任法律顾问，审查合同41份。"
TOWNS = [
    town(0, TEMPLATE, "推进信访工作。", year=2021),
    town(1, f"第二镇{TEMPLATE}", "司法所与网格员联合开展调解。", year=2022),
    with_facts(
        town(2, OWN_SENTENCE, "第三镇司法所调解纠纷30件。", year=2022),
        ("metric", "审查合同41份", {"canonical": "审查合同数", "indicator": "审查合同", "indicator_id": "contracts_reviewed", "value": 41, "unit": "份"}),
        ("body", "第三镇司法所", {"node": "body:cn:350524/第三镇司法所"}),
        ("place", "第三镇", {"node": "cn:350524/第三镇"}),
    ),
    with_facts(
        town(3, f"第四镇{TEMPLATE}", "永春县司法局指导司法所工作，网格员、人民陪审员、信访干部参与纠纷化解并推动矛盾就地调解。", year=2023),
        ("body", "永春县司法局", {"node": "body:cn:350525/永春县司法局"}),
        ("body", "司法所", {"node": "body:cn:350525/第四镇司法所", "canonical": "第四镇司法所"}),
    ),
    town(4, TEMPLATE.replace("2名", "十七名"), "充分发挥法律顾问作用。", year=None),
]
