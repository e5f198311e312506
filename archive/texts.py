"""Text of any characters, on every database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy import Text as _Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_MARK = "\x01"


class AnyText(TypeDecorator[str]):
    """PostgreSQL's text can't hold U+0000: there it is written as U+0001 U+0001, and U+0001 as U+0001 U+0002, which keeps the order of code points.

    ``exact``: sorts by code point whatever the database's locale.
    """

    impl = _Text
    cache_ok = True

    def __init__(self, exact: bool = False) -> None:
        super().__init__()
        self.exact = exact

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _Text(collation="C") if self.exact and dialect.name == "postgresql" else _Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql" or ("\0" not in value and _MARK not in value):
            return value
        return value.replace(_MARK, _MARK + "\x02").replace("\0", _MARK + _MARK)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql" or _MARK not in value:
            return value
        return "\0".join(part.replace(_MARK + "\x02", _MARK) for part in value.split(_MARK + _MARK))
