"""Statements into cells, cells into sums, rows into files; and the command that writes them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from arro3.io import read_parquet

from fazhi.errors import Conflict, Invalid
from fazhi.measuring import panel
from fazhi.measuring.exporting import Export, write_address, write_command
from fazhi.measuring.model import Cell, Place, Question
from fazhi.measuring.rollup import PAIRS, Answers, add_up
from fazhi.measuring.settling import can_be_added, read_statement, settle
from fazhi.measuring.tables import PANEL, ROLLUP, Column, defuse, iter_csv, write_panel_row, write_parquet, write_sum_row
from fazhi.workspace import Workspace
from graph.queries import Measurement

PLACE = Place(id="cn:350524/甲溪镇", name="甲溪镇")


def measure(value: float, approx: str | None = None, unit: str | None = "件", *, report: str = "r1", indicator: str = "disputes_mediated") -> Measurement:
    return Measurement(
        id=f"{report}-{value}",
        indicator=f"indicator:{indicator}",
        indicator_name=indicator,
        phrase=None,
        value=value,
        unit=unit,
        approx=approx,
        year=2023,
        modality="done",
        polarity="positive",
        place=PLACE.id,
        place_name=PLACE.name,
        report=report,
        fact=f"{report}-{value}",
    )


def cell(*measures: Measurement, place: str = "a") -> Cell:
    return settle(Place(id=place, name=place), [read_statement(one) for one in measures])


def add(*cells: Cell, reporting: str = "abc", counts: dict[tuple[str, int, str], float] | None = None):
    return add_up(Answers(place="x", name="x", level="county", cells=cells, reporting=frozenset(reporting), elsewhere=0), counts or {})


@pytest.mark.parametrize(
    ("name", "value", "high"),
    [("群众满意率", 100, 100.0), ("群众满意率", 98, 100.0), ("群众满意率", 50, 55.0), ("案件增长率", 98, 107.8)],
)
def test_a_share_is_never_more_than_all(name: str, value: float, high: float) -> None:
    about = msgspec.structs.replace(measure(value, "about"), unit="%", indicator_name=name)
    assert read_statement(about).high == high


@pytest.mark.parametrize(
    ("stated", "value", "approx"),
    [
        ([(5, None)], 5, None),
        ([(5, None), (5, None)], 5, None),
        ([(100, "more_than"), (126, None)], 126, None),
        ([(130, "at_least"), (126, None)], None, None),
        ([(100, "less_than"), (99, None)], 99, None),
        ([(100, "about"), (91, None)], 91, None),
        ([(100, "about"), (80, None)], None, None),
        ([(100, "more_than"), (300, None)], None, None),
        ([(30, "more_than")], 30, "more_than"),
        ([(30, "at_least"), (30, "more_than")], 30, "more_than"),
        ([(30, "more_than"), (35, "about")], None, None),
        ([(0, None), (3, None)], None, None),
    ],
    ids=str,
)
def test_statements_agree_or_are_in_conflict(stated: list[tuple[float, str | None]], value: float | None, approx: str | None) -> None:
    for order in (stated, stated[::-1]):
        settled = cell(*(measure(*one) for one in order))
        assert (settled.value, settled.approx, settled.state) == (value, approx, "stated" if value is not None else "conflict")


def test_a_conflict_names_its_ends_and_whose_it_is() -> None:
    settled = cell(measure(5), measure(9, report="r2"), measure(20, "at_least", report="r2"))
    assert (settled.low, settled.high, settled.between, settled.chosen) == (5, None, "several_reports", None)
    assert cell(measure(5), measure(9)).between == "one_report"


def test_units_of_one_kind_share_a_name() -> None:
    assert cell(measure(5, unit="起")).unit == "起"
    assert cell(measure(5, unit="起"), measure(5, unit="宗")).unit == "件"
    assert cell(measure(5, unit=None)).unit is None


@pytest.mark.parametrize(
    ("unit", "indicator", "added"),
    [("件", "disputes_mediated", True), ("%", "x", False), ("件", "closing_rate", False), ("分", "exam_score", False), ("学时", "人均学时", False)],
)
def test_rates_scores_and_averages_are_not_added(unit: str, indicator: str, added: bool) -> None:
    assert can_be_added(cell(measure(5, unit=unit, indicator=indicator))) is added


@pytest.mark.parametrize(
    ("parts", "approx", "low", "high"),
    [
        ([(5, None), (6, None)], None, 11, 11),
        ([(5, None), (30, "more_than")], "more_than", 35, 45),
        ([(5, None), (30, "at_least")], "at_least", 35, None),
        ([(30, "at_least"), (30, "more_than")], "more_than", 60, None),
        ([(5, None), (30, "less_than")], "less_than", 5, 35),
        ([(10, "less_than"), (30, "more_than")], "about", 30, 50),
        ([(10, "about"), (30, None)], "about", 39, 41),
    ],
    ids=str,
)
def test_a_sum_keeps_what_is_known_of_its_parts(parts: list[tuple[float, str | None]], approx: str | None, low: float, high: float | None) -> None:
    line = add(*(cell(measure(*part), place=name) for part, name in zip(parts, "ab", strict=True)))
    assert (line.value, line.approx, line.low, line.high) == (sum(value for value, _ in parts), approx, low, high)
    assert (line.answered, line.reporting) == (2, 3)


def test_a_sum_of_conflicts_alone_is_no_number() -> None:
    line = add(cell(measure(5), measure(9)))
    assert (line.value, line.answered, line.conflicting, line.low, line.high) == (None, 0, 1, 5, 9)


def test_money_adds_up_without_dust() -> None:
    assert add(*(cell(measure(0.1, unit="万元"), place=str(place)) for place in range(3))).value == 0.3


def test_a_rate_is_pooled_from_counts_that_give_it() -> None:
    ids = [f"indicator:{name}" for name in ("requests_closed", "requests_accepted")]
    rates = [cell(measure(value, unit="%", indicator="closing_rate"), place=place) for value, place in ((50, "a"), (90, "b"), (70, "c"))]
    counts = {("a", 2023, ids[0]): 5.0, ("a", 2023, ids[1]): 10.0, ("b", 2023, ids[0]): 900.0, ("b", 2023, ids[1]): 1000.0, ("c", 2023, ids[1]): 7.0}
    line = add(*rates, counts=counts)
    assert (line.value, line.median, line.pooled, line.weighted) == (None, 70, round(100 * 905 / 1010, 4), 2)
    assert add(*rates, counts={**counts, ("b", 2023, ids[1]): 2000.0}).weighted == 1  # 900 of 2000 are not 90 %
    assert add(*rates, counts={("a", 2023, ids[0]): 5.0, ("a", 2023, ids[1]): 0.0}).pooled is None


def test_pairs_name_indicators_of_the_catalogue() -> None:
    import vocabulary

    kinds = {entry["id"]: entry["kind"] for entry in vocabulary.load("indicators")}
    assert all(kinds[rate] == "rate" for rate in PAIRS)
    assert {kinds[count] for pairs in PAIRS.values() for pair in pairs for count in pair} == {"count"}


@pytest.mark.parametrize("text", ["=1+1", "+8613", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_a_formula_is_defused(text: str) -> None:
    assert defuse(text) == f"'{text}"
    (row,) = list(csv.reader(io.StringIO(b"".join(iter_csv([Column("a", "text", "")], [(text,)])).decode(), newline="")))[1:]
    assert row == [f"'{text}"]


def test_other_text_and_numbers_stay_as_they_are() -> None:
    columns = [Column(name, "text", "") for name in "abcdef"]
    row = ("说“好”,\n再说", None, 1.5, 126.0, -3, True)
    (line,) = list(csv.reader(io.StringIO(b"".join(iter_csv(columns, [row])).decode(), newline="")))[1:]
    assert line == ["说“好”,\n再说", "", "1.5", "126", "-3", "true"]


def test_rows_fit_their_columns() -> None:
    stated = cell(measure(5))
    assert len(write_panel_row(stated)) == len(PANEL)
    assert len(write_sum_row(add(stated))) == len(ROLLUP)
    for columns in (PANEL, ROLLUP):
        assert len({column.name for column in columns}) == len(columns)


def test_parquet_keeps_types_through_many_batches() -> None:
    columns = [Column("t", "text", ""), Column("w", "whole", ""), Column("n", "number", ""), Column("b", "truth", "")]
    rows = [(f"中{count}" if count % 3 else None, count, count / 2, count % 2 == 0) for count in range(4_500)]
    file = io.BytesIO()
    write_parquet(columns, iter(rows), file, {"fazhi": "{}"})
    read = read_parquet(io.BytesIO(file.getvalue())).read_all()
    assert list(zip(*(read.column(column.name).to_pylist() for column in columns), strict=True)) == rows


def test_parquet_of_nothing_has_its_columns() -> None:
    file = io.BytesIO()
    write_parquet(PANEL, [], file, {"fazhi": "{}"})
    read = read_parquet(io.BytesIO(file.getvalue())).read_all()
    assert (read.num_rows, read.column_names) == (0, [column.name for column in PANEL])


def test_what_fails_below_parquet_keeps_its_class() -> None:
    def rows():
        yield ("a",)
        raise Invalid("No.")

    with pytest.raises(Invalid, match="No"):
        write_parquet([Column("a", "text", "")], rows(), io.BytesIO(), {})


def test_half_a_surrogate_pair_does_not_stop_a_file() -> None:
    column = [Column("a", "text", "")]
    assert b"\\ud800" in b"".join(iter_csv(column, [("\ud800",)]))
    file = io.BytesIO()
    write_parquet(column, [("\ud800",)], file, {})
    assert read_parquet(io.BytesIO(file.getvalue())).read_all().column("a").to_pylist() == ["\\ud800"]


def test_address_and_command_say_the_whole_question() -> None:
    export = Export(question=Question(indicators=("调解 数", "b"), place="cn:35", from_year=2020, level="county", by="province"), format="parquet")
    assert write_command(export) == (
        "fazhi export panel --format parquet --indicator '调解 数' --indicator b --place cn:35 --from 2020 --level county --by province --out rollup.parquet"
    )
    assert write_address(export).endswith("indicator=b&place=cn%3A35&from=2020&level=county&view=rollup&by=province&format=parquet")


# -- the command ---------------------------------------------------------------------------------------------------------------------------------


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def filled(space: Workspace, corpus: Path) -> Workspace:
    space.ingest([corpus], workers=1)
    return space


def test_export_panel_writes_the_file_and_its_citation(filled: Workspace, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "numbers.csv"
    code, said, _ = run("export", "panel", "--out", out)
    assert (code, "Wrote" in said) == (0, True)
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode())))
    rates = [row for row in rows if row["indicator"] == "indicator:mediation_success_rate"]
    assert {(row["value"], row["unit"], row["state"]) for row in rates} == {("98", "%", "stated")}
    assert len(rates) == 6
    citation = json.loads((tmp_path / "numbers.csv.json").read_bytes())
    assert citation["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (citation["rows"], citation["file"], citation["snapshot"]) == (len(rows), "numbers.csv", filled.archive.snapshot())
    assert citation["command"].endswith("--out numbers.csv")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["numbers.csv", "numbers.csv.json"]
    assert run("export", "panel", "--out", out)[0] == 1  # it is there
    assert run("export", "panel", "--out", out, "--force")[0] == 0


def test_export_panel_to_the_standard_output(filled: Workspace, run: Run) -> None:
    code, out, err = run("export", "panel", "-i", "调解矛盾纠纷数", "--by", "county", "--to", 2020)
    (line,) = list(csv.DictReader(io.StringIO(out)))
    assert (code, line["sum"], line["unit"], line["answered"], line["reporting"]) == (0, str(20 + 21 + 22 + 23), "件", "4", "4")
    assert json.loads(err)["rows"] == 1


def test_a_panel_is_never_of_two_states(filled: Workspace) -> None:
    cells = panel.iter_cells(filled, Question(indicators=("调解矛盾纠纷数",)), step=1)
    next(cells)
    key = next(filled.archive.documents()).key
    filled.delete([key])
    with pytest.raises(Conflict, match="while the panel was read"):
        list(cells)


@pytest.mark.parametrize("wrong", [["--by", "county"], ["--empty"], ["-i", "调解矛盾纠纷数", "--by", "township"], ["--from", 2024, "--to", 2020]], ids=str)
def test_export_panel_refuses_what_it_can_not_do(filled: Workspace, run: Run, wrong: list[str]) -> None:
    code, out, err = run("export", "panel", *wrong)
    assert (code, out) == (2, "")
    assert err.startswith("fazhi: ")


def test_options_of_a_panel_are_no_options_of_the_graph(filled: Workspace, run: Run) -> None:
    assert run("export", "graph", "--place", "cn:35")[0] == 2


def test_a_failed_export_leaves_nothing(filled: Workspace, run: Run, tmp_path: Path) -> None:
    assert run("export", "panel", "-i", "没有这个", "--out", tmp_path / "x.csv")[0] == 1
    assert [path for path in tmp_path.iterdir() if "x.csv" in path.name] == []


def test_another_process_writes_the_same_bytes(filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import sys, pathlib, fazhi\n"
        "from fazhi.measuring import Question, writing\n"
        "from fazhi.measuring.exporting import Export\n"
        "with fazhi.open(mode='read') as space:\n"
        "    for format in ('csv', 'parquet'):\n"
        "        writing.write_panel(space, Export(question=Question(), format=format), pathlib.Path(sys.argv[1], 'panel.' + format))\n"
    )
    folders = [tmp_path / "here", tmp_path / "there"]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(sys, "argv", ["", str(folders[0])])
    exec(program, {})
    subprocess.run([sys.executable, "-c", program, str(folders[1])], check=True, env={**os.environ, "PYTHONHASHSEED": "1"}, capture_output=True)
    for name in ("panel.csv", "panel.csv.json", "panel.parquet", "panel.parquet.json"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
