"""What was read or worked out lately and is asked for again: the latest of it, as much as there is room for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Generic, TypeVar

from fulltext.sentences import View

MOST = (
    4_000_000  # characters of originals, some 1,500 reports of a township; each takes about 60 bytes of memory with its sentences and what was worked out of it
)
_REMEMBERED = 200  # lookups that tell how likely the next one finds something

Key = TypeVar("Key")
T = TypeVar("T")


def _one(_: object) -> int:
    return 1


class Kept(Generic[Key, T]):
    """Used from many threads. What was asked for longest ago goes first where more than ``most`` would be kept, by what ``weigh`` gives for each.

    A key must change with what is kept below it: nothing here is ever looked up anew.
    """

    def __init__(self, most: int, weigh: Callable[[T], int] = _one) -> None:
        self._most = most
        self._weigh = weigh
        self._size = 0
        self._found: OrderedDict[Key, T] = OrderedDict()
        self._keeping = threading.Lock()

    def find(self, key: Key) -> T | None:
        with self._keeping:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def get(self, key: Key, look: Callable[[], T]) -> T:
        """What is kept, or what ``look`` finds. Where two threads look for the same at once, both do."""
        found = self.find(key)
        if found is None:
            found = look()
            self.keep(key, found)
        return found

    def keep(self, key: Key, found: T) -> None:
        """Where two threads worked the same out, the first one's stays."""
        with self._keeping:
            if key in self._found:
                return
            self._found[key] = found
            self._size += self._weigh(found)
            while self._size > self._most:
                self._size -= self._weigh(self._found.popitem(last=False)[1])


class KeptCounts(Generic[Key]):
    """Counts of one state of the collection, as far as they were asked for; all of them go where there would be more than ``most``. Used from many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Key, int] = {}

    def get(self, keys: Collection[Key], count: Callable[[Sequence[Key]], Mapping[Key, int]]) -> dict[Key, int]:
        """The count of each key; ``count`` is asked for those that are not kept, each once."""
        kept = self._found
        found = {key: kept[key] for key in keys if key in kept}
        if missing := [key for key in dict.fromkeys(keys) if key not in found]:
            more = count(missing)
            if len(kept) > self._most:
                self._found = kept = {}
            kept.update(more)
            found.update(more)
        return found


class KeptViews(Kept[Key, View]):
    """Texts of hits that were shown: the next page, a narrower question, the same one of somebody else show many of them again."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__(most, lambda view: len(view.original))
        self._share = 0.0

    @property
    def is_likely(self) -> bool:
        """Whether most of what was looked for lately was here."""
        return self._share > 0.5

    def find(self, key: Key) -> View | None:
        view = super().find(key)
        with self._keeping:
            self._share += ((view is not None) - self._share) / _REMEMBERED
        return view
