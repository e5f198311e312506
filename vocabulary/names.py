"""When two writings are one name: quotes, brackets, middle dots, blanks, width and case make no difference."""

from __future__ import annotations

import re
import unicodedata

DROPPED = re.compile(r"[“”‘’「」『』（）()〔〕《》〈〉·•・. \u3000\t\"']")


def fold_name(name: str) -> str:
    """A name without what makes no difference: “八五”普法 → 八五普法, 一村（居）一法律顾问 → 一村居一法律顾问."""
    return DROPPED.sub("", unicodedata.normalize("NFKC", name).replace(",", "，")).lower()
