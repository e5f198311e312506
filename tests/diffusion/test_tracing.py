"""From raw text to who took what up when and from whom, on simulated collections and on very bad ones."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

import fazhi
from diffusion.adoptions.model import CLAIMS
from diffusion.simulating import simulate
from fazhi.curving import draw_curve
from fazhi.diffusion_exporting import list_cascades, write_csv, write_graphml
from fazhi.errors import Conflict, Invalid, NotFound
from fazhi.tracing import Trace, draw_network, keep_study, presence, resolve, trace
from fazhi.workspace import Workspace
from graph.queries import list_neighbours

CLAIMED = {"adopted", "continued", "reported_by_superior", "stopped"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("traced")
    simulate(folder / "out", reports=150, seed=5, family="narrative", missing=0.1)
    truth = json.loads((folder / "out" / "truth.json").read_bytes())
    with fazhi.open(folder / "home") as workspace:
        workspace.ingest([folder / "out" / "reports"])
        yield workspace, truth


@pytest.fixture(scope="module")
def traces(world: tuple[Workspace, dict[str, Any]]) -> dict[str, Trace]:
    workspace, truth = world
    named = {told["program"] for told in truth["mentions"]}
    return {told["id"]: trace(workspace, told["name"]) for told in truth["programs"] if told["id"] in named}


def test_adoptions_are_those_that_reports_tell_of(world: tuple[Workspace, dict[str, Any]], traces: dict[str, Trace]) -> None:
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for told in world[1]["mentions"]:
        said[told["program"], told["place"]].add(told["status"])
    should = {key for key, statuses in said.items() if statuses & CLAIMED}
    claims = {(program, row.place) for program, found in traces.items() for row in found.adoptions if row.status in CLAIMS}
    assert len(should) > 40
    assert 2 * len(claims & should) / (len(claims) + len(should)) >= 0.92
    planned = {key for key, statuses in said.items() if "planned" in statuses and not statuses & CLAIMED}
    assert len(planned) > 10
    assert not planned & claims


def test_intervals_hold_the_year_and_chances_lie_in_them(world: tuple[Workspace, dict[str, Any]], traces: dict[str, Trace]) -> None:
    years = {(told["program"], told["place"]): told["year"] for told in world[1]["adoptions"]}
    held = []
    for program, found in traces.items():
        for row in found.adoptions:
            if row.t_upper is None or (program, row.place) not in years:
                continue
            held.append((row.t_lower is None or row.t_lower < years[program, row.place]) and years[program, row.place] <= row.t_upper)
            assert sum(row.years.values()) + row.before == pytest.approx(1.0, abs=0.01)
            assert max(row.years, default=row.t_upper) <= row.t_upper
    assert sum(held) / len(held) >= 0.95


def test_sources_are_told_with_their_evidence(world: tuple[Workspace, dict[str, Any]], traces: dict[str, Trace]) -> None:
    workspace, truth = world
    true = {(told["program"], told["place"]): told for told in truth["adoptions"]}
    texts = {document.key: workspace.archive.text(document.report) for document in workspace.archive.documents()}
    by_words = []
    for program, found in traces.items():
        assert {row.place for row in found.attributions} == {row.place for row in found.adoptions if row.t_upper is not None}
        for told in found.attributions:
            assert (told.source is None) or told.evidence
            assert told.text_backed == any(ground.kind in ("text", "named") for ground in told.evidence)
            for ground in told.evidence:
                for source, start, end, own, own_start, own_end in ground.passages:
                    shared = set(texts[source][start:end]) & set(texts[own][own_start:own_end])
                    assert 0 <= start < end <= len(texts[source])
                    assert len(shared) > 5
            if told.text_backed and (program, told.place) in true:
                by_words.append(told.source == true[program, told.place]["source"])
    assert len(by_words) >= 15
    assert sum(by_words) / len(by_words) >= 0.6


def test_a_source_that_the_text_names_comes_first(world: tuple[Workspace, dict[str, Any]], traces: dict[str, Trace]) -> None:
    named = {(told["program"], told["place"]): told["named_source"] for told in world[1]["mentions"] if told["named_source"]}
    found = {(program, row.place): row for program, traced in traces.items() for row in traced.attributions}
    told = [found[key].source == source for key, source in named.items() if key in found]
    assert told
    assert sum(told) / len(told) >= 0.8


def test_the_study_is_kept_and_the_same_when_made_again(world: tuple[Workspace, dict[str, Any]], traces: dict[str, Trace]) -> None:
    workspace, _ = world
    kept = keep_study(workspace)
    program = next(iter(traces))
    before = msgspec.json.encode(trace(workspace, program))
    kept.path.unlink()
    assert msgspec.json.encode(trace(workspace, program)) == before
    kept.path.write_bytes(b"no database")
    assert msgspec.json.encode(trace(workspace, program)) == before


def test_another_collection_is_studied_anew(tmp_path: Path) -> None:
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([write(tmp_path / "one", 2020, "参内镇", "大力培育“法律明白人”60名。")])
        first = trace(workspace, "法律明白人")
        workspace.ingest([write(tmp_path / "two", 2021, "湖头镇", "大力培育“法律明白人”60名。")])
        second = trace(workspace, "法律明白人")
    assert first.snapshot != second.snapshot
    assert len(first.adoptions) < len(second.adoptions)


def test_names_ids_families_and_spellings() -> None:
    known = frozenset({"program:法律六进", "program:法律八进", "program:法律明白人"})
    assert resolve("法律八进", known) == ("program:法律八进",)
    assert resolve("program:法律八进", known) == ("program:法律八进",)
    assert resolve("program:法律进", known) == ("program:法律八进", "program:法律六进")
    assert resolve("法治六进", known) == ("program:法律六进",)  # another spelling
    assert resolve("不存在的做法", known) == ()


def test_a_spelling_of_several_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import vocabulary

    entries = [{"name": "甲做法", "variants": ["同一写法"]}, {"name": "乙做法", "variants": ["同一写法"]}]
    monkeypatch.setattr(vocabulary, "load", lambda name: entries)
    with pytest.raises(Conflict, match="甲做法"):
        resolve("同一写法", frozenset({"program:甲做法", "program:乙做法"}))


def test_a_name_that_no_vocabulary_has_is_looked_for_in_the_texts(tmp_path: Path) -> None:
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest(
            [
                write(tmp_path / "a", 2020, "湖头镇", "全面推行板凳茶话叙，调解纠纷12件。"),
                write(tmp_path / "b", 2021, "参内镇", "全面推行板凳茶话叙，调解纠纷15件。"),
                write(tmp_path / "c", 2021, "官桥镇", "组织普法活动12场。", "拟于2022年推行板凳茶话叙。"),
            ]
        )
        found = trace(workspace, "板凳茶话叙")
        assert found.candidate
        assert "candidate" in " ".join(found.caveats)
        assert {(row.place.rpartition("/")[2], row.status) for row in found.adoptions} == {("湖头镇", "adopted"), ("参内镇", "adopted"), ("官桥镇", "planned")}
        workspace.ingest([write(tmp_path / "d", 2022, "官桥镇", "抓好“板凳”茶话叙，调解纠纷9件。")])
        again = trace(workspace, "板凳茶话叙")
        assert {(row.place.rpartition("/")[2], row.status) for row in again.adoptions} == {(town, "adopted") for town in ("湖头镇", "参内镇", "官桥镇")}
        with pytest.raises(NotFound, match="聊斋夜话"):
            trace(workspace, "聊斋夜话")
        with pytest.raises(Invalid, match="no name"):
            trace(workspace, "进")
    import vocabulary

    assert not any(entry["name"] == "板凳茶话叙" for entry in vocabulary.load("programs"))


def write(folder: Path, year: int | None, town: str, deed: str, plan: str = "继续做好普法工作。") -> Path:
    """A synthetic report of a township of 安溪县."""
    folder.mkdir(parents=True, exist_ok=True)
    when = f"{year}年" if year else ""
    text = (
        f"安溪县{town}人民政府{when}法治政府建设情况报告\n\n{when}，{town}深入推进法治政府建设，现将有关情况报告如下：\n一、主要举措和成效\n{deed}\n"
        f"二、存在的问题\n工作还有不足。\n三、下一步打算\n{plan}\n\n安溪县{town}人民政府\n（合成）\n"
    )
    (folder / f"{town}-{year}.txt").write_text(text, encoding="utf-8")
    return folder


@contextmanager
def collection_of(tmp_path: Path, *reports: tuple[int, str, str]) -> Iterator[Workspace]:
    """A collection of synthetic reports, each told by its year, its township of 安溪县 and what it did."""
    for year, town, deed in reports:
        write(tmp_path / "in", year, town, deed)
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / "in"])
        yield workspace


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ([(2021, "湖头镇")], "All reports are about 2021"),
        ([(2021, "湖头镇"), (2021, "参内镇"), (2021, "官桥镇")], "All reports are about 2021"),
        ([(2013, "湖头镇"), (2023, "参内镇")], "Only 2 of these places"),
        ([(2013, "湖头镇"), (2023, "参内镇"), (2018, "官桥镇")], "reports are missing here"),
    ],
)
def test_what_the_data_can_not_carry_is_said(tmp_path: Path, reports: list[tuple[int, str]], words: str) -> None:
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([write(tmp_path / "in", year, town, "大力培育“法律明白人”60名。") for year, town in reports][:1])
        found = trace(workspace, "法律明白人")
        network = draw_network(workspace, resamples=2, shuffles=2)
    assert len(found.adoptions) == len(reports)
    assert words in " ".join(found.caveats)
    assert not any(edge.shown for edge in network.edges)


def test_a_program_nobody_adopts(tmp_path: Path) -> None:
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([write(tmp_path / "in", 2021, "湖头镇", "组织普法活动12场。", "拟于2022年培育“法律明白人”60名。")])
        found = trace(workspace, "法律明白人")
    assert [row.status for row in found.adoptions] == ["planned"]
    assert found.attributions == ()
    assert "No report claims it" in " ".join(found.caveats)


def test_a_name_that_the_rules_know_in_few_reports_is_read_in_all(tmp_path: Path) -> None:
    """The rules take 推行“竹筐信箱制” for a practice's name, by what stands around it; 借着“竹筐信箱制”的东风 tells them nothing."""
    write(tmp_path / "in", 2019, "湖头镇", "尚未推行“竹筐信箱制”。")
    for year, town in ((2020, "湖头镇"), (2020, "参内镇"), (2021, "官桥镇")):
        write(tmp_path / "in", year, town, "借着“竹筐信箱制”的东风，化解纠纷12件。")
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / "in"])
        assert keep_study(workspace).programs == ("program:竹筐信箱制",)
        found, counted = trace(workspace, "竹筐信箱制"), draw_curve(workspace, "竹筐信箱制")
    assert found.candidate
    assert {(row.place, row.status, row.t_upper) for row in found.adoptions} == {
        ("cn:350524/湖头镇", "adopted", 2020),
        ("cn:350524/参内镇", "adopted", 2020),
        ("cn:350524/官桥镇", "adopted", 2021),
    }
    assert [year.adopted for year in counted.curve.years] == [0, 2, 3]


