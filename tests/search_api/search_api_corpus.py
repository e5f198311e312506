"""Seven tiny synthetic reports with findings placed by hand, so that these tests stand on what the stores do and not on what the rules find."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.model import Entry, Failure
from archive.store import fingerprint_of, version_of
from fazhi import projection, workspace
from fazhi.settings import Settings
from ingest.ids import fact_id
from ingest.model import Analysis, Fact, Frame, Issuer, Node, Section, Source

LOCAL = "http://127.0.0.1:8000"
COUNTY = ("福建省", "泉州市", "安溪县")
PLACES = [
    Node(id="cn:35", labels=("Place", "Province"), name="福建省"),
    Node(id="cn:3505", labels=("Place", "Prefecture"), name="泉州市"),
    Node(id="cn:350524", labels=("Place", "County"), name="安溪县"),
]
ROOM = "room:cn:350524/甲溪镇/茶香室"


@dataclass
class Tale:
    """One report in short. ``facts``: (type, surface, what else)."""

    key: str
    text: str
    place: str | None
    year: int | None
    facts: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    title: str | None = None
    status: str = "resolved"
    url: str | None = None


def adopts(place: str, program: str, surface: str, modality: str = "done") -> list[tuple[str, str, dict[str, Any]]]:
    """A program that a report names, and that its place carries it out or means to."""
    name = place.rpartition("/")[2]
    ends = {"subject": name, "object": program, "subject_node": place, "object_node": f"program:{program}"}
    return [
        ("program", surface, {"canonical": program, "node": f"program:{program}", "modality": modality}),
        ("relation", surface, {"relation": "ADOPTS", "modality": modality, **ends}),
    ]


def counts(surface: str, value: int, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "metric", surface, {"indicator": "调解矛盾纠纷", "indicator_id": "disputes_mediated", "value": value, "unit": "件", **more}


A, B, C = "cn:350524/甲溪镇", "cn:350524/乙岭乡", "cn:350524/?1a2b3c4d"
TALES = [
    Tale(
        "甲溪镇2021.txt",
        "甲溪镇2021年法治政府建设情况报告\n一、主要成效\n全镇深入开展“法律七进”活动。全年调解矛盾纠纷30余件。\n二、下步计划\n下一步将开展法律八进活动。\n",
        A,
        2021,
        [*adopts(A, "法律七进", "法律七进"), counts("30余件", 30, approx="more_than"), *adopts(A, "法律八进", "法律八进", "planned")],
    ),
    Tale(
        "甲溪镇2023.txt",
        "甲溪镇2023年法治政府建设情况报告\n一、主要成效\n全镇深入开展“法律八进”活动，建成“茶香室”调解工作室。全年调解矛盾纠纷126件。\n二、存在问题\n法律顾问作用发挥不够。\n",
        A,
        2023,
        [
            *adopts(A, "法律八进", "法律八进"),
            ("mediation_room", "“茶香室”调解工作室", {"canonical": "茶香室", "node": ROOM}),
            (
                "relation",
                "建成“茶香室”调解工作室",
                {"relation": "OPERATES", "subject": "甲溪镇", "object": "茶香室", "subject_node": A, "object_node": ROOM},
            ),
            counts("126件", 126),
        ],
        url="https://example.gov.cn/jiaxi/2023.html",
    ),
    Tale(
        "2022/乙岭乡2022.md",
        "乙岭乡2022年法治政府建设情况报告\n一、主要成效\n我乡开展法律八进宣传。调解矛盾纠纷8件。\n",
        B,
        2022,
        [*adopts(B, "法律八进", "法律八进"), counts("8件", 8)],
    ),
    Tale("乙岭乡2023.txt", "乙岭乡2023年法治政府建设情况报告\n一、主要成效\n我乡聘请法律顾问，化解信访积案。\n", B, 2023),
    Tale(
        "无名镇2023.txt",
        "本镇2023年法治政府建设情况报告\n一、主要成效\n本镇开展法律八进活动<script>alert('法律八进')</script>，群众满意。\n",
        C,
        2023,
        [*adopts(C, "法律八进", "法律八进")],
        title="<script>alert(1)</script>本镇报告",
        status="unresolved",
        url="javascript:alert(2)",
    ),
    Tale("没有年份.txt", "甲溪镇法治政府建设情况报告\n本镇推进依法行政，落实法律八进。\n", A, None, adopts(A, "法律八进", "法律八进")),
    Tale("空.txt", "没有地名也没有年份的一篇短文。\n", None, None, status="unresolved"),
]


def build_entry(tale: Tale) -> Entry:
    source = Source(key=tale.key, text=tale.text, raw=tale.text.encode(), format=tale.key.rpartition(".")[2], title=tale.title, url=tale.url)
    analysis = build_analysis(tale)
    version = version_of(source.raw)
    return Entry(source=source, version=version, fingerprint=fingerprint_of(source, version, pipeline="t", vocabulary="t"), analysis=analysis)


def build_analysis(tale: Tale) -> Analysis:
    sections = list(_sections(tale.text))
    facts: list[Fact] = []
    taken: dict[tuple[str, str], int] = {}
    for type, surface, more in tale.facts:
        start = tale.text.index(surface, taken.get((type, surface), 0))
        taken[type, surface] = end = start + len(surface)
        kind = next((section.kind for section in reversed(sections) if section.start <= start < section.end), "other")
        identifier = fact_id(tale.key, type, more.get("relation"), more.get("subject"), more.get("object"), start, end, more.get("canonical"))
        known = {"canonical": surface, "year": tale.year, "rule": "by_hand", "confidence": 0.9, **more}
        facts.append(Fact(id=identifier, doc=tale.key, type=type, surface=surface, start=start, end=end, section=kind, **known))  # type: ignore[arg-type]
    facts.sort(key=lambda fact: (fact.start, fact.end, fact.type, fact.id))
    return Analysis(
        doc=tale.key,
        frame=_frame(tale),
        sections=tuple(sections),
        sentences=tuple(_sentences(tale.text)),
        facts=tuple(facts),
        nodes=tuple(_nodes(tale, facts)),
        pipeline="t",
        vocabulary="t",
    )


def _frame(tale: Tale) -> Frame:
    name = tale.place.rpartition("/")[2] if tale.place and tale.status == "resolved" else None
    issuers = (Issuer(name=f"{name}人民政府"),) if name else ()
    return Frame(
        place=tale.place,
        place_name=name,
        path=() if tale.place is None else (*COUNTY, name) if name else COUNTY,
        level="township" if tale.place else None,
        status=tale.status,  # type: ignore[arg-type]
        candidates=("cn:350524/甲溪镇", "cn:350524/丙河镇") if tale.place == C else (),
        title=tale.text.partition("\n")[0],
        year=tale.year,
        issuers=issuers,
    )


def _nodes(tale: Tale, facts: list[Fact]) -> list[Node]:
    nodes = {node.id: node for node in PLACES} if tale.place else {}
    if tale.place:
        name = tale.place.rpartition("/")[2]
        nodes[tale.place] = Node(id=tale.place, labels=("Place", "Township"), name=name, properties={"status": tale.status, "parent": "cn:350524"})
    for fact in facts:
        if fact.type == "program" and fact.node and fact.canonical:
            nodes[fact.node] = Node(id=fact.node, labels=("Program",), name=fact.canonical)
        if fact.type == "mediation_room" and fact.node and fact.canonical:
            nodes[fact.node] = Node(id=fact.node, labels=("MediationRoom",), name=fact.canonical)
    return list(nodes.values())


def _sections(text: str) -> Any:
    kinds = {"主要成效": "results", "存在问题": "problems", "下步计划": "plan"}
    starts = [(text.index(heading), heading[2:]) for heading in ("一、主要成效", "二、存在问题", "二、下步计划") if heading in text]
    ends = [*(start for start, _ in starts[1:]), len(text)]
    for (start, heading), end in zip(starts, ends, strict=False):
        yield Section(kind=kinds[heading], start=start, end=end, heading=text[start : start + 6], level=1, path=text[start])  # type: ignore[arg-type]


def _sentences(text: str) -> Any:
    start = 0
    for position, character in enumerate(text):
        if character in "。\n":
            end = position + (character == "。")
            if text[start:end].strip():
                yield (start, end)
            start = position + 1


def fill(home: Path) -> Settings:
    """A data folder with the corpus in all three stores."""
    settings = Settings(home=home, refresh_seconds=0.0, workers=1)
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(tale) for tale in TALES])
        space.archive.record_run("2024-01-01T00:00:00+00:00", {"new": len(TALES)}, [_unreadable()])
        projection.drain(space)
    return settings


def _unreadable() -> Failure:
    return Failure(name="甲溪镇2022.pdf", reason="It has no text layer.", cure="Recognise its characters first.", seen="2024-01-01T00:00:00+00:00")
