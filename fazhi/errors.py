"""Errors that a user sees: what was wrong, where, and what would cure it. The command line and HTTP share them."""

from __future__ import annotations


class FazhiError(Exception):
    """Base of every error meant for a user. ``cure`` says what to do; ``status`` is its HTTP status; ``slug`` its stable type.

    ``position`` counts in ``text``, where that is known to whoever tells the error.
    """

    status = 500
    slug = "internal"

    def __init__(self, detail: str, *, cure: str = "", position: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.cure = cure
        self.position = position
        self.text = ""

    def __str__(self) -> str:
        return f"{self.detail} {self.cure}".strip()


class Invalid(FazhiError):
    """The request or the argument can't be understood."""

    status = 400
    slug = "invalid"


class NotFound(FazhiError):
    status = 404
    slug = "not-found"


class Conflict(FazhiError):
    """Somebody else holds what is needed, such as the one writer of the embedded stores."""

    status = 409
    slug = "conflict"


class Contradiction(FazhiError):
    """It goes against what somebody has decided before."""

    status = 409
    slug = "contradiction"


class TooLarge(FazhiError):
    status = 413
    slug = "too-large"


class TimedOut(FazhiError):
    status = 408
    slug = "timed-out"


class Forbidden(FazhiError):
    status = 403
    slug = "forbidden"


class Unavailable(FazhiError):
    """An engine does not answer now."""

    status = 503
    slug = "unavailable"
