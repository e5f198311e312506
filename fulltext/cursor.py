"""Where a page ended, in a form that every engine reads.

Hits are in ascending order of a number (the score downwards, or a sort key) and, where that is equal, of their report ids.
"""

from __future__ import annotations

import base64
import binascii

import msgspec

from fazhi.errors import Invalid

Place = tuple[float | int, str]  # sort value, report: hits are in ascending order of these


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    order: str
    value: int | float  # sort value of the last hit
    report: str
    rank: int  # hits up to and with the last one
    tied: int  # of these, how many at the end have the last one's sort value

    @property
    def place(self) -> Place:
        return self.value, self.report


def write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str, order: str) -> Cursor:
    """Raises Invalid for what ``write_cursor`` has not written, or for another order."""
    try:
        cursor = msgspec.json.decode(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), type=Cursor)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise Invalid("The cursor can't be read.", cure="Take it from the last hit of the page before, unchanged.") from error
    if cursor.order != order or not 1 <= cursor.tied <= cursor.rank < 2**32:
        raise Invalid("The cursor belongs to another search.", cure="Keep the query and the sort of the page before, or start without a cursor.")
    return cursor