@pytest.mark.parametrize("name", ["法治夜校", "普法夜校"])
def test_a_name_too_general_to_be_read_everywhere_can_be_traced(tmp_path: Path, name: str) -> None:
    write(tmp_path / "in", 2019, "湖头镇", "组织普法活动12场。")
    write(tmp_path / "in", 2020, "湖头镇", "开办法治夜校12期。")
    write(tmp_path / "in", 2021, "官桥镇", "开办普法夜校6期。")
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / "in"])
        found, counted = trace(workspace, name), draw_curve(workspace, name)
    assert (found.program, found.candidate) == ("program:法治夜校", True)
    assert {(row.place, row.t_upper) for row in found.adoptions} == {("cn:350524/湖头镇", 2020), ("cn:350524/官桥镇", 2021)}
    assert [year.adopted for year in counted.curve.years] == [0, 1, 2]


def test_what_the_rules_and_a_candidates_reading_both_find_counts_once(tmp_path: Path) -> None:
    for town, words in (
        ("湖头镇", "推行“竹筐信箱制”，化解纠纷12件。"),
        ("参内镇", "借着“竹筐信箱制”的东风，化解纠纷12件。"),
        ("官桥镇", "借着“竹筐信箱制”的东风，学法3次。"),
    ):
        write(tmp_path / "in", 2020, town, words)
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / "in"])
        assert keep_study(workspace).programs == ("program:竹筐信箱制",)
        found = trace(workspace, "竹筐信箱制")
    assert found.candidate
    assert len({row.p for row in found.adoptions}) == 1
    assert len(found.adoptions) == 3


