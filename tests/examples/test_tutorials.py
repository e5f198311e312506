"""The tutorials show what the program really says: every command is run, and every line shown must be among what it prints."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.testclient import TestClient

from fazhi import cli
from fazhi.settings import Settings
from search_api.app import create_app

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = sorted((ROOT / "docs/tutorials").glob("*.md"))
BLOCK = re.compile(r"```console\n\$ (?P<command>.*?)\n(?P<shown>.*?)```", re.DOTALL)
BORDERS = re.compile(r"[\s━┃┏┓┗┛┡┩╇┳│└┘┴─]+")


class Step(NamedTuple):
    tutorial: str
    number: int
    command: str
    shown: str


def read_steps() -> list[Step]:
    return [
        Step(file.stem, number, match["command"], match["shown"])
        for file in TUTORIALS
        for number, match in enumerate(BLOCK.finditer(file.read_text(encoding="utf-8")), 1)
    ]


STEPS = read_steps()


def bare(text: str) -> str:
    """Widths of columns and the time that it took are left out of the comparison."""
    return re.sub(r"in [\d.]+ s\.", "in … s.", BORDERS.sub(" ", text)).strip()


class Ingested(NamedTuple):
    home: Path
    printed: str


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """The corpus, taken in by the command that the first tutorial begins with."""
    home = tmp_path_factory.mktemp("tutorials") / "home"
    words = shlex.split(next(step.command for step in STEPS if step.command.startswith("fazhi ingest")))
    done = subprocess.run([sys.executable, "-m", "fazhi", "--home", str(home), *words[1:]], cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    return Ingested(home, done.stdout)


@pytest.fixture(scope="module")
def client(ingested: Ingested) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(home=ingested.home)), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def run(ingested: Ingested, client: TestClient, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[[str], str]:
    """What a command of a tutorial prints."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("FAZHI_HOME", str(ingested.home))

    def fazhi(arguments: list[str]) -> str:
        if arguments[0] == "ingest":
            return ingested.printed
        monkeypatch.setattr(sys, "argv", ["fazhi", *arguments])
        with pytest.raises(SystemExit):
            cli.main()
        out, err = capfdbinary.readouterr()
        return (out + err).decode()

    def curl(arguments: list[str]) -> str:
        url = next(argument for argument in arguments if argument.startswith("localhost:8000"))
        parameters = dict(argument.split("=", 1) for argument in arguments if "=" in argument and argument != url)
        answer = client.get(url.removeprefix("localhost:8000"), params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.text

    def call(command: str) -> str:
        words = shlex.split(command)
        filtered = words[words.index("|") + 1 :] if "|" in words else []
        words = words[: words.index("|")] if filtered else words
        output = {"fazhi": fazhi, "curl": curl}[words[0]](words[1:])
        if not filtered:
            return output
        if shutil.which("jq") is None:
            pytest.skip("jq is not installed")
        return subprocess.run(filtered, input=output, capture_output=True, check=True, encoding="utf-8").stdout

    return call


def test_there_are_three_tutorials_with_steps() -> None:
    assert len(TUTORIALS) == 3
    assert {step.tutorial for step in STEPS} == {file.stem for file in TUTORIALS}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.tutorial}-{step.number}")
def test_a_command_prints_what_the_tutorial_shows(step: Step, run: Callable[[str], str]) -> None:
    printed = {bare(line) for line in run(step.command).splitlines()}
    missing = [line for line in map(bare, step.shown.splitlines()) if line not in printed | {"", "…"}]
    assert missing == []
