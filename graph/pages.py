"""Cursors: where the next page of a list starts, in a form that people do not take apart."""

from __future__ import annotations

import base64
import binascii

from fazhi.errors import Invalid

MOST = 1_000  # rows of one page


def write_cursor(list: str, skip: int) -> str:
    """Cursor of the ``list`` (the question's name) after ``skip`` rows."""
    return base64.urlsafe_b64encode(f"{list}:{skip}".encode()).decode("ascii").rstrip("=")


def read_cursor(list: str, cursor: str | None) -> int:
    """Rows to skip. Raises Invalid for a cursor of another list or of none."""
    if not cursor:
        return 0
    try:
        name, _, skip = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(":")
        if name == list and skip.isdecimal() and len(skip) < 10:
            return int(skip)
    except (binascii.Error, ValueError):
        pass
    raise Invalid("This cursor does not belong to this list.", cure="Give back the cursor of the page before, or none to start.")


def check_size(size: int) -> int:
    """Raises Invalid for a page that is empty or too large."""
    if not 1 <= size <= MOST:
        raise Invalid(f"A page has 1 to {MOST} rows, not {size}.")
    return size