def test_what_a_report_denies_is_told_bounds_the_interval_and_is_no_edge(tmp_path: Path) -> None:
    reports = (
        (2019, "湖头镇", "尚未推行“法律明白人”制度。"),
        (2021, "湖头镇", "大力培育“法律明白人”60名。"),
        (2020, "参内镇", "“法律明白人”工作尚未开展。"),
    )
    with collection_of(tmp_path, *reports) as workspace:
        rows = {row.place: row for row in trace(workspace, "法律明白人").adoptions}
        edges = list_neighbours(workspace.graph, "program:法律明白人", relation="ADOPTS").rows
    there, without = rows["cn:350524/湖头镇"], rows["cn:350524/参内镇"]
    assert (there.status, there.t_lower, there.t_upper) == ("adopted", 2019, 2021)
    assert (without.status, without.t_lower, without.t_upper) == ("negated", 2020, None)
    assert without.facts
    assert {edge.id for edge in edges} == {there.place}


@pytest.mark.parametrize(
    ("deed", "channel", "source"),
    [
        ("根据县司法局《关于推行法律明白人制度的通知》（安司〔2020〕3号）要求，大力培育“法律明白人”60名。", "vertical", "cn:350524"),
        ("依据《安溪县法律明白人培养方案》，大力培育“法律明白人”60名。", "vertical", "cn:350524"),
        ("组织干部赴参内镇观摩。回来后，培育“法律明白人”60名。", "sibling", "cn:350524/参内镇"),
        ("培育“法律明白人”60名。该做法借鉴了参内镇经验。", "sibling", "cn:350524/参内镇"),
        ("受参内镇启发，培育“法律明白人”60名。", "sibling", "cn:350524/参内镇"),
    ],
)
def test_whom_a_report_names_is_the_source(tmp_path: Path, deed: str, channel: str, source: str) -> None:
    reports = (
        (2018, "湖头镇", "组织普法活动12场。"),
        (2020, "湖头镇", deed),
        (2018, "官桥镇", "培育“法律明白人”30名。"),
        (2019, "参内镇", "学法4次。"),
    )
    with collection_of(tmp_path, *reports) as workspace:
        rows = {row.place: row for row in trace(workspace, "法律明白人").attributions}
    told = rows["cn:350524/湖头镇"]
    assert (told.channel, told.source, told.text_backed) == (channel, source, True)
    assert told.evidence[0].kind == "named"
    assert told.evidence[0].sentence is not None


