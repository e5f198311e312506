"""Texts of hits that were shown lately: the next page, a narrower question, the same one of somebody else show many of them again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

from fulltext.sentences import View

MOST = (
    4_000_000  # characters of originals, some 1,500 reports of a township; each takes about 60 bytes of memory with its sentences and what was worked out of it
)
_REMEMBERED = 200  # lookups that tell how likely the next one finds something

Key = TypeVar("Key")


class KeptViews(Generic[Key]):
    """Used from many threads. ``Key`` must change with the content: nothing here is ever looked up anew."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._views: OrderedDict[Key, View] = OrderedDict()
        self._keeping = threading.Lock()
        self._share = 0.0

    @property
    def is_likely(self) -> bool:
        """Whether most of what was looked for lately was here."""
        return self._share > 0.5

    def find(self, key: Key) -> View | None:
        with self._keeping:
            view = self._views.get(key)
            if view is not None:
                self._views.move_to_end(key)
            self._share += ((view is not None) - self._share) / _REMEMBERED
            return view

    def keep(self, key: Key, view: View) -> None:
        with self._keeping:
            if key in self._views:
                return
            self._views[key] = view
            self._size += len(view.original)
            while self._size > self._most:
                _, gone = self._views.popitem(last=False)
                self._size -= len(gone.original)
