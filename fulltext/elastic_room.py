"""Whether the server's disk is full. A full disk seldom says so: Elasticsearch loses the shard, and who writes only hears that it took too long."""

from __future__ import annotations

from typing import Any

import elastic_transport
from elasticsearch import ApiError, Elasticsearch

from fazhi.errors import FazhiError, Unavailable

_FULL_SHARE = 0.05  # what Elasticsearch leaves free at its flood stage, unless told otherwise
_FULL_BYTES = 2**30  # a twentieth of a large disk is room enough
_SECONDS = 5.0  # that the question may take: it is asked of a server in trouble


def blame_disk(client: Elasticsearch, url: str, told: FazhiError) -> FazhiError:
    """An error that names the full disk, where a node of the server has one; else ``told`` itself. ``url`` without credentials.

    A node that can't write to its disk gives up being master, and without a master nobody can say how full the disks are: then the error says that much.
    """
    client = client.options(request_timeout=_SECONDS, max_retries=0)
    try:
        if lacks_master(client.cluster.state(metric="blocks", local=True).body):
            return Unavailable(
                f"Elasticsearch at {url} takes no text: it has no master node, as where its disk is full or other nodes are away.",
                cure="Make room on the server's disk, or start the other nodes; its log says which. What was committed is kept and goes in then.",
            )
        stats = client.nodes.stats(metric="fs").body
    except (elastic_transport.TransportError, ApiError):  # away, or not ours to ask
        return told
    left = find_full_disk(stats)
    if left is None:
        return told
    free, total = (f"{size / 2**20:,.0f} MiB" for size in left)
    return Unavailable(
        f"Elasticsearch at {url} takes no more text: its disk is full, {free} of {total} are free.",
        cure="Make room on the server's disk, and run it again; what was committed is kept and goes in then.",
    )


def lacks_master(state: Any) -> bool:
    """Whether the answer of ``/_cluster/state/blocks`` tells of no master."""
    return any("no master" in block.get("description", "") for block in state.get("blocks", {}).get("global", {}).values())


def find_full_disk(stats: Any) -> tuple[int, int] | None:
    """(bytes free, bytes in all) of the fullest disk among the answer of ``/_nodes/stats/fs``, where it is so full that nothing can be written."""
    disks = [node.get("fs", {}).get("total", {}) for node in stats.get("nodes", {}).values()]
    sizes = [(disk["available_in_bytes"], disk["total_in_bytes"]) for disk in disks if disk.get("total_in_bytes")]
    full = [(free, total) for free, total in sizes if free < min(_FULL_SHARE * total, _FULL_BYTES)]
    return min(full, default=None)