def test_whom_a_report_names_is_the_source_also_of_what_was_there_before_all_reports(tmp_path: Path) -> None:
    reports = (
        (2018, "湖头镇", "学习借鉴参内镇经验，2016年培育“法律明白人”60名。"),
        (2020, "湖头镇", "培育“法律明白人”70名。"),
        (2018, "官桥镇", "2016年培育“法律明白人”30名。"),
        (2019, "参内镇", "学法4次。"),
    )
    with collection_of(tmp_path, *reports) as workspace:
        told = trace(workspace, "法律明白人")
    rows = {row.place.rpartition("/")[2]: row for row in told.attributions}
    assert {row.place.rpartition("/")[2]: row.t_upper for row in told.adoptions if row.t_upper} == {"湖头镇": 2016, "官桥镇": 2016}
    assert (rows["湖头镇"].channel, rows["湖头镇"].source) == ("sibling", "cn:350524/参内镇")
    assert (rows["官桥镇"].channel, rows["官桥镇"].source) == ("unknown", None)


def test_an_order_is_about_what_it_names_to_its_end(tmp_path: Path) -> None:
    """Whose words a township has under another heading of the county's order on one practice."""
    for year, deed in ((2018, "组织普法活动12场。"), (2020, f"{OWN}推行法律明白人制度。{WORDS}{OWN[::-1]}")):
        write(tmp_path / "in", year, "湖头镇", deed)
    write(tmp_path / "in", 2019, "参内镇", "学法4次。")
    order = (
        "安溪县人民政府办公室关于推进基层法治建设有关工作的通知\n各乡镇人民政府：\n一、工作任务\n要把“法律明白人”作为2019年重点任务。\n"
        f"二、运行要求\n{OTHER}{WORDS}\n三、组织保障\n各地要精心组织。\n安溪县人民政府办公室\n2019年3月1日\n"
    )
    (tmp_path / "in" / "order.txt").write_text(order, encoding="utf-8")
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / "in"])
        (told,) = trace(workspace, "法律明白人").attributions
    assert (told.channel, told.source, told.text_backed) == ("vertical", "cn:350524", True)
    assert told.evidence[0].kind == "text"


