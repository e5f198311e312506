"""``fazhi extract``: facts as JSON lines, without any store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

import msgspec

from archive.model import Failure
from fazhi import batch, printing
from fazhi.settings import Settings


def print_facts(paths: Sequence[Path], settings: Settings, out: Path | None, audit: Path | None = None) -> bool:
    """Write one fact a line to ``out``, or to the standard output; complain of each input that failed. Returns whether any did.

    ``audit`` gets one finding a line, with the key of its report as ``doc``.
    """
    failed = False
    with (
        open_whole(out) if out is not None else nullcontext(sys.stdout.buffer) as stream,
        open_whole(audit) if audit is not None else nullcontext() as findings,
    ):
        for result in batch.extract(paths, settings, workers=settings.workers):
            if isinstance(result, Failure):
                failed = True
                printing.complain(f"{result.name}: {result.reason} {result.cure}")
            elif result.facts:
                stream.write(msgspec.json.Encoder().encode_lines(result.facts))
                if out is None:
                    stream.flush()
            if findings is not None and not isinstance(result, Failure):
                findings.write(msgspec.json.Encoder().encode_lines([{"doc": result.doc, **msgspec.to_builtins(finding)} for finding in result.findings]))
    return failed


@contextmanager
def open_whole(out: Path) -> Iterator[IO[bytes]]:
    """``out`` appears only once it is whole."""
    partial = out.with_name(f".{out.name}.part")
    try:
        with partial.open("wb") as stream:
            yield stream
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
