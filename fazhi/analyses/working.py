"""One analysis worked off, in a process of its own: its memory goes with it, and who cancels it ends the process."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec

import fazhi
from fazhi import study_file, workspace
from fazhi.analyses.shelf import Analysis, Shelf
from fazhi.errors import FazhiError
from fazhi.settings import Settings
from fazhi.workspace import Workspace

_TELL_SECONDS = 0.5  # between two notes of progress
RESAMPLES = SHUFFLES = 200


def version() -> str:
    """Of all that a result depends on beside collection, parameters and seed."""
    return f"{fazhi.__version__}+study.{study_file.VERSION}"


def work(settings: Settings, id: str) -> None:
    """What the process does: leaves the analysis done or failed."""
    with suppress(OSError):
        os.nice(10)  # whoever waits for a page comes first
    shelf = Shelf(settings.home)
    analysis = shelf.read(id)
    told, steps = 0.0, 0

    def tell(done: int, total: int) -> None:
        nonlocal told, steps
        steps = total
        if time.monotonic() - told > _TELL_SECONDS:
            shelf.tell(id, done, total)
            told = time.monotonic()

    try:
        with workspace.open(settings=settings, mode="read") as space:
            result = make(space, analysis, tell)
    except FazhiError as error:
        _end(shelf, id, state="failed", error=str(error))
    else:
        shelf.put_result(id, result)
        snapshot = msgspec.json.decode(result)["snapshot"]
        _end(shelf, id, state="done", done=steps, total=steps or None, snapshot=snapshot, digest=hashlib.sha256(result).hexdigest())


def _end(shelf: Shelf, id: str, **changes: Any) -> None:
    from archive.store import now

    shelf.put(msgspec.structs.replace(shelf.read(id), finished=now(), **changes))


def make(space: Workspace, analysis: Analysis, tell: Callable[[int, int], None]) -> bytes:
    """The result as it is kept: the same collection, parameters, seed and version give the same bytes. Raises what the analysis raises."""
    found = _MAKERS[analysis.kind](space, analysis, tell)
    whole = {
        "kind": analysis.kind, "parameters": analysis.parameters, "seed": analysis.seed, "version": analysis.version, "snapshot": found.pop("snapshot"),
        "result": found,
    }  # fmt: skip
    return msgspec.json.encode(whole, order="sorted")


def _trace(space: Workspace, analysis: Analysis, tell: Callable[[int, int], None]) -> dict[str, Any]:
    from fazhi.tracing import trace

    found: dict[str, Any] = msgspec.to_builtins(trace(space, str(analysis.parameters["program"])), str_keys=True)
    return found


def _network(space: Workspace, analysis: Analysis, tell: Callable[[int, int], None]) -> dict[str, Any]:
    from fazhi.tracing import draw_network

    resamples, shuffles = (int(analysis.parameters.get(name) or 0) or default for name, default in (("resamples", RESAMPLES), ("shuffles", SHUFFLES)))
    network = draw_network(space, resamples=resamples, shuffles=shuffles, seed=analysis.seed, tell=tell)
    found: dict[str, Any] = msgspec.to_builtins(network, str_keys=True)
    return found


def _reuse(space: Workspace, analysis: Analysis, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Counts and a digest of all pairs, of which there can be millions: `fazhi reuse pairs` prints them."""
    from fazhi.reusing import build_reuse, stand

    index = build_reuse(space, report=lambda stage, done, of: tell(done, of))
    digest = hashlib.sha256()
    for line in index.lines():
        digest.update(line)
    standing: dict[str, Any] = msgspec.to_builtins(stand(space, index))
    return {**{name: value for name, value in standing.items() if name not in ("current", "since_whole")}, "digest_of_pairs": digest.hexdigest()}


_MAKERS = {"trace": _trace, "network": _network, "reuse": _reuse}