def test_a_township_in_the_sentence_that_takes_a_practice_up_is_evidence_but_not_certain(tmp_path: Path) -> None:
    reports = (
        (2018, "湖头镇", "组织普法活动12场。"),
        (2020, "湖头镇", "循着官桥镇的路子，我镇推行“法律明白人”制度。"),
        (2018, "官桥镇", "培育“法律明白人”30名。"),
        (2018, "参内镇", "学法4次。"),
        (2020, "参内镇", "与官桥镇接壤的地段，我镇推行“法律明白人”制度。"),
    )
    with collection_of(tmp_path, *reports) as workspace:
        rows = {row.place.rpartition("/")[2]: row for row in trace(workspace, "法律明白人").attributions}
    told = rows["湖头镇"]
    assert (told.channel, told.source, told.text_backed) == ("sibling", "cn:350524/官桥镇", True)
    assert told.evidence[0].kind == "mentioned"
    assert 0.5 < told.posterior < 1
    assert not rows["参内镇"].text_backed


@pytest.mark.parametrize(("usual", "counts"), [("培育“法律明白人”30名。", True), ("按照县司法局部署，培育“法律明白人”30名。", False)])
def test_an_order_in_the_sentence_that_takes_a_practice_up_counts_where_it_is_no_way_of_speaking(tmp_path: Path, usual: str, counts: bool) -> None:
    late = ("湖头镇", "金谷镇", "蓬莱镇", "魁斗镇", "虎邱镇")
    reports = (
        *((2018, place, "组织普法活动12场。") for place in late),
        *((2020, place, "按照县司法局部署，我镇推行“法律明白人”制度。") for place in late),
        *((year, place, usual) for place in ("官桥镇", "参内镇") for year in (2018, 2019, 2020, 2021)),
    )
    with collection_of(tmp_path, *reports) as workspace:
        rows = {row.place.rpartition("/")[2]: row for row in trace(workspace, "法律明白人").attributions}
    grounds = {ground.kind for place in late for ground in rows[place].evidence}
    assert ("ordered" in grounds) == counts
    if counts:
        told = rows["湖头镇"]
        assert (told.channel, told.source, told.text_backed) == ("vertical", "cn:350524", True)
        assert told.evidence[0].sentence == "按照县司法局部署，我镇推行“法律明白人”制度。"


WORDS = "每月逢五把桌子搬到晒谷场，请老支书、调解员和村医轮流坐堂，谁家有话当面讲，记在牛皮本上由驻村干部逐条回访，月底在祠堂门口张榜，没办成的写明缘由和时限。"

