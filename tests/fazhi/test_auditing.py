"""``fazhi audit`` and ``fazhi extract --audit``: findings beside the facts, never among them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_reports import make_report

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """One report whose rate is wrong, one whose rate is cut off, one that agrees with itself."""
    folder = tmp_path / "doubtful"
    folder.mkdir()
    for name, rate in (("a.txt", "70%"), ("b.txt", "92.8%"), ("c.txt", "92.9%")):
        text = make_report(4).replace("（二）化解矛盾。", f"（二）化解矛盾。全年受理群众诉求560件，办结520件，办结率达{rate}。")
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_findings_of_files_need_no_data_folder(run: Run, home: Path, doubtful: Path) -> None:
    code, out, _ = run("audit", doubtful)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "a.txt"
    assert lines[1] == "  warning  办结率 is stated as 70%; the counts give 520 ÷ 560 = 92.86%."
    assert [line.split(":")[0].strip() for line in lines[2:5]] == ["rate", "part", "whole"]
    assert lines[5] == "b.txt"
    assert lines[6].startswith("  note  办结率 is stated as 92.8%")
    assert lines[-1] == "1 warning and 1 note in 3 reports."
    assert not home.exists()


def test_evidence_is_a_slice_of_the_file(run: Run, home: Path, doubtful: Path) -> None:
    code, out, _ = run("audit", doubtful / "a.txt", "--json")
    report = json.loads(out)
    (finding,) = report["findings"]
    text = (doubtful / "a.txt").read_text(encoding="utf-8")
    assert (code, report["key"], finding["kind"], finding["stated"], finding["computed"]) == (0, "a.txt", "rate_differs", 70, 92.8571)
    assert all(text[side["start"] : side["end"]] == side["surface"] for side in finding["evidence"])


def test_messages_come_in_chinese_and_notes_may_be_left_out(run: Run, home: Path, doubtful: Path) -> None:
    _, out, _ = run("audit", doubtful, "--lang", "zh", "--warnings")
    assert "办结率写作70%，按所列数 520 ÷ 560 = 92.86%。" in out
    assert "b.txt" not in out
    assert out.splitlines()[-1] == "1 warning in 3 reports."


def test_stored_reports_are_audited_by_key_by_id_or_all(run: Run, home: Path, doubtful: Path) -> None:
    run("ingest", doubtful, "--workers", "1", "--quiet")
    _, everything, _ = run("audit", "--json")
    reports = [json.loads(line) for line in everything.splitlines()]
    assert [(report["key"], len(report["findings"])) for report in reports] == [("a.txt", 1), ("b.txt", 1), ("c.txt", 0)]
    _, one, _ = run("audit", "b.txt", "--json")
    assert json.loads(one) == reports[1]
    _, listed, _ = run("status", "--documents")
    by_key = {line.split("\t")[0]: line.split("\t")[1] for line in listed.splitlines()}
    assert json.loads(run("audit", by_key["b.txt"], "--json")[1]) == reports[1]


def test_what_is_not_there_is_named_and_the_rest_is_shown(run: Run, home: Path, doubtful: Path) -> None:
    run("ingest", doubtful, "--workers", "1", "--quiet")
    code, out, err = run("audit", doubtful / "a.txt", "nowhere.txt", "b.txt")
    assert code == 1
    assert err.startswith("nowhere.txt: There is no such file, key or report.")
    assert out.splitlines()[-1] == "1 warning and 1 note in 2 reports."


def test_extract_writes_findings_beside_the_facts(run: Run, home: Path, doubtful: Path, tmp_path: Path) -> None:
    _, bare, _ = run("extract", doubtful)
    code, out, _ = run("extract", doubtful, "--audit", tmp_path / "audit.jsonl")
    assert (code, out) == (0, bare)  # one fact a line, as ever
    assert all("surface" in json.loads(line) for line in out.splitlines())
    findings = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(finding["doc"], finding["kind"]) for finding in findings] == [("a.txt", "rate_differs"), ("b.txt", "rate_truncated")]
    facts = {json.loads(line)["id"] for line in out.splitlines()}
    assert all(set(finding["facts"]) <= facts for finding in findings)


def test_the_stated_value_stays(run: Run, home: Path, doubtful: Path) -> None:
    _, out, _ = run("extract", doubtful / "a.txt")
    rates = [json.loads(line)["value"] for line in out.splitlines() if "办结率" in line and '"metric"' in line]
    assert rates == [70]


def test_the_page_of_a_report_shows_them(run: Run, home: Path, doubtful: Path, tmp_path: Path) -> None:
    assert run("explain", doubtful / "a.txt", "--out", tmp_path / "a.html", "--lang", "en")[0] == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    start = page.index('id="audit"')
    part = page[start : page.index("</section>", start)]
    assert "办结率 is stated as 70%; the counts give 520 ÷ 560 = 92.86%." in part
    targets = [piece.split('"')[0] for piece in part.split('href="#')[1:]]
    assert len(targets) == 3
    assert all(f'id="{target}"' in page for target in targets)
    run("explain", doubtful / "c.txt", "--out", tmp_path / "c.html")
    assert 'id="audit"' not in (tmp_path / "c.html").read_text(encoding="utf-8")
