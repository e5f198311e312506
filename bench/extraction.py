"""Extraction alone: how many reports one core reads in a second, and what share of it each component of the pipeline takes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

_WARM = 50  # reports read beforehand: caches of names fill


def measure(files: Sequence[Path]) -> dict[str, Any]:
    """In a process of its own, so that nothing else has warmed it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, files).result()


def _measure(files: Sequence[Path]) -> dict[str, Any]:
    from ingest.model import Source
    from ingest.pipeline import load_pipeline

    began = time.process_time()
    pipeline = load_pipeline()
    load = time.process_time() - began
    sources = [Source(key=path.name, text=path.read_text(encoding="utf-8")) for path in files]
    for source in sources[:_WARM]:
        pipeline.analyse(source)
    measured = sources[_WARM:] or sources
    began = time.process_time()
    facts = sum(len(pipeline.analyse(source).facts) for source in measured)
    seconds = time.process_time() - began
    parts = _parts(pipeline, measured)
    return {
        "reports": len(measured),
        "per_second": len(measured) / seconds,
        "milliseconds": seconds / len(measured) * 1000,
        "facts_per_report": facts / len(measured),
        "characters_per_report": sum(len(source.text) for source in measured) / len(measured),
        "load_seconds": load,
        "shares": {name: took / sum(parts.values()) for name, took in parts.most_common()},
    }


def _parts(pipeline: Any, sources: Sequence[Any]) -> Counter[str]:
    """Seconds in each component, in a second pass. ``rest`` is what stands around them: normalising, offsets, modality, ids, audit."""
    import ingest.pipeline as module

    spent: Counter[str] = Counter()

    def timed(component: Callable[[Any], None]) -> Callable[[Any], None]:
        def call(draft: Any) -> None:
            began = time.perf_counter()
            component(draft)
            spent[component.__name__] += time.perf_counter() - began

        return call

    kept = module.COMPONENTS
    module.COMPONENTS = tuple(timed(component) for component in kept)
    began = time.perf_counter()
    for source in sources:
        pipeline.analyse(source)
    whole = time.perf_counter() - began
    module.COMPONENTS = kept
    spent["rest"] = whole - sum(spent.values())
    return spent
