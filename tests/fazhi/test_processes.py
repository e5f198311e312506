from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import spawn
from pathlib import Path

import pytest

from fazhi.processes import forking, spawning

ROOT = Path(__file__).parents[2]
# a script as people write it: no `if __name__ == "__main__"`; its reports are more than one process would take without further ones
SCRIPT = """
import sys
import fazhi
print("begins")
with fazhi.open(sys.argv[1]) as workspace:
    summary = workspace.ingest([sys.argv[2]], workers=2)
    print(summary.new, summary.failed)
"""


def write_reports(folder: Path, number: int) -> None:
    folder.mkdir()
    for year in range(2000, 2000 + number):
        text = f"参内镇{year}年法治政府建设情况报告\n\n{year}年，参内镇建立村级法律顾问制度，开展法律八进活动12场次。\n\n安溪县参内镇人民政府\n{year + 1}年1月10日\n"
        (folder / f"{year}.txt").write_text(text, encoding="utf-8")


def test_a_script_without_a_guard_takes_reports_in_once(tmp_path: Path) -> None:
    write_reports(tmp_path / "reports", 12)
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, tmp_path / "script.py", tmp_path / "home", tmp_path / "reports"],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "begins\n12 0\n", "")


@pytest.mark.parametrize("context", [spawning(), forking("fazhi.processes")])
def test_a_process_works_and_those_of_others_know_their_main(context: multiprocessing.context.SpawnContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(Path(__file__)), raising=False)
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None, raising=False)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(pow, 2, 10).result() == 1024
    assert spawn.get_preparation_data("another")["init_main_from_path"] == str(Path(__file__))
