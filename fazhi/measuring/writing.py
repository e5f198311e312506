"""A panel on its way to a file or to the standard output, with its side file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fazhi.errors import Conflict, Invalid
from fazhi.measuring.exporting import Counter, Export, cite, iter_pieces
from fazhi.reviewed import use_overlay

if TYPE_CHECKING:
    from fazhi.workspace import Workspace


def write_panel(workspace: Workspace, export: Export, out: Path | None, *, replace: bool = False) -> None:
    """Write the export to ``out`` and its citation to ``out`` + .json; without ``out`` to the standard output and as one line to the standard error.

    The file takes its name only when it is whole. Raises Conflict where one of the two is there already, unless ``replace``.
    """
    from fazhi import printing

    use_overlay(workspace.settings)  # accepted indicators have their kind from it
    if out is None:
        _print(workspace, export)
        return
    side = out.with_name(f"{out.name}.json")
    for path in (out, side):
        if path.exists() and not (replace and path.is_file()):
            raise Conflict(f"{path} is there already.", cure="Choose another name, or --force to replace it.")
    snapshot, counter = workspace.archive.snapshot(), Counter()
    parts = [path.with_name(f".{path.name}.{os.getpid()}.part") for path in (out, side)]
    try:
        with parts[0].open("xb") as file:
            for piece in iter_pieces(workspace, export, counter):
                file.write(piece)
        citation = cite(workspace, msgspec.structs.replace(export, name=out.name), counter, snapshot=snapshot)
        parts[1].write_bytes(msgspec.json.format(msgspec.json.encode(citation), indent=2) + b"\n")
        for part, path in zip(parts, (out, side), strict=True):
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    printing.say(f"Wrote {out}: {counter.rows} rows, and how to cite it to {side.name}.")


def _print(workspace: Workspace, export: Export) -> None:
    if export.format == "parquet" and sys.stdout.isatty():
        raise Invalid("Parquet is nothing to read on a terminal.", cure="Name a file with --out.")
    snapshot, counter = workspace.archive.snapshot(), Counter()
    for piece in iter_pieces(workspace, export, counter):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    citation = cite(workspace, export, counter, snapshot=snapshot)
    sys.stderr.buffer.write(msgspec.json.encode(citation) + b"\n")
    sys.stderr.buffer.flush()
