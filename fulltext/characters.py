"""How text is compared: what both the index and a query do to their characters, so that they meet."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from functools import cache

from ingest.script import simplify
from ingest.text import Text

# Stands between stretches of text that no phrase may cross (paragraphs, sentences that are not neighbours). Nobody types it, and it is no blank to any engine.
SEPARATOR = "␞"

_BLANK = ord(" ")
_BLANKS = re.compile(r"\s+")


@cache
def _lower() -> dict[int, str]:
    """Lower case, one character for one, whatever stands around it; what is no character (half a surrogate pair) becomes the sign for that."""
    table = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
    for code in range(sys.maxunicode + 1):
        lower = chr(code).lower()
        if len(lower) == 1 and lower != chr(code):
            table[code] = lower
    return table


def fold(clean: str) -> str:
    """Lower case of the same length, and valid Unicode."""
    if "Σ" not in clean:  # the one letter whose lower case depends on what follows
        lower = clean.lower()  # a tenth of the table's time
        if len(lower) == len(clean) and _is_valid(lower):
            return lower
    return clean.translate(_lower())


def _is_valid(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def squeeze(folded: str) -> str:
    """Without any blank."""
    return _BLANKS.sub("", folded)


def normal(query: str) -> str:
    """A query's text as reports' text is compared: normalised like a report, simplified, lower case, without blanks."""
    return squeeze(fold(Text.of(query).clean)).replace(SEPARATOR, "")


def keyword(value: str) -> str:
    """A name or graph id as keyword fields hold it; widths folded to the plain ones, since ids have half-width colons."""
    return squeeze(fold(simplify(unicodedata.normalize("NFKC", value))))


def pairs(squeezed: str) -> str:
    """Every two neighbouring characters, joined by blanks: the n-th pair starts at the n-th character.

    Two characters are one look-up, and a longer phrase needs half as many steps as it would with single characters, of terms that are far rarer: measured 2 to
    5 times as fast on common phrases.
    """
    if len(squeezed) < 2:
        return ""
    codes = array("I", squeezed.encode("utf-32-le"))
    joined = array("I", [_BLANK]) * (3 * len(codes) - 3)  # several times as fast as joining strings
    joined[0::3] = codes[:-1]
    joined[1::3] = codes[1:]
    return joined.tobytes().decode("utf-32-le")[:-1]
