"""The thread of a server that checks saved questions when the collection has changed, and sends what is due.

It looks by itself, so that alerts come whoever took reports in, also after a process that was killed before it could check.
"""

from __future__ import annotations

import logging
import threading

from fazhi import watches, webhooks, workspace
from fazhi.errors import FazhiError
from fazhi.settings import Settings

log = logging.getLogger("fazhi.watches")

_PAUSE = 5.0  # seconds between two looks, each of which is one row where nothing has changed


class Watcher:
    """One per server. ``start`` it with the application and ``stop`` it at its end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._space = workspace.open(settings=settings, mode="read", create=True)
        self._wake = threading.Event()
        self._stopping = False
        self._state: object = None
        self._thread = threading.Thread(target=self._work, name="fazhi-watches", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns once the look under way is done; a call to a webhook ends in seconds."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._space.close()

    def look(self) -> None:
        """Check what has changed, and send what is due. Raises nothing."""
        try:
            archive = self._space.archive
            state = self._read_state()
            if state != self._state:
                self._space.refresh()
                watches.check_quietly(self._space)
                self._space.close_stores()  # a server keeps one set of them open, and this one is needed seldom
                self._state = state
            webhooks.deliver(archive, self._settings)
        except FazhiError as error:
            log.warning("saved questions: %s", error)
        except Exception as error:
            log.error("saved questions", exc_info=error)

    def _read_state(self) -> object:
        """All that a check depends on; None where there is nothing to check. A question that fails is asked again only when something has changed."""
        archive = self._space.archive
        snapshot = archive.snapshot()
        waiting = [watch.id for watch in archive.watches() if watch.checked != snapshot]
        if not waiting:
            return None
        return snapshot, archive.generation(), waiting, [alert.id for alert in archive.alerts(limit=1)]

    def _work(self) -> None:
        while not self._stopping:
            self.look()
            self._wake.wait(_PAUSE)
