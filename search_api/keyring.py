"""What a server process knows of keys: those that open, how fast each asks, when each was last used."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from archive.doorkeeping import Doorkeeping
from archive.keys import Known
from archive.store import now
from fazhi.errors import FazhiError, Unavailable

log = logging.getLogger("fazhi.http")

BURST_SECONDS = 10.0  # a key that was quiet may ask so many seconds' worth of requests at once
_FLUSH_SECONDS = 60.0  # between two notes of when keys were used

Clock = Callable[[], float]


class Buckets:
    """A bucket of tokens for each key; it fills with ``rate`` a second, and each request takes one. Per process, and for one thread; rate 0: no limit."""

    def __init__(self, rate: float, clock: Clock = time.monotonic) -> None:
        self._rate = rate
        self._size = max(1.0, rate * BURST_SECONDS)
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}  # tokens, and when they were counted

    def take(self, key: str) -> float:
        """0.0 where a request may pass, else in how many seconds one may."""
        if not self._rate:
            return 0.0
        moment = self._clock()
        left, counted = self._left.get(key, (self._size, moment))
        left = min(self._size, left + (moment - counted) * self._rate)
        passes = left >= 1.0
        self._left[key] = (left - passes, moment)
        return 0.0 if passes else (1.0 - left) / self._rate


class Keyring:
    """One per application, used from many threads once it is opened. ``pause``: seconds for which what was read of the archive counts."""

    def __init__(self, pause: float, rate: float, clock: Clock = time.monotonic) -> None:
        self.buckets = Buckets(rate, clock)
        self.archive: Doorkeeping | None = None
        self._pause = pause
        self._clock = clock
        self._known = Known({}, any=False)
        self._failure: FazhiError | None = None
        self._looked = float("-inf")
        self._reading = threading.Lock()
        self._uses: dict[str, str] = {}
        self._keeping = threading.Lock()
        self._noting = threading.Lock()
        self._flushed = float("-inf")

    def open(self, archive: Doorkeeping) -> None:
        """From now on keys are those of this archive. Raises Unavailable."""
        self.archive = archive
        self.read()

    @property
    def last_known(self) -> Known:
        """What was read last, however old."""
        return self._known

    @property
    def is_due(self) -> bool:
        return self._clock() - self._looked >= self._pause

    def known(self) -> Known:
        """The keys that open, at most ``pause`` seconds old. Where the archive can't tell, no kept key opens: raises what it raised."""
        if self._failure is not None:
            raise self._failure
        return self._known

    def read(self, *, only_due: bool = False) -> Known:
        """Ask the archive which keys open; ``only_due``: unless another thread has just done so. Raises as ``known``."""
        with self._reading:
            if self.archive is not None and (self.is_due or not only_due):
                try:
                    self._known, self._failure = self.archive.known_keys(), None
                except FazhiError as error:
                    self._failure = error
                except Exception as error:  # a driver's own; whoever can't be asked about keys must not let anybody in
                    log.exception("keys can't be read")
                    self._failure = Unavailable(f"The archive can't be asked for keys: {type(error).__name__}.", cure="Look into the server's log.")
                self._looked = self._clock()
        return self.known()

    def note_use(self, key: str) -> bool:
        """Remember that a key was used; True where it is time to ``flush``."""
        with self._keeping:
            self._uses[key] = now()
        return self._clock() - self._flushed >= _FLUSH_SECONDS

    def flush(self) -> None:
        """Write down when keys were used. Nothing depends on it, so that a failure is only logged, and tried again later."""
        with self._noting:
            with self._keeping:
                uses, self._uses, self._flushed = self._uses, {}, self._clock()
            if self.archive is None or not uses:
                return
            try:
                self.archive.note_uses(uses)
            except Exception as error:
                log.warning("the use of keys could not be noted: %s", error)
                with self._keeping:
                    self._uses = {**uses, **self._uses}
