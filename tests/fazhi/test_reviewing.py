"""``fazhi vocabulary``: what it offers, and what its decisions do to the next ingest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sample_reports import make_report

import vocabulary
from fazhi import batch
from fazhi.answers import Candidates
from fazhi.candidates import list_candidates
from fazhi.errors import Invalid
from fazhi.reviewed import adopt, use_overlay
from fazhi.settings import load_settings
from fazhi.workspace import Workspace
from fazhi.workspace import open as open_workspace
from vocabulary.overlay import EMPTY

Run = Callable[..., tuple[int, str, str]]
SENTENCE = "推行“灯下议事坊”工作法，全年开展灯下议事26场。"


@pytest.fixture(autouse=True)
def packaged() -> Iterator[None]:
    adopt(EMPTY)
    yield
    adopt(EMPTY)


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    """Twelve reports of four townships; three townships say the sentence, one of them in two years."""
    folder = tmp_path / "villages"
    folder.mkdir()
    for number in range(12):
        text = make_report(number)
        if number in (2, 3, 4, 6):
            text = text.replace("二、存在的问题", f"（三）办实事。{SENTENCE}\n二、存在的问题")
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def filled(run: Run, home: Path, villages: Path) -> Path:
    assert run("ingest", villages, "--workers", "1", "--quiet")[0] == 0
    return home


def candidates(run: Run, *options: str) -> dict[str, Any]:
    code, out, _ = run("vocabulary", "candidates", "--json", *options)
    assert code == 0
    answer: dict[str, Any] = json.loads(out)
    return answer


def names(run: Run, *options: str) -> list[str]:
    return [candidate["name"] for candidate in candidates(run, *options)["candidates"]]


# -- candidates ------------------------------------------------------------------------------------------------------------------------------------


def test_candidates_tell_who_uses_a_name_since_when_and_where_it_stands(run: Run, filled: Path, villages: Path) -> None:
    answer = candidates(run, "--kind", "program")
    first = answer["candidates"][0]
    assert (first["name"], first["townships"], first["reports"], first["mentions"]) == ("灯下议事坊", 3, 4, 4)
    assert (first["first_year"], first["last_year"]) == (2020, 2021)
    assert [example["key"] for example in first["examples"]] == ["002.txt", "003.txt", "004.txt"]  # one of each township, the earliest
    for example in first["examples"]:
        text = (villages / example["key"]).read_text(encoding="utf-8")
        assert text[example["start"] : example["end"]] == example["text"]
        assert "灯下议事坊" in example["text"]
    assert answer["coverage"]["reports"] == 12
    assert answer["snapshot"]


def test_names_of_more_townships_come_first_and_limit_and_kind_narrow(run: Run, filled: Path) -> None:
    everything = candidates(run)["candidates"]
    ranks = [(-candidate["townships"], -candidate["reports"]) for candidate in everything]
    assert ranks == sorted(ranks)
    assert {candidate["kind"] for candidate in everything} >= {"program", "indicator"}
    assert len(candidates(run, "--limit", "1")["candidates"]) == 1
    assert candidates(run, "--limit", "1")["total"] == len(everything)
    assert {candidate["kind"] for candidate in candidates(run, "--kind", "indicator")["candidates"]} == {"indicator"}


def test_what_the_catalogue_has_is_not_offered(run: Run, filled: Path) -> None:
    assert "法律八进" not in names(run)


def test_the_nearest_known_name_is_shown(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make_report(1).replace("法律八进活动", "“乡村法治明白人”制度"), encoding="utf-8")
    run("ingest", tmp_path / "a.txt")
    (candidate,) = candidates(run, "--kind", "program")["candidates"]
    assert candidate["nearest"]["entry"] == "法律明白人"
    assert 0.5 <= candidate["nearest"]["similarity"] < 1


def test_people_get_a_list(run: Run, filled: Path) -> None:
    code, out, _ = run("vocabulary", "candidates", "--kind", "program")
    assert code == 0
    assert "1. 灯下议事坊  program  3 townships, 4 reports, 2020–2021" in out
    assert f"{SENTENCE}  [002.txt]" in out
    assert "looked at 12 reports of" in out


def test_the_same_archive_gives_the_same_list_in_whatever_order_it_was_filled(filled: Path, villages: Path, tmp_path: Path) -> None:
    def listed(home: Path) -> Candidates:
        with open_workspace(home, mode="read") as space:
            return list_candidates(space, limit=100)

    with open_workspace(tmp_path / "other") as space:
        for file in sorted(villages.iterdir(), reverse=True):
            space.ingest([file], workers=1)
    one, other = listed(filled), listed(tmp_path / "other")
    assert one.candidates == other.candidates
    assert len(one.candidates) > 1


def test_duplicates_count_once(run: Run, home: Path, villages: Path) -> None:
    (villages / "zz.txt").write_bytes((villages / "002.txt").read_bytes())
    run("ingest", villages, "--workers", "1", "--quiet")
    assert candidates(run, "--kind", "program")["candidates"][0]["reports"] == 4


# -- decisions -------------------------------------------------------------------------------------------------------------------------------------


def test_an_accepted_name_is_written_down_and_no_longer_offered(run: Run, filled: Path) -> None:
    code, out, _ = run("vocabulary", "accept", "灯下议事坊", "--class", "brand", "--definition", "晚上在灯下议事。")
    assert (code, out) == (0, "Accepted 灯下议事坊 as a new program.\n")
    line = (filled / "vocabulary" / "reviewed.yaml").read_text(encoding="utf-8").splitlines()[-1]
    assert line.startswith("- {kind: program, name: 灯下议事坊, decision: accept, class: brand, definition: 晚上在灯下议事。, decided: ")
    assert "灯下议事坊" not in names(run)
    (decision,) = json.loads(run("vocabulary", "list", "--json")[1])
    assert (decision["kind"], decision["name"], decision["decision"], decision["class"], decision["known"]) == (
        "program",
        "灯下议事坊",
        "accept",
        "brand",
        False,
    )


def test_the_next_ingest_reads_every_report_with_it(run: Run, filled: Path, villages: Path) -> None:
    assert json.loads(run("ingest", villages, "--json")[1])["unchanged"] == 12
    run("vocabulary", "accept", "灯下议事坊")
    assert json.loads(run("ingest", villages, "--json")[1])["changed"] == 12
    code, out, _ = run("cypher", "MATCH (p:Program {id: 'program:灯下议事坊'}) RETURN p.catalogued AS known", "--json")
    assert (code, json.loads(out)["rows"]) == (0, [{"known": True}])
    run("vocabulary", "undo")
    assert json.loads(run("ingest", villages, "--json")[1])["changed"] == 12
    assert vocabulary.version() == vocabulary.packaged_version()


def test_status_counts_what_was_read_without_it(run: Run, filled: Path, villages: Path) -> None:
    def stale() -> int:
        adopt(EMPTY)  # as in a process of its own
        told: int = json.loads(run("status", "--json")[1])["stale"]
        return told

    assert stale() == 0
    run("vocabulary", "accept", "灯下议事坊")
    assert stale() == 12
    assert json.loads(run("ingest", "--stale", "--workers", "1", "--json")[1])["changed"] == 12
    assert stale() == 0
    run("vocabulary", "undo")
    assert stale() == 12


def test_a_rebuilt_graph_names_accepted_indicators_as_the_ingest_did(run: Run, filled: Path, villages: Path) -> None:
    def named() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(run("cypher", "MATCH (i:Indicator {id: 'indicator:lamp_talks'}) RETURN i.name AS name", "--json")[1])["rows"]
        return rows

    name = next(name for name in names(run, "--kind", "indicator") if "灯下议事" in name)
    run("vocabulary", "accept", name, "--id", "lamp_talks", "--unit", "场")
    run("ingest", villages, "--workers", "1", "--quiet")
    assert named() == [{"name": name}]
    adopt(EMPTY)  # as in a process of its own
    assert run("rebuild", "graph")[0] == 0
    assert named() == [{"name": name}]


def test_workers_read_with_the_same_decisions(run: Run, filled: Path, villages: Path, tmp_path: Path) -> None:
    run("vocabulary", "reject", "灯下议事坊")
    alone, together = tmp_path / "alone.jsonl", tmp_path / "together.jsonl"
    assert run("extract", villages, "--workers", "1", "--out", alone)[0] == 0
    assert run("extract", villages, "--workers", "2", "--out", together)[0] == 0
    assert alone.read_bytes() == together.read_bytes()
    assert "program:灯下议事坊" not in alone.read_text(encoding="utf-8")
    run("vocabulary", "undo", "灯下议事坊")
    run("extract", villages, "--workers", "2", "--out", together)
    assert "program:灯下议事坊" in together.read_text(encoding="utf-8")


def test_a_server_s_ingest_sees_decisions_made_meanwhile(filled: Path, villages: Path, run: Run) -> None:
    with open_workspace(filled) as space:
        run("vocabulary", "reject", "灯下议事坊")
        adopt(EMPTY)  # as in another process, which has not heard of it
        assert batch_of(space, villages).changed == 12
        assert not any(
            "灯下议事坊" in (fact.canonical or "")
            for document in space.archive.documents()
            for fact in space.archive.analysis(document.report).facts
            if fact.type == "program"
        )


def batch_of(space: Workspace, folder: Path) -> Any:
    with space.writing("test"):
        return batch.ingest(space, [folder], workers=1, inline=False)


def test_two_data_folders_of_one_process_keep_to_their_own_decisions(tmp_path: Path, villages: Path, run: Run, home: Path) -> None:
    one, other = load_settings(home=tmp_path / "one"), load_settings(home=tmp_path / "other")
    run("vocabulary", "reject", "灯下议事坊", "--kind", "program", "--home", one.home)
    for settings, found in ((one, False), (other, True), (one, False)):
        facts = [fact for result in batch.extract([villages / "002.txt"], settings, workers=1) for fact in result.facts]  # type: ignore[union-attr]
        assert any(fact.node == "program:灯下议事坊" for fact in facts) is found


def test_a_spelling_is_accepted_as_its_entry(run: Run, filled: Path) -> None:
    code, out, _ = run("vocabulary", "accept", "灯下议事坊", "--as", "枫桥经验")
    assert (code, out) == (0, "Accepted 灯下议事坊 as 枫桥经验.\n")
    assert "灯下议事坊" not in names(run)


def test_an_indicator_needs_an_id_and_a_unit(run: Run, filled: Path) -> None:
    name = next(name for name in names(run, "--kind", "indicator") if "灯下议事" in name)
    code, _, err = run("vocabulary", "accept", name)
    assert (code, "needs an id" in err) == (2, True)
    assert run("vocabulary", "accept", name, "--id", "lamp_talks", "--unit", "场")[0] == 0
    assert name not in names(run)


def test_what_a_name_is_can_be_said_where_reports_do_not_tell(run: Run, filled: Path) -> None:
    code, _, err = run("vocabulary", "reject", "从没写过的名字")
    assert (code, "Say what it is with --kind" in err) == (2, True)
    assert run("vocabulary", "reject", "从没写过的名字", "--kind", "platform")[0] == 0


def test_without_reports_a_kind_is_enough(run: Run, home: Path) -> None:
    assert run("vocabulary", "accept", "灯下议事坊", "--kind", "program")[0] == 0
    assert run("vocabulary", "accept", "灯下议事坊", "--as", "枫桥经验")[0] == 2
    code, _, err = run("vocabulary", "candidates")
    assert (code, "There is no data" in err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("accept", "法律八进"), "The catalogue has 法律八进 already"),
        (("accept", "灯下议事坊", "--as", "没有这一条"), "There is no program 没有这一条"),
        (("accept", "灯下议事坊", "--class", "nice"), "Use one of program, mechanism"),
        (("accept", "灯下议事坊", "--as", "枫桥经验", "--class", "brand"), "Give either as or the fields of a new entry"),
        (("undo", "灯下议事坊"), "There is no decision on 灯下议事坊"),
        (("undo",), "There is no decision to take back"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(run: Run, filled: Path, arguments: tuple[str, ...], told: str) -> None:
    code, _, err = run("vocabulary", *arguments, *(("--kind", "program") if arguments[0] == "accept" else ()))
    assert code in (1, 2)
    assert told in err
    assert not (filled / "vocabulary" / "reviewed.yaml").exists()


def test_a_name_too_general_to_be_read_can_be_accepted(run: Run, filled: Path) -> None:
    assert run("vocabulary", "accept", "法治夜校", "--kind", "program")[0] == 0
    assert "法治夜校" in (filled / "vocabulary" / "reviewed.yaml").read_text(encoding="utf-8")
    assert run("vocabulary", "accept", "普法夜校", "--kind", "program", "--as", "法治夜校")[0] == 2  # one of its spellings


def test_a_decision_must_be_taken_back_before_another(run: Run, filled: Path) -> None:
    run("vocabulary", "accept", "灯下议事坊")
    code, _, err = run("vocabulary", "reject", "“灯下议事坊”", "--kind", "program")
    assert (code, "is accepted already" in err, "fazhi vocabulary undo 灯下议事坊" in err) == (2, True, True)
    assert run("vocabulary", "undo", "灯下议事坊")[1] == "Taken back: 灯下议事坊 is no longer accepted as a new program.\n"
    assert run("vocabulary", "reject", "灯下议事坊")[0] == 0


def test_undo_takes_back_the_last_one_and_keeps_what_people_wrote_around_it(run: Run, filled: Path) -> None:
    run("vocabulary", "reject", "灯下议事坊", "--reason", "试一试")
    file = filled / "vocabulary" / "reviewed.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# 下面几条由县里定\n", encoding="utf-8")
    run("vocabulary", "reject", "双微", "--kind", "platform")
    assert run("vocabulary", "undo")[1] == "Taken back: 双微 is no longer rejected as a platform.\n"
    text = file.read_text(encoding="utf-8")
    assert "# 下面几条由县里定" in text
    assert "灯下议事坊" in text
    assert "双微" not in text
    run("vocabulary", "undo")
    assert run("vocabulary", "list")[1] == "0 names decided.\n"


def test_a_file_laid_out_by_hand_is_understood_and_extended(run: Run, filled: Path) -> None:
    file = filled / "vocabulary" / "reviewed.yaml"
    file.parent.mkdir()
    file.write_text("decisions:\n  - kind: program\n    name: 灯下议事坊\n    decision: reject\n", encoding="utf-8")
    assert run("vocabulary", "reject", "双微", "--kind", "platform")[0] == 0
    assert [decision["name"] for decision in json.loads(run("vocabulary", "list", "--json")[1])] == ["双微", "灯下议事坊"]
    assert run("vocabulary", "undo", "灯下议事坊")[0] == 0
    assert [decision["name"] for decision in json.loads(run("vocabulary", "list", "--json")[1])] == ["双微"]


def test_decisions_of_other_files_are_theirs_to_take_back(run: Run, filled: Path) -> None:
    (filled / "vocabulary").mkdir()
    (filled / "vocabulary" / "county.yaml").write_text("- {kind: program, name: 灯下议事坊, decision: reject}\n", encoding="utf-8")
    assert "灯下议事坊" not in names(run)
    code, _, err = run("vocabulary", "undo", "灯下议事坊")
    assert (code, "county.yaml entry 1" in err, "Take the entry out of that file" in err) == (1, True, True)


def test_a_broken_file_stops_reading_with_its_name_and_cure(run: Run, filled: Path, villages: Path) -> None:
    (filled / "vocabulary").mkdir()
    (filled / "vocabulary" / "county.yaml").write_text("- {kind: law, name: 灯下议事坊, decision: reject}\n", encoding="utf-8")
    page = ("explain", villages / "001.txt", "--out", "-")
    for command in (("ingest", villages), ("extract", villages / "001.txt"), page, ("vocabulary", "candidates"), ("vocabulary", "list"), ("rebuild",)):
        code, out, err = run(*command)
        assert (code, out) == (2, ""), command
        assert "county.yaml entry 1 (灯下议事坊): The kind 'law' is unknown." in err
        assert "Use one of program, platform, body, indicator." in err
    assert run("search", "法律八进")[0] == 0  # what is there stays readable


def test_a_shared_folder_can_be_named(run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_VOCABULARY", str(tmp_path / "shared"))
    assert run("vocabulary", "reject", "双微", "--kind", "platform")[0] == 0
    assert (tmp_path / "shared" / "reviewed.yaml").exists()
    assert not (home / "vocabulary").exists()
    adopt(EMPTY)
    assert use_overlay(load_settings())
    assert vocabulary.rejected("platform") == {"双微"}


def test_an_unknown_kind_is_refused(filled: Path) -> None:
    with open_workspace(filled, mode="read") as space, pytest.raises(Invalid, match="There is no kind law"):
        list_candidates(space, "law")  # type: ignore[arg-type]
