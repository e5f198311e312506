"""A full disk is named where the server only took too long. What a real one does then is tried by bench/faults/outages.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import elasticsearch
import pytest
from text_engines import Place

from fazhi.errors import TimedOut
from fulltext.elastic_room import blame_disk, find_full_disk, lacks_master

GIB = 2**30
TOLD = TimedOut("It took too long.", cure="Ask again.")


@pytest.mark.parametrize(
    ("disks", "found"),
    [
        ([(400_000, 40 * 2**20)], (400_000, 40 * 2**20)),
        ([(10 * GIB, 20 * GIB), (0, 20 * GIB)], (0, 20 * GIB)),
        ([(3 * 2**20, 40 * 2**20)], None),  # a small disk with room
        ([(500 * GIB, 11_000 * GIB)], None),  # less than a twentieth, and plenty
        ([], None),
    ],
)
def test_a_disk_without_room_is_found(disks: list[tuple[int, int]], found: tuple[int, int] | None) -> None:
    nodes: dict[str, Any] = {str(n): {"fs": {"total": {"available_in_bytes": free, "total_in_bytes": total}}} for n, (free, total) in enumerate(disks)}
    assert find_full_disk({"nodes": nodes | {"without": {}}}) == found


@pytest.mark.servers
@pytest.mark.parametrize("engine", ["elasticsearch", "elasticsearch9"])
def test_a_servers_own_answer_tells_of_its_disk(places: Callable[[str], Place], engine: str) -> None:
    server = places(engine).server
    assert server
    with elasticsearch.Elasticsearch(server.url) as client:
        assert not lacks_master(client.cluster.state(metric="blocks", local=True).body)
        stats = client.nodes.stats(metric="fs").body
        told = blame_disk(client, server.url, TOLD)
    assert (told is TOLD) is (find_full_disk(stats) is None)
    for node in stats["nodes"].values():
        node["fs"]["total"]["available_in_bytes"] = 1000
    found = find_full_disk(stats)
    assert found and found[0] == 1000 < found[1]


def test_a_server_that_is_away_changes_nothing() -> None:
    with elasticsearch.Elasticsearch("http://127.0.0.1:1", request_timeout=1) as client:
        assert blame_disk(client, "http://127.0.0.1:1", TOLD) is TOLD
