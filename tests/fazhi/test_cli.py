"""The command line's contract: exit codes, one clear line for each failure, JSON for machines."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_reports import write_reports

from fazhi import cli, lease, workspace
from fazhi.errors import Conflict, Forbidden
from fazhi.serving import check_exposure, find_port, is_loopback, listen
from fazhi.settings import load_settings

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(workspace.__file__).parent.parent
FAZHI = [sys.executable, "-m", "fazhi"]


def test_ingest_says_what_it_did_and_the_second_time_that_nothing_changed(run: Run, home: Path, corpus: Path) -> None:
    code, out, _ = run("ingest", corpus)
    assert (code, out.startswith("6 new, 0 changed, 0 unchanged, 0 duplicate, 0 failed")) == (0, True)
    code, out, _ = run("ingest", corpus, "--json")
    assert (code, json.loads(out)["unchanged"], json.loads(out)["wrote"]) == (0, 6, False)


def test_a_failed_input_gives_one_line_and_exit_code_1_and_the_rest_is_in(run: Run, home: Path, corpus: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    code, out, err = run("ingest", corpus)
    assert code == 1
    assert out.startswith("6 new")
    assert [line for line in err.splitlines() if line.startswith("empty.txt: ")] == err.splitlines()


def test_a_missing_path_is_exit_code_1(run: Run, home: Path, tmp_path: Path) -> None:
    code, _, err = run("ingest", tmp_path / "nowhere")
    assert code == 1
    assert err.startswith("nowhere: ")


def test_search_shows_sentences_with_their_offsets(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    code, out, _ = run("search", "法律八进", "--json", "--limit", "2")
    answer = json.loads(out)
    assert (code, len(answer["hits"]), answer["total"], answer["coverage"]["reports"]) == (0, 2, 6, 6)
    for hit in answer["hits"]:
        text = (corpus / hit["key"]).read_text(encoding="utf-8")
        for passage in hit["passages"]:
            assert text[passage["start"] : passage["end"]] == passage["text"]
            assert "法律八进" in [text[start:end] for start, end in passage["highlights"]]
    code, out, _ = run("search", "法律八进", "--json", "--limit", "10", "--cursor", answer["next"])
    assert len(json.loads(out)["hits"]) == 4
    code, out, _ = run("search", "法律八进")
    assert "法律八进" in out


def test_search_narrows_by_year_and_order(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    _, out, _ = run("search", "", "--json", "--from", "2021", "--sort", "-year")
    assert [hit["year"] for hit in json.loads(out)["hits"]] == [2021, 2021]


def test_search_tells_places_that_no_report_is_of(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    _, out, _ = run("search", "place:不存在镇 OR 法律八进", "--json")
    assert json.loads(out)["unknown_places"] == [{"name": "不存在镇", "registered": False}] and json.loads(out)["total"] == 6
    _, out, _ = run("search", "place:杨广镇", "--json")
    assert json.loads(out)["unknown_places"] == [{"name": "杨广镇", "registered": True}]
    _, out, _ = run("search", "place:杨广镇")
    assert "“杨广镇” is in the official list of places" in out
    assert json.loads(run("search", "法律八进", "--json")[1])["unknown_places"] == []


def test_cypher_gives_rows_and_takes_parameters(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    code, out, _ = run("cypher", "MATCH (r:Report) WHERE r.year = $year RETURN count(r) AS reports", "--param", "year=2021", "--json")
    assert (code, json.loads(out)["rows"]) == (0, [{"reports": 2}])
    code, out, _ = run("cypher", "MATCH (r:Report) RETURN r.id AS id ORDER BY id", "--limit", "2")
    assert code == 0
    assert "there are more" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "((("],
        ["cypher", "MATCH (n) SET n.x = 1"],
        ["cypher", "NONSENSE"],
        ["cypher", "RETURN 1", "--param", "nothing"],
        ["search", "x", "--sort", "colour"],
        ["search", "x", "--limit", "0"],
        ["rebuild", "everything"],
        ["nonsense"],
        ["ingest"],
        ["search", "x", "--cursor", "broken"],
    ],
)
def test_wrong_use_is_exit_code_2_without_a_traceback(run: Run, home: Path, corpus: Path, arguments: list[str]) -> None:
    run("ingest", corpus / "000.txt")
    code, _, err = run(*arguments)
    assert code == 2
    assert err.strip()
    assert "Traceback" not in err


def test_a_wrong_setting_is_exit_code_2(run: Run, home: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_PORT", "x")
    code, _, err = run("ingest", corpus)
    assert (code, err.count("\n"), "FAZHI_PORT" in err) == (2, 1, True)


@pytest.mark.parametrize("command", [["status"], ["check"], ["search", "x"], ["cypher", "RETURN 1"], ["repair"], ["rebuild"], ["delete", "x"]])
def test_without_data_a_command_says_where_it_looked_and_makes_nothing(run: Run, home: Path, command: list[str]) -> None:
    code, _, err = run(*command)
    assert (code, err.count("\n"), str(home) in err, "fazhi ingest" in err) == (1, 1, True, True)
    assert not home.exists()


def test_the_data_folder_may_stand_before_or_after_the_command(run: Run, corpus: Path, tmp_path: Path, home: Path) -> None:
    run("--home", tmp_path / "one", "ingest", corpus)
    code, out, _ = run("status", "--json", "--home", tmp_path / "one")
    assert (code, json.loads(out)["archive"]["documents"], json.loads(out)["home"]) == (0, 6, str(tmp_path / "one"))
    assert not home.exists()


def test_status_shows_what_there_is_and_what_failed(run: Run, home: Path, corpus: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    run("ingest", corpus)
    code, out, err = run("status")
    assert code == 0
    assert "6 of 4 places, 2020–2021" in out
    assert "empty.txt: " in err
    code, out, _ = run("status", "--documents")
    assert [line.split("\t")[0] for line in out.splitlines()] == [f"00{number}.txt" for number in range(6)]


def test_check_finds_a_difference_and_repair_mends_it(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    assert run("check")[0] == 0
    with workspace.open(home) as space:
        space.archive.delete("000.txt")
    code, out, _ = run("check")
    assert (code, "1 changes wait" in out) == (1, True)
    assert run("repair")[0] == 0
    assert run("check", "--json")[0] == 0


def test_rebuild_says_what_it_did(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    assert run("rebuild")[1].startswith("Rebuilt graph and text from 6 reports")
    assert run("rebuild", "text")[1].startswith("Rebuilt text from 6 reports")
    assert run("check")[0] == 0


def test_deleting_an_unknown_key_is_exit_code_1_and_the_others_go(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    code, out, err = run("delete", "000.txt", "nowhere.txt")
    assert (code, out, err.startswith("nowhere.txt: ")) == (1, "1 deleted.\n", True)


def test_extract_prints_facts_in_the_order_of_the_input_without_a_store(run: Run, home: Path, tmp_path: Path) -> None:
    corpus = write_reports(tmp_path / "many", 12)
    (corpus / "005b.txt").write_bytes(b"")
    code, out, err = run("extract", corpus, "--workers", "2")
    facts = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert err.startswith("005b.txt: ")
    assert list(dict.fromkeys(fact["doc"] for fact in facts)) == [f"{number:03}.txt" for number in range(12)]
    for fact in facts:
        assert (corpus / fact["doc"]).read_text(encoding="utf-8")[fact["start"] : fact["end"]] == fact["surface"]
    assert not home.exists()
    (corpus / "005b.txt").unlink()
    code, nothing, _ = run("extract", corpus, "--workers", "1", "--out", tmp_path / "facts.jsonl")
    assert (code, nothing, (tmp_path / "facts.jsonl").read_text(encoding="utf-8")) == (0, "", out)


def test_a_writer_that_is_busy_is_named(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus / "000.txt")
    with lease.hold(home, "ingest"):
        code, _, err = run("ingest", corpus)
        assert (code, err.count("\n"), str(os.getpid()) in err) == (1, 1, True)
        assert run("search", "法律八进")[0] == 0


@pytest.mark.parametrize(("command", "text", "column"), [("search", '法治 "顾问', 7), ("cypher", 'RETURN "法", (1', 15)])
def test_a_syntax_error_is_shown_in_what_was_typed(run: Run, home: Path, corpus: Path, command: str, text: str, column: int) -> None:
    run("ingest", corpus)
    code, _, err = run(command, text)
    said, typed, caret = err.splitlines()
    assert (code, said.startswith("fazhi: "), typed) == (2, True, f"  {text}")
    assert caret == f"{' ' * column}^"


def test_an_unexpected_error_is_one_line_with_a_hint(run: Run, home: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out\nof order")

    monkeypatch.setattr(workspace, "open", fail)
    code, _, err = run("status")
    assert (code, err.count("\n"), "RuntimeError: out of order" in err, "FAZHI_DEBUG=1" in err) == (1, 1, True, True)


def test_output_that_nobody_reads_on_is_no_error(home: Path, corpus: Path, run: Run) -> None:
    run("ingest", corpus)
    line = f"{sys.executable} -m fazhi status --documents | head -n 1; {sys.executable} -m fazhi cypher 'MATCH (n) RETURN n' --json | head -c 1"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.stderr == b""
    assert done.stdout.startswith(b"000.txt")


def test_ctrl_c_keeps_what_is_in_and_the_next_run_goes_on(home: Path, tmp_path: Path, run: Run) -> None:
    corpus = write_reports(tmp_path / "many", 200)
    process = subprocess.Popen(
        [*FAZHI, "ingest", str(corpus), "--workers", "1"], cwd=ROOT, env={**os.environ, "FAZHI_BATCH": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not list((home / "originals").glob("*/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err.decode()
    assert b"Traceback" not in err
    assert b"again" in err
    assert run("check")[0] == 0
    taken = int(out.split()[0])
    assert 0 < taken < 200
    code, text, _ = run("ingest", corpus, "--json", "--workers", "1")
    assert (code, json.loads(text)["unchanged"]) == (0, taken)


def test_help_is_fast_and_does_not_load_engines() -> None:
    code = (
        "import sys\nfrom fazhi.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'spacy', 'kglite', 'tantivy', 'sqlalchemy', 'fastapi', 'pydantic_settings', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_every_command_of_the_contract_is_there() -> None:
    names = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}
    assert names >= {"demo", "ingest", "extract", "search", "cypher", "status", "check", "repair", "rebuild", "delete", "serve"}


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.9.9.9", True), ("0.0.0.0", False), ("::", False), ("192.168.1.1", False)],
)
def test_loopback_is_told_from_the_rest(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_server_listens_beyond_loopback_only_with_a_key(run: Run, home: Path) -> None:
    code, _, err = run("serve", "--host", "0.0.0.0", "--port", "0")
    assert (code, "FAZHI_API_KEY" in err) == (2, True)
    check_exposure(load_settings(host="0.0.0.0", api_key="k"))
    with pytest.raises(Forbidden):
        check_exposure(load_settings(host="0.0.0.0"))


def test_a_taken_port_is_said_to_be_so_and_the_demo_takes_the_next() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=str(port)):
            listen("127.0.0.1", port)
        with find_port("127.0.0.1", port) as found:
            assert isinstance(found, socket.socket)
            assert found.getsockname()[1] > port


def test_the_demo_shows_three_answers(run: Run, home: Path, tmp_path: Path) -> None:
    corpus = write_reports(tmp_path / "samples", 3)
    code, out, err = run("demo", "--no-serve", "--corpus", corpus, "--home", tmp_path / "demo")
    assert code == 0, err
    assert "3 new" in out
    assert "1. " in out
    assert "2. " in out
    assert "3. " in out
    assert not home.exists()
