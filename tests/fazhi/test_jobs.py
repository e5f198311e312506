from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_reports import make_report

from archive.model import Job
from fazhi import workspace
from fazhi.errors import Invalid
from fazhi.jobs import Jobs
from fazhi.settings import load_settings


@pytest.fixture
def jobs(home: Path) -> Iterator[Jobs]:
    started = Jobs(load_settings(home=home))
    started.start()
    yield started
    started.stop()


def finish(home: Path, job: Job, seconds: float = 90) -> Job:
    with workspace.open(home, mode="read") as space:
        deadline = time.monotonic() + seconds
        while (job := space.archive.job(job.id)).state in ("queued", "running") and time.monotonic() < deadline:
            time.sleep(0.05)
        return job


def test_an_upload_is_ingested_under_its_name(jobs: Jobs, home: Path) -> None:
    job = finish(home, jobs.submit([("2023/甲.txt", io.BytesIO(make_report(1).encode())), ("empty.txt", io.BytesIO(b""))]))
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    assert (job.result["new"], job.result["failed"]) == (1, 1)
    assert job.error is not None
    assert "empty.txt" in job.error
    with workspace.open(home, mode="read") as space:
        assert [hit.key for hit in space.search("法律八进").hits] == ["2023/甲.txt"]
    assert not (home / "uploads" / job.id).exists()


def test_an_upload_of_which_nothing_could_be_read_has_failed(jobs: Jobs, home: Path) -> None:
    job = finish(home, jobs.submit([("empty.txt", io.BytesIO(b""))]))
    assert job.state == "failed"
    assert job.error


@pytest.mark.parametrize("name", ["../outside.txt", "/", "a/../../b.txt", "", "x\0y", ".hidden.txt", "长" * 200])
def test_a_name_that_leads_elsewhere_is_refused(jobs: Jobs, home: Path, name: str) -> None:
    with pytest.raises(Invalid):
        jobs.submit([("good.txt", io.BytesIO(b"x")), (name, io.BytesIO(b"x"))])
    assert not any((home / "uploads").iterdir())


def test_two_files_of_one_name_are_refused(jobs: Jobs) -> None:
    with pytest.raises(Invalid):
        jobs.submit([("a.txt", io.BytesIO(b"x")), ("a.txt", io.BytesIO(b"y"))])


def test_of_uploads_with_one_name_the_last_is_kept(jobs: Jobs, home: Path) -> None:
    queued = [jobs.submit([("a.txt", io.BytesIO(f"甲镇2024年法治政府建设情况报告\n调解纠纷{number}件。".encode()))]) for number in range(9)]
    with workspace.open(home, mode="read") as space:
        assert [job.id for job in space.archive.jobs()] == [job.id for job in queued]


def test_a_job_waits_while_another_process_writes(home: Path) -> None:
    with workspace.open(home) as writer:
        jobs = Jobs(load_settings(home=home))
        with writer.writing("ingest"):
            jobs.start()
            job = jobs.submit([("a.txt", io.BytesIO(make_report(1).encode()))])
            time.sleep(0.5)
            assert writer.archive.job(job.id).state == "queued"
        assert finish(home, job).state == "done"
        jobs.stop()


def test_a_job_that_was_cut_off_goes_on_at_the_next_start(home: Path) -> None:
    cut_off = Jobs(load_settings(home=home))  # never started, as if its process had died
    job = cut_off.submit([("a.txt", io.BytesIO(make_report(1).encode()))])
    cut_off._space.archive.change_job(job.id, state="running")
    cut_off.stop()
    jobs = Jobs(load_settings(home=home))
    jobs.start()
    assert finish(home, job).state == "done"
    jobs.stop()
