"""Regular expressions that are compiled when they are first used.

The rules have some four hundred, half of which a given report never comes to, and compiling all of them took longer than everything else that a process does
before its first report: one class of Chinese characters takes a millisecond.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


class Lazy:
    """Stands for a compiled pattern: the first call of a method compiles it, the next ones find the method here and cost what they cost without it."""

    __slots__ = ("flags", "pattern", *_METHODS)

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` gives, later. A pattern that is wrong says so at its first use; a test compiles all."""
    return cast("re.Pattern[str]", Lazy(pattern, flags))
