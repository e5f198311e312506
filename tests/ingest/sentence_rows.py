"""Reads the tables of ``tests/ingest/sentences``: made-up sentences of reports and the facts that a careful reader finds in them.

A file is one family of facts::

    type: metric          # type of an expected fact that names none
    only: [metric]        # of these types a row's text may give nothing but what the row expects; a row may say its own
    rows:
      - text: 发放宣传资料1300余份。
        facts: [{value: 1300, unit: 份, approx: more_than, name: 宣传资料}]
      - text: 增强“四个意识”。          # a counter-example: no facts expected
        not: [{type: program}]         # patterns that no fact may fit

An expected fact fits a found one when every field fits: ``name`` is words (or a list of words) that the indicator's raw or catalogued name holds, ``surface`` and
``canonical`` are compared without blanks, anything else is a field of the fact or one of its ``attrs``. A row may set ``report`` (whose report it stands in, a key of
``REPORTS``), ``section`` (results or plan) and ``year``; the pipeline reads the whole made-up report and the facts that start inside the text count.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.model import Fact, Source
from ingest.pipeline import load_pipeline

FOLDER = Path(__file__).parent / "sentences"
REPORTS = {
    "township": "休宁县海阳镇人民政府\n关于{year}年法治政府建设情况的报告\n休宁县人民政府：\n{year}年，海阳镇推进法治政府建设。现报告如下。\n",
    "street": "金龙街道办事处{year}年法治政府建设情况报告\n{year}年，泉州市鲤城区金龙街道推进法治政府建设，现将情况报告如下。\n",
    "county": "休宁县人民政府\n关于{year}年法治政府建设情况的报告\n{year}年，休宁县推进法治政府建设。现报告如下。\n",
    "bureau": "休宁县司法局{year}年度法治政府建设工作报告\n{year}年，休宁县司法局推进法治建设。现报告如下。\n",
    "ethnic": "晓关侗族乡{year}年法治政府建设工作总结\n{year}年，湖北省宣恩县晓关侗族乡推进法治政府建设。现总结如下。\n",
    "city": "都匀市墨冲镇人民政府\n{year}年法治政府建设情况报告\n{year}年，贵州省都匀市墨冲镇推进法治政府建设。现报告如下。\n",
    "court": "休宁县人民法院{year}年法治建设工作情况报告\n{year}年，休宁县人民法院推进法治建设。现报告如下。\n",
    "zone": "休宁经济开发区管理委员会{year}年法治政府建设情况报告\n{year}年，安徽省休宁经济开发区推进法治政府建设。现报告如下。\n",
    "review": "休宁县海阳镇镇长{year}年度述法报告\n{year}年，本人作为海阳镇镇长，推进法治建设。现述法如下。\n",
    "news": "海阳镇：普法走进集市\n来源：休宁县司法局 发布时间：{year}-07-12\n{year}年7月12日，休宁县海阳镇开展普法。\n",
    "bare": "",
}
SECTIONS = {"results": "一、主要做法和成效\n", "plan": "三、下一步工作打算\n", "none": ""}


@cache
def load_rows(file: str) -> list[dict[str, Any]]:
    """Rows of one table with the file's defaults filled in."""
    table = yaml.load((FOLDER / file).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    defaults = {key: value for key, value in table.items() if key != "rows"}
    return [{**defaults, **row} for row in table["rows"]]


def all_rows() -> list[tuple[str, dict[str, Any]]]:
    """(file name, row) of every table."""
    return [(path.stem, row) for path in sorted(FOLDER.glob("*.yaml")) for row in load_rows(path.name)]


def read_row(row: dict[str, Any]) -> list[Fact]:
    """Facts that the pipeline finds inside the row's text, in a made-up report."""
    return read_text(row["text"], row.get("report", "township"), row.get("section", "results"), int(row.get("year", 2023)))


def read_text(text: str, report: str = "township", section: str = "results", year: int = 2023) -> list[Fact]:
    before = (REPORTS[report].format(year=year) + SECTIONS[section]) if report != "bare" else ""
    facts = load_pipeline().analyse(Source(key="sentence.txt", text=f"{before}{text}\n")).facts
    return [fact for fact in facts if fact.start >= len(before)]


def _squeeze(words: Any) -> str:
    return "".join(str(words or "").split())


def fits(expected: dict[str, Any], fact: Fact, default_type: str | None = None) -> bool:
    """Whether a found fact is the expected one."""
    for field, value in ({"type": default_type} | expected).items():
        if field == "name":
            names = (_squeeze(fact.indicator), _squeeze(fact.canonical))
            if not all(any(part in name for name in names) for part in ([value] if isinstance(value, str) else value)):
                return False
        elif field in ("surface", "canonical"):
            if _squeeze(getattr(fact, field)) != _squeeze(value):
                return False
        elif value != (getattr(fact, field) if field in Fact.__struct_fields__ else fact.attrs.get(field)):
            return False
    return True


def describe(facts: list[Fact]) -> list[str]:
    """What a failing test shows of the facts found."""
    return [
        " ".join(f"{field}={value}" for field in ("type", "surface", "canonical", "indicator", "value", "unit", "approx", "date", "modality", "polarity") if (value := getattr(fact, field)) is not None)
        for fact in facts
    ]  # fmt: skip


def complaints(row: dict[str, Any], facts: list[Fact]) -> list[str]:
    """What is missing, and what was found that may not be: empty where the row's expectations hold."""
    default = row.get("type")
    wanted: list[dict[str, Any]] = row.get("facts") or []
    only = row.get("only") or []
    unused = list(facts)
    said = []
    for expected in wanted:
        match = next((fact for fact in unused if fits(expected, fact, default)), None)
        if match is None:
            said.append(f"missing {expected}")
        else:
            unused.remove(match)
    for fact in unused:
        again = fact.type != "metric" and any(fits(expected, fact, default) for expected in wanted)  # a name said twice is one expectation
        if fact.type in only and not again:
            said.append(f"unexpected {describe([fact])[0]}")
    for pattern in row.get("not") or []:
        said += [f"forbidden {describe([fact])[0]}" for fact in facts if fits(pattern, fact)]
    return said