OWN = "今夏连降暴雨，镇里把执法队分到三条河沟，白天巡堤、夜里值守，转移低洼地带住户，汛后会同水利站查补堤脚，收回被占的滩地，立牌划线，免得来年再起争执，护堤员的补贴也按月兑现到人。"
OTHER = "入冬以来木材运输增多，林业站在岔路口设卡验票，对超载车辆劝返卸货，向货主讲清采伐证的办法，查扣盗伐木料移交公安，护林员沿防火道清理枯枝，瞭望台昼夜有人，火情一报十分钟到场。"


@pytest.mark.parametrize(
    ("own", "others", "source"),
    [
        (f"推行法律明白人制度。{WORDS}", f"培育法律明白人30名。{WORDS}", "cn:350524/官桥镇"),
        (f"推行法律明白人制度。{WORDS}", f"组织普法活动5场。{WORDS}培育法律明白人30名。", None),  # there the words are about something else
        (f"{WORDS}推行法律明白人制度。", f"培育法律明白人30名。{WORDS}", "cn:350524/官桥镇"),
        (f"推行法律明白人制度。\n（二）规范行政执法。\n{WORDS}", f"培育法律明白人30名。\n（三）加强执法监督。\n{WORDS}", None),
        (f"推行法律明白人制度。建立“法律八进”机制。{WORDS}", f"培育法律明白人30名。{WORDS}", "cn:350524/官桥镇"),
        (f"推行法律明白人制度。建立“法律八进”机制。{WORDS}", f"培育法律明白人30名。建立“法律八进”机制。{WORDS}", None),
        # 法治副校长 is a practice too, but here one who comes along
        (f"推行法律明白人制度。网格员、法治副校长到场，{WORDS}", f"培育法律明白人30名。网格员、法治副校长到场，{WORDS}", "cn:350524/官桥镇"),
    ],
)
def test_words_count_where_the_source_goes_on_about_it_and_both_about_nothing_else(tmp_path: Path, own: str, others: str, source: str | None) -> None:
    reports = (
        (2018, "官桥镇", f"{OTHER}{others}{OTHER[::-1]}"),
        (2018, "湖头镇", "组织普法活动12场。"),
        (2020, "湖头镇", f"{OWN}{own}{OWN[::-1]}"),
        (2019, "参内镇", "学法4次。"),
    )
    with collection_of(tmp_path, *reports) as workspace:
        told = {row.place: row for row in trace(workspace, "法律明白人").attributions}["cn:350524/湖头镇"]
    assert (told.source if told.text_backed else None) == source


def test_words_that_only_later_reports_have_tell_less(tmp_path: Path) -> None:
    told = []
    for home, first, later in (
        ("at once", f"推行法律明白人制度。{WORDS}", "法律明白人上门12次。"),
        ("later", "推行法律明白人制度。", f"法律明白人上门12次。{WORDS}"),
    ):
        reports = (
            (2018, "官桥镇", f"{OTHER}培育法律明白人30名。{WORDS}{OTHER[::-1]}"),
            (2018, "湖头镇", "组织普法活动12场。"),
            (2020, "湖头镇", f"{OWN}{first}"),
            (2021, "湖头镇", f"{OWN[::-1]}{later}"),
            (2019, "参内镇", "学法4次。"),
        )
        with collection_of(tmp_path / home, *reports) as workspace:
            told.append({row.place: row for row in trace(workspace, "法律明白人").attributions}["cn:350524/湖头镇"])
    assert [row.source for row in told] == ["cn:350524/官桥镇"] * 2
    assert told[1].posterior < told[0].posterior
    assert [row.evidence[0].kind for row in told] == ["text", "text"]


def test_orders_that_are_about_anything_name_no_source(tmp_path: Path) -> None:
    for year, deed in ((2018, "组织普法活动12场。"), (2020, "按照县司法局工作部署，大力培育“法律明白人”60名。")):
        write(tmp_path / "in", year, "湖头镇", deed)
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / "in"])
        (told,) = trace(workspace, "法律明白人").attributions
    assert told.source is None


