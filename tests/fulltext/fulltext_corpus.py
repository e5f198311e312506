"""Small invented reports for the tests of this folder."""

from __future__ import annotations

from collections.abc import Sequence

from archive.model import Change, Document, Projectable
from ingest.ids import report_id
from ingest.model import Analysis, Fact, Frame, Section


def change(
    key: str,
    parts: Sequence[tuple[str, str, str | None]],
    *,
    year: int | None = 2023,
    place: str | None = "cn:350524/甲乙镇",
    path: tuple[str, ...] = ("福建省", "泉州市", "安溪县", "甲乙镇"),
    level: str | None = "township",
    title: str | None = None,
    programs: Sequence[str] = (),
    fingerprint: str = "f1",
    glue: str = "\n",
) -> Change:
    """A report of ``parts``: (section kind, sentence, modality of a fact in it or None), joined by ``glue``."""
    text = ""
    sections, sentences, facts = [], [], []
    for kind, sentence, modality in parts:
        start = len(text)
        text += sentence
        sections.append(Section(kind=kind, start=start, end=len(text)))
        sentences.append((start, len(text)))
        if modality and sentence:
            facts.append(
                Fact(id=f"{report_id(key)}-{start}", doc=key, type="event", surface=sentence, start=start, end=len(text), section=kind, modality=modality)
            )
        for program in programs:
            at = text.find(program, start)
            if at >= 0:
                facts.append(
                    Fact(
                        id=f"p{at}",
                        doc=key,
                        type="program",
                        surface=program,
                        start=at,
                        end=at + len(program),
                        canonical=program,
                        node=f"program:{program}",
                        modality=modality or "done",
                    )
                )
        text += glue
    analysis = Analysis(
        doc=key,
        frame=Frame(place=place, path=path, level=level, year=year, title=title),
        sections=tuple(sections),
        sentences=tuple(sentences),
        facts=tuple(facts),
    )
    document = Document(
        key=key,
        report=report_id(key),
        version="v",
        fingerprint=fingerprint,
        format="txt",
        title=title,
        place=place,
        place_name=path[-1] if path else None,
        level=level,
        path=path,
        year=year,
    )
    return Change(sequence=1, report=document.report, item=Projectable(document=document, text=text, analysis=analysis))


def removal(key: str) -> Change:
    return Change(sequence=2, report=report_id(key), item=None)


CORPUS = [
    change(
        "a",
        [("results", "本镇聘请法律顾问一名，开展法律八进活动。", "done"), ("plan", "明年打算建立民情茶室。", "planned")],
        title="甲乙镇2023年法治政府建设情况报告",
        programs=["法律八进"],
    ),
    change(
        "b",
        [("results", "设立民情茶室调解室。", "done"), ("plan", "继续推进法治宣传。", "ongoing")],
        year=2022,
        title="甲乙镇2022年报告",
        programs=["法治宣传"],
    ),
    change("c", [("results", "開展法治宣傳，聘請法律顧問。", "done")], place="cn:350525/丙丁乡", path=("福建省", "泉州市", "永春县", "丙丁乡")),
    change("d", [("problems", "法治副校长配备不足。", None)], year=None, place="cn:500229/戊己镇", path=("重庆市", "城口县", "戊己镇")),
    change("e", [("other", "Open Data 3.5万元 2021-2025年。", None)], year=2021, place=None, path=(), level=None),
]
