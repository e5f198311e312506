"""Work that requests ask for: kept in the archive, done one after another in a thread of the server, resumed after a restart."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

import msgspec

from archive.model import Job
from archive.store import now
from fazhi import batch, workspace
from fazhi.answers import Progress, Summary
from fazhi.errors import Conflict, FazhiError, Invalid
from fazhi.settings import Settings

log = logging.getLogger("fazhi.jobs")

_RETRY_SECONDS = 1.0  # between tries for the writer's lease, while a command line ingests beside the server
_TELL_SECONDS = 0.5  # between two notes of progress, each of which is a write


class Jobs:
    """One per server. ``start`` it with the application and ``stop`` it at its end; a job cut off by that goes on at the next start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._space = workspace.open(settings=settings, mode="write")
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fazhi-jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns once the job under way has committed what it has."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._space.close()

    def submit(self, files: Iterable[tuple[str, IO[bytes]]]) -> Job:
        """Take uploaded files, (name, stream), and ingest them soon. A name, with folders divided by /, is its document's key.

        Raises Invalid for a name that can't be one.
        """
        identifier = uuid4().hex
        folder = self._folder(identifier)
        names: list[str] = []
        try:
            for name, stream in files:
                path = folder / _relative(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    shutil.copyfileobj(stream, file)
                names.append(path.relative_to(folder).as_posix())
            if not names:
                raise Invalid("There is no file in the request.", cure="Send at least one, as multipart/form-data.")
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            shutil.rmtree(folder, ignore_errors=True)
            raise Invalid("Two files of the request have the same name.", cure="Give each file a name of its own.") from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        job = Job(id=identifier, kind="ingest", state="queued", created=now(exactly=True), request={"files": names})
        self._space.archive.add_job(job)
        self._wake.set()
        return job

    def _folder(self, identifier: str) -> Path:
        return self._settings.home / "uploads" / identifier

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                if self._space.archive.jobs("queued", 1) or self._space.archive.jobs("running", 1):
                    with self._space.writing("serve"):
                        self._work_off()
            except Conflict:
                self._wake.wait(_RETRY_SECONDS)
                continue
            except FazhiError as error:
                log.warning("%s", error)
                self._wake.wait(10 * _RETRY_SECONDS)
                continue
            self._wake.wait()

    def _work_off(self) -> None:
        """All that waits. Who holds the lease knows that what is marked as running was cut off: nobody else can be at it."""
        archive = self._space.archive
        for job in archive.jobs("running"):
            archive.change_job(job.id, state="queued")
        while not self._stopping.is_set() and (queue := archive.jobs("queued", 1)):
            self._run(queue[0])

    def _run(self, job: Job) -> None:
        archive, folder = self._space.archive, self._folder(job.id)
        archive.change_job(job.id, state="running", started=now(), total=len(job.request["files"]))
        told = 0.0

        def tell(progress: Progress) -> None:
            nonlocal told
            if time.monotonic() - told > _TELL_SECONDS:
                archive.change_job(job.id, done=progress.done, total=max(progress.read, len(job.request["files"])))
                told = time.monotonic()

        try:
            # never inline: extraction would keep the server's other threads waiting, and its memory would stay
            summary = batch.ingest(self._space, [folder], workers=1, report=tell, inline=False, stop=self._stopping.is_set)
        except Exception as error:
            if not isinstance(error, FazhiError):
                log.exception("job %s failed", job.id)
            reason = str(error) if isinstance(error, FazhiError) else f"The ingest broke off: {type(error).__name__}."
            archive.change_job(job.id, state="failed", finished=now(), error=reason)
        else:
            if summary.interrupted:
                archive.change_job(job.id, state="queued")
                return
            self._finish(job, summary)
        shutil.rmtree(folder, ignore_errors=True)

    def _finish(self, job: Job, summary: Summary) -> None:
        done = summary.new + summary.changed + summary.unchanged + summary.duplicate
        reasons = "; ".join(f"{failure.name}: {failure.reason} {failure.cure}".strip() for failure in summary.failures[:3])
        self._space.archive.change_job(
            job.id,
            state="done" if done or not summary.failed else "failed",
            finished=now(),
            done=done + summary.failed,
            total=done + summary.failed,
            result=msgspec.to_builtins(summary),
            error=reasons or None,
        )


def _relative(name: str) -> PurePosixPath:
    """A path below the upload's folder. Raises Invalid."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or "\0" in name or any(part.startswith(".") or len(part.encode()) > 255 for part in parts):
        raise Invalid(f"{name[:100]!r} can't be a document's name.", cure="Name it like a file, such as 2023/报告.txt, without .. and without a dot in front.")
    return PurePosixPath(*parts)
