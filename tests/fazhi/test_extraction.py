"""The order, the bounds and the failures of extraction on many processes, with a stand-in for the pipeline."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from archive.model import Failure
from archive.packing import unpack
from fazhi.errors import Invalid
from fazhi.extraction import iter_analyses
from ingest.model import Analysis, Frame, Source


def read(source: Source) -> Analysis:
    if source.text == "crash":
        os._exit(9)
    if source.text == "raise":
        raise ValueError("nothing fits")
    if source.text == "refuse":
        raise Invalid("It is no report.", cure="Leave it out.")
    if source.text == "hang":
        time.sleep(60)
    if source.text == "slow":
        time.sleep(0.3)
    return Analysis(doc=source.key, frame=Frame(title=f"{source.text} {len(source.raw)}"))


def run(*texts: str, workers: int = 2, timeout: float = 20, inline: bool = False) -> list[str | None]:
    """Titles of the analyses in order, None for a failure."""
    sources = [Source(key=str(number), text=text, raw=b"raw") for number, text in enumerate(texts)]
    results = list(iter_analyses(sources, workers=workers, timeout=timeout, inline=inline, read=read))
    assert [source.key for source, _ in results] == [source.key for source in sources]
    return [None if isinstance(result, Failure) else unpack(result).frame.title for _, result in results]


def test_results_come_in_the_order_of_the_input() -> None:
    assert run("slow", "b", "c", "slow", "e") == ["slow 0", "b 0", "c 0", "slow 0", "e 0"]


def test_one_process_gives_what_several_give() -> None:
    texts = [f"t{number}" for number in range(20)]
    assert (
        [title and title.split()[0] for title in run(*texts, workers=1, inline=True)]
        == [title and title.split()[0] for title in run(*texts, workers=3)]
        == texts
    )


def test_a_failure_is_one_reports_own() -> None:
    assert run("a", "raise", "refuse", "d") == ["a 0", None, None, "d 0"]


def test_a_failure_says_what_and_how_to_cure_it() -> None:
    sources = [Source(key="x", text="raise"), Source(key="y", text="refuse")]
    first, second = (result for _, result in iter_analyses(sources, workers=1, timeout=9, read=read))
    assert isinstance(first, Failure)
    assert (first.name, first.reason) == ("x", "Extraction failed: ValueError: nothing fits")
    assert first.cure
    assert isinstance(second, Failure)
    assert (second.reason, second.cure) == ("It is no report.", "Leave it out.")


def test_a_report_that_kills_its_process_takes_no_other_along() -> None:
    assert run("a", "crash", "c", "d", "crash", "f") == ["a 0", None, "c 0", "d 0", None, "f 0"]


@pytest.mark.parametrize("inline", [True, False])
def test_a_report_that_takes_too_long_is_given_up(inline: bool) -> None:
    began = time.monotonic()
    assert run("a", "hang", "c", timeout=1, inline=inline)[1] is None
    assert time.monotonic() - began < 30


def test_no_more_sources_are_read_than_are_in_flight() -> None:
    taken = 0

    def sources() -> Iterator[Source]:
        nonlocal taken
        for number in range(2000):
            taken += 1
            yield Source(key=str(number), text="t")

    results = iter_analyses(sources(), workers=1, timeout=9, inline=False, read=read)
    next(results)
    assert taken < 200
    results.close()  # type: ignore[attr-defined]


def test_large_originals_are_held_back() -> None:
    taken = 0

    def sources() -> Iterator[Source]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield Source(key=str(number), text="t", raw=bytes(30_000_000))

    results = iter_analyses(sources(), workers=2, timeout=9, inline=False, read=read)
    next(results)
    assert taken <= 10
    results.close()  # type: ignore[attr-defined]


def test_extraction_works_beside_other_threads() -> None:
    seen: list[str | None] = []
    thread = threading.Thread(target=lambda: seen.extend(run("a", "b", workers=1)))
    thread.start()
    thread.join(60)
    assert seen == ["a 0", "b 0"]
