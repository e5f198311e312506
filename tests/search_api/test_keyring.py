from __future__ import annotations

from typing import Any

import pytest

from archive.doorkeeping import Doorkeeping
from archive.keys import Known
from fazhi.errors import Unavailable
from search_api.keyring import Buckets, Keyring


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Kept(Doorkeeping):
    """An archive that counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.uses: list[Any] = []
        self.failure: Exception | None = None

    def known_keys(self) -> Known:
        self.asked += 1
        if self.failure:
            raise self.failure
        return Known({}, any=True)

    def note_uses(self, uses: Any) -> None:
        if self.failure:
            raise self.failure
        self.uses.append(dict(uses))


def test_a_bucket_lets_a_burst_through_then_its_rate() -> None:
    clock = Clock()
    buckets = Buckets(2.0, clock)
    assert [buckets.take("a") for _ in range(20)] == [0.0] * 20
    assert buckets.take("a") == 0.5
    assert buckets.take("b") == 0.0  # another key's
    clock.now += 0.25
    assert buckets.take("a") == 0.25  # asking too early costs nothing
    clock.now += 0.25
    assert (buckets.take("a"), buckets.take("a")) == (0.0, 0.5)
    clock.now += 10_000
    assert [buckets.take("a") > 0 for _ in range(21)] == [False] * 20 + [True]


def test_a_slow_rate_still_lets_one_through() -> None:
    buckets = Buckets(0.01, Clock())
    assert (buckets.take("a"), buckets.take("a")) == (0.0, 100.0)


def test_without_a_rate_nothing_is_counted() -> None:
    buckets = Buckets(0.0)
    assert not any(buckets.take("a") for _ in range(1000))


def test_the_archive_is_asked_once_a_pause() -> None:
    clock, kept = Clock(), Kept()
    keyring = Keyring(1.0, 0.0, clock)
    keyring.open(kept)
    assert (kept.asked, keyring.is_due, keyring.known().any) == (1, False, True)
    clock.now += 1.0
    assert keyring.is_due
    keyring.read(only_due=True)
    keyring.read(only_due=True)  # a thread that waited for the other
    assert kept.asked == 2


@pytest.mark.parametrize("failure", [Unavailable("away"), RuntimeError("a driver's own")])
def test_no_key_opens_while_the_archive_is_away(failure: Exception) -> None:
    clock, kept = Clock(), Kept()
    keyring = Keyring(1.0, 0.0, clock)
    keyring.open(kept)
    kept.failure = failure
    with pytest.raises(Unavailable):
        keyring.read()
    with pytest.raises(Unavailable):
        keyring.known()  # not asked again before the pause is over
    assert kept.asked == 2
    kept.failure = None
    clock.now += 1.0
    assert keyring.read(only_due=True) == keyring.known()


def test_uses_are_written_once_a_minute_and_none_is_lost() -> None:
    clock, kept = Clock(), Kept()
    keyring = Keyring(1.0, 0.0, clock)
    keyring.open(kept)
    assert keyring.note_use("a")  # the first one at once
    keyring.flush()
    assert [keyring.note_use(key) for key in "aaab"] == [False] * 4
    clock.now += 60.0
    assert keyring.note_use("c")
    kept.failure = Unavailable("away")
    keyring.flush()
    kept.failure = None
    keyring.flush()
    keyring.flush()
    assert [sorted(uses) for uses in kept.uses] == [["a"], ["a", "b", "c"]]