def test_reports_without_a_year_are_no_evidence_of_time(tmp_path: Path) -> None:
    with fazhi.open(tmp_path / "home") as workspace:
        workspace.ingest([write(tmp_path / "in", None, "湖头镇", "大力培育“法律明白人”60名。")])
        assert keep_study(workspace).coverage.reports == 0
        with pytest.raises(NotFound, match="a township and a year"):
            trace(workspace, "法律明白人")
        assert draw_network(workspace, resamples=1, shuffles=1).edges == ()


def test_presence_is_what_reports_are_there(world: tuple[Workspace, dict[str, Any]]) -> None:
    workspace, truth = world
    towns = {told["id"] for told in truth["places"] if told["level"] == "township"}
    told: dict[str, set[int]] = defaultdict(set)
    for report in truth["reports"]:
        if report["kind"] == "report" and report["place"] in towns:
            told[report["place"]].add(report["year"])
    assert presence(workspace) == {place: tuple(sorted(years)) for place, years in told.items()}


def test_cascades_and_network_for_other_programs(world: tuple[Workspace, dict[str, Any]], traces: dict[str, Trace]) -> None:
    workspace, _ = world
    rows = list(csv.DictReader(io.StringIO("\n".join(write_csv(list_cascades(workspace))))))
    program, found = next(iter(traces.items()))
    mine = {row["node"]: row for row in rows if row["cascade"] == program}
    assert mine.keys() == {row.place for row in found.adoptions if row.t_upper is not None}
    assert all(row["upper"].isdecimal() and 0 < float(row["weight"]) <= 1 for row in rows)
    network = draw_network(workspace, resamples=3, shuffles=2, seed=4)
    assert network == draw_network(workspace, resamples=3, shuffles=2, seed=4)
    root = ElementTree.fromstring(write_graphml(network))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    edges = root.findall(".//g:edge", space)
    assert len(edges) == len(network.edges) > 0
    nodes = {node.get("id") for node in root.findall(".//g:node", space)}
    assert {edge.get("source") for edge in edges} | {edge.get("target") for edge in edges} == nodes


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[int, str, str]]) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    assert run("trace", "法律明白人")[0] == 1  # no data
    write(tmp_path / "in", 2020, "湖头镇", "大力培育“法律明白人”60名。")
    write(tmp_path / "in", 2021, "参内镇", "大力培育“法律明白人”60名。")
    assert run("ingest", tmp_path / "in", "--workers", 1, "--quiet")[0] == 0
    code, out, _ = run("trace", "法律明白人", "--json")
    told = json.loads(out)
    assert code == 0
    assert told.keys() >= {"program", "snapshot", "coverage", "adoptions", "attributions", "caveats"}
    assert told["adoptions"][0].keys() >= {"place", "status", "t_lower", "t_upper", "censored", "p", "facts", "variant"}
    assert told["attributions"][0].keys() >= {"place", "source", "channel", "posterior", "evidence"}
    code, out, err = run("trace", "法律明白人")
    assert code == 0
    assert "湖头镇" in out
    assert "no origin" in out + err
    code, _, err = run("trace", "不存在的做法")
    assert code == 1
    assert "不存在的做法" in err
    assert json.loads(run("network", "--json", "--resamples", 2, "--shuffles", 2)[1]).keys() >= {"snapshot", "edges"}
    assert run("network", "--resamples", 2, "--shuffles", 2)[0] == 0
    assert run("export", "cascades", "--format", "csv")[1].splitlines()[0] == "node,cascade,lower,upper,weight"
    assert run("export", "cascades", "--out", tmp_path / "c.csv")[0] == 0
    assert run("export", "cascades", "--out", tmp_path / "c.csv")[0] == 1  # is there already
    assert run("export", "cascades", "--year", "2020")[0] == 2
    assert run("export", "graphml", "--place", "cn:35")[0] == 2
    code, _, _ = run("trace", "法律明白人", "--html", tmp_path / "page.html")
    assert code == 0
    assert "法律明白人" in (tmp_path / "page.html").read_text(encoding="utf-8")
