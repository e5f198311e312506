from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest
from starlette.testclient import TestClient

from search_api.turns import Turns


def visit(turns: Turns, name: str, log: list[str], leave: asyncio.Event) -> asyncio.Task[None]:
    async def stay() -> None:
        async with turns.take():
            log.append(name)
            await leave.wait()
        log.append(f"{name} leaves")

    return asyncio.create_task(stay())


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_come_in_in_their_order_and_no_more_than_that_at_once() -> None:
    async def run() -> list[str]:
        turns, log = Turns(most=1, patience=3600), list[str]()
        leave = {name: asyncio.Event() for name in "abc"}
        visits = [visit(turns, name, log, leave[name]) for name in "abc"]
        await settle()
        assert log == ["a"]
        leave["b"].set()
        await settle()
        assert log == ["a"]
        for name in "ac":
            leave[name].set()
        await asyncio.gather(*visits)
        return log

    assert asyncio.run(run()) == ["a", "a leaves", "b", "b leaves", "c", "c leaves"]


def test_nobody_stands_behind_one_that_does_not_end() -> None:
    async def run() -> list[str]:
        turns, log = Turns(most=1, patience=0.001), list[str]()
        never, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        endless = visit(turns, "endless", log, never)
        await asyncio.gather(visit(turns, "a", log, at_once), visit(turns, "b", log, at_once))
        never.set()
        await endless
        await visit(turns, "c", log, at_once)
        return log

    log = asyncio.run(run())
    assert log[0] == "endless" and set(log[1:5]) == {"a", "a leaves", "b", "b leaves"} and log[5:] == ["endless leaves", "c", "c leaves"]


def test_what_takes_long_gives_its_place_to_others_and_only_once() -> None:
    async def run() -> list[str]:
        turns, log = Turns(most=1, patience=0.001), list[str]()
        end = {name: asyncio.Event() for name in ("long", "next", "last")}
        visits = [visit(turns, "long", log, end["long"])]
        await asyncio.sleep(0.05)
        turns._patience = 3600
        visits.append(visit(turns, "next", log, end["next"]))
        await settle()
        assert log == ["long", "next"]
        end["long"].set()
        visits.append(visit(turns, "last", log, end["last"]))
        await settle()
        assert log == ["long", "next", "long leaves"]  # its end makes no second place
        end["next"].set()
        end["last"].set()
        await asyncio.gather(*visits)
        return log

    assert asyncio.run(run())[3:] == ["next leaves", "last", "last leaves"]


def test_a_page_that_fails_or_is_given_up_gives_its_place_back() -> None:
    async def run() -> list[str]:
        turns, log = Turns(most=1, patience=3600), list[str]()
        never, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        inside = visit(turns, "inside", log, never)
        waiting = visit(turns, "waiting", log, never)
        await settle()
        for given_up in (waiting, inside):
            given_up.cancel()
        await asyncio.gather(inside, waiting, return_exceptions=True)
        try:
            async with turns.take():
                raise ValueError
        except ValueError:
            pass
        await visit(turns, "next", log, at_once)
        return log

    assert asyncio.run(run()) == ["inside", "next", "next leaves"]


def test_pages_and_answers_take_turns_and_charts_do_not(own_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    take = Turns.take

    def noted(self: Turns) -> AbstractAsyncContextManager[None]:
        taken.append("turn")
        return take(self)

    monkeypatch.setattr(Turns, "take", noted)
    assert own_client.get("/places").status_code == 200
    assert len(taken) == 1
    assert own_client.get("/charts/coverage.csv").status_code == 200
    assert len(taken) == 1
    assert own_client.get("/api/coverage").status_code == 200
    assert len(taken) == 2
