"""In what order pages are made when many are asked for at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PAGES_AT_ONCE = 2
PATIENCE = 0.5  # seconds


class Turns:
    """Lets ``most`` in at once, the others in the order in which they came. Python works at one thread at a time: of eight pages that are made side by side
    each is done when nearly all are; of pages made one after the other most are done sooner, and the last no later. Who has waited for ``patience`` seconds
    goes ahead, so that nobody stands behind what takes minutes, or an engine that hangs."""

    def __init__(self, most: int = PAGES_AT_ONCE, patience: float = PATIENCE) -> None:
        self._places = asyncio.Semaphore(most)
        self._patience = patience

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._places.release()
