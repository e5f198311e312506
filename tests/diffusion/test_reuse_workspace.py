"""The comparison of a data folder, kept up to date as reports come and go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diffusion.simulating import simulate
from fazhi import workspace
from fazhi.reusing import MOST_CHANGED, build_reuse, open_reuse, stand, update_reuse
from fazhi.workspace import Workspace

REPORTS = 60


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "sim"
    simulate(folder, reports=REPORTS, seed=5)
    return folder


@pytest.fixture
def compared(simulated: Path, tmp_path: Path) -> Iterator[tuple[Workspace, Path]]:
    """All reports but the newest, compared, and the path of that one."""
    truth = json.loads((simulated / "truth.json").read_bytes())
    newest = max(truth["reports"], key=lambda told: (told["year"], told["kind"] != "document", told["key"]))["key"]
    (tmp_path / "in").mkdir()
    for path in sorted((simulated / "reports").rglob("*.txt")):
        key = path.relative_to(simulated / "reports")
        target = tmp_path / ("held" if key.as_posix() == newest else "in") / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    with workspace.open(tmp_path / "home") as space:
        space.ingest([tmp_path / "in"], workers=1)
        build_reuse(space)
        yield space, tmp_path / "held"


def test_one_new_report_is_brought_in_and_a_whole_comparison_is_made_where_asked(compared: tuple[Workspace, Path]) -> None:
    space, held = compared
    space.ingest([held], workers=1)
    assert stand(space, open_reuse(space)).current is False
    index = update_reuse(space)
    standing = stand(space, index)
    assert (standing.current, standing.reports, standing.since_whole) == (True, REPORTS, 1)
    new = {path.relative_to(held).as_posix() for path in held.rglob("*.txt")}
    assert new <= {text.key for text in index.texts}
    assert update_reuse(space).meta == index.meta  # nothing has changed since
    brought = {(pair.a, pair.b, pair.kind) for pair in index.pairs() if {pair.a, pair.b} & new and pair.kind != "template"}

    whole = build_reuse(space)  # runs that have to give the same bytes again ask for this
    assert stand(space, whole).since_whole == 0
    assert {(pair.a, pair.b, pair.kind) for pair in whole.pairs() if {pair.a, pair.b} & new and pair.kind != "template"} == brought
    assert list(build_reuse(space, again=True).lines()) == list(whole.lines())


def test_a_report_that_went_leaves_no_pair_and_more_than_a_few_changes_are_a_whole_comparison(compared: tuple[Workspace, Path]) -> None:
    space = compared[0]
    keys = sorted({pair.a for pair in open_reuse(space).pairs()})
    assert MOST_CHANGED * REPORTS < 2
    space.delete([keys[0]])
    index = update_reuse(space)
    assert index.meta.since_whole == 1
    assert not any(json.dumps(keys[0], ensure_ascii=False).encode() in line for line in index.lines())
    assert all(template.example != keys[0] and template.source != keys[0] for template in index.templates)
    space.delete([keys[1]])
    index = update_reuse(space)
    assert (index.meta.since_whole, index.meta.reports) == (0, REPORTS - 3)
    assert list(index.lines()) == list(build_reuse(space, again=True).lines())


def test_the_command_says_how_many_changed_since_all_were_compared(compared: tuple[Workspace, Path], run: Callable[..., tuple[int, str, str]]) -> None:
    space, held = compared
    space.ingest([held], workers=1)
    home = space.settings.home
    code, out, _ = run("reuse", "build", "--home", home)
    assert code == 0
    assert f"{REPORTS} reports compared" in out
    assert "1 of them changed since all were compared" in out
    assert json.loads(run("reuse", "build", "--home", home, "--json")[1])["since_whole"] == 1
    code, out, _ = run("reuse", "build", "--home", home, "--again")
    assert code == 0
    assert "changed since" not in out
