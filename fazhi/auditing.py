"""``fazhi audit``: what does not go together inside reports, from files or from the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from archive.model import Failure
from archive.store import Archive
from fazhi import batch
from fazhi.errors import NotFound
from fazhi.settings import Settings
from fazhi.workspace import Workspace
from ingest.model import Finding


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """One report and what does not go together in it; offsets in ``findings`` are the decoded original's."""

    key: str
    findings: tuple[Finding, ...]


class _Findings(msgspec.Struct):
    findings: tuple[Finding, ...] = ()


def iter_audited(targets: Sequence[str], settings: Settings, open_archive: Callable[[], Workspace]) -> Iterator[Audited | Failure]:
    """Reports in the order of ``targets``, those without findings among them: files and folders that exist, else keys or report ids of the archive.

    Without targets every report of the archive, by key. The archive opens only where it is asked.
    """
    if not targets:
        with open_archive() as workspace:
            for document, told in workspace.archive.scan(_Findings):
                yield Audited(key=document.key, findings=told.findings)
        return
    paths: list[Path] = []
    for target in targets:
        if Path(target).exists():
            paths.append(Path(target))
            continue
        yield from _read_files(paths, settings)
        paths.clear()
        try:
            with open_archive() as workspace:
                yield _read_report(workspace.archive, target)
        except NotFound as error:
            yield Failure(name=target, reason=error.detail, cure=error.cure)
    yield from _read_files(paths, settings)


def _read_files(paths: Sequence[Path], settings: Settings) -> Iterator[Audited | Failure]:
    if paths:
        for result in batch.extract(paths, settings, workers=settings.workers):
            yield result if isinstance(result, Failure) else Audited(key=result.doc, findings=result.findings)


def _read_report(archive: Archive, target: str) -> Audited:
    """Raises NotFound."""
    document = archive.lookup(target) or archive.find(target)
    if document is None:
        raise NotFound("There is no such file, key or report.", cure="`fazhi status --documents` lists keys and reports.")
    return Audited(key=document.key, findings=archive.analysis(document.report).findings)
