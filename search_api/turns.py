"""In what order answers are made when many are asked for at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.requests import Request

PATIENCE = 0.5  # seconds
ON_EMBEDDED, ON_SERVERS = 2, 16  # answers at once: while a server's engine works, Python is free for others


class Turns:
    """Lets ``most`` in at once, the others in the order in which they came. Python works at one thread at a time: of eight pages that are made side by side
    each is done when nearly all are; of pages made one after the other most are done sooner, and the last no later. Who takes longer than ``patience``
    seconds no longer counts, and who has waited that long goes ahead, so that nobody stands behind what takes minutes, or an engine that hangs."""

    def __init__(self, most: int = ON_EMBEDDED, patience: float = PATIENCE) -> None:
        self._places = asyncio.Semaphore(most)
        self._patience = patience

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        if self._places.locked():
            try:
                async with asyncio.timeout(self._patience):
                    await self._places.acquire()
            except TimeoutError:
                yield
                return
        else:
            await self._places.acquire()  # at once
        place = _Place(self._places)
        timer = asyncio.get_running_loop().call_later(self._patience, place.leave)
        try:
            yield
        finally:
            timer.cancel()
            place.leave()


def turn_of(request: Request) -> AbstractAsyncContextManager[None]:
    """The turn of a request among those of its server."""
    turns: Turns = request.app.state.turns
    return turns.take()


class _Place:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def leave(self) -> None:
        """Once; after that nothing."""
        places, self._places = self._places, None
        if places is not None:
            places.release()
