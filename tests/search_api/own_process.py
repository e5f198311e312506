"""Waiting for a server in a process of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

import httpx


def answers(client: httpx.Client) -> bool:
    """Asked over a connection of its own, which any of its processes may take."""
    try:
        return client.get("/healthz", headers={"Connection": "close"}).status_code == 200
    except httpx.TransportError:
        return False


def wait_until(come: Callable[[], bool], process: subprocess.Popen[Any] | None = None) -> None:
    deadline = time.monotonic() + 120
    while not come():
        assert time.monotonic() < deadline and (process is None or process.poll() is None)
        time.sleep(0.1)
