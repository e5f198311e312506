"""The same reports in shuffled orders, on one, two and four workers."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bench.faults.stage import Outcome, Stage


def shuffle(stage: Stage, orders: int) -> Iterator[Outcome]:
    outcome = Outcome("documents in shuffled orders, on 1, 2 and 4 workers by turns")
    rows = [
        msgspec.json.encode({"key": path.relative_to(stage.corpus).as_posix(), "text": path.read_bytes().decode()}) + b"\n"
        for path in sorted(stage.corpus.rglob("*.txt"))
    ]
    contents = []
    for number in range(orders + 1):
        if number:
            stage.chance.shuffle(rows)
        file = stage.folder / "shuffled.jsonl"
        file.write_bytes(b"".join(rows))
        home = stage.new_home()
        ended = stage.run(home, "ingest", file, "--quiet", "--workers", (1, 2, 4)[number % 3])
        contents.append(stage.content(home) if ended.code == 0 else None)
        stage.drop(home)
    outcome.tries = orders
    outcome.clean = sum(content is not None and content == contents[0] for content in contents[1:])
    outcome.note = "graph, index and snapshot equal to the sorted order's, byte for byte"
    yield outcome
