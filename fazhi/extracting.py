"""``fazhi extract``: facts as JSON lines, without any store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from archive.model import Failure
from fazhi import batch, printing
from fazhi.settings import Settings


def print_facts(paths: Sequence[Path], settings: Settings, out: Path | None) -> bool:
    """Write one fact a line to ``out``, or to the standard output; complain of each input that failed. Returns whether any did."""
    failed = False
    with _opened(out) as stream:
        for result in batch.extract(paths, settings, workers=settings.workers):
            if isinstance(result, Failure):
                failed = True
                printing.complain(f"{result.name}: {result.reason} {result.cure}")
            elif result.facts:
                stream.write(msgspec.json.Encoder().encode_lines(result.facts))
                if out is None:
                    stream.flush()
    return failed


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[bytes]]:
    """``out`` appears only once it is whole."""
    if out is None:
        yield sys.stdout.buffer
        return
    partial = out.with_name(f".{out.name}.part")
    try:
        with partial.open("wb") as stream:
            yield stream
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
