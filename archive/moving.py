"""Ids and names when one node takes another's place. Pure.

Ids nest: what lies in a place begins with the place's id (cn:350524/参内镇/湾美社区, room:cn:350524/参内镇/民情茶室), so it goes along when the place moves.
"""

from __future__ import annotations

from typing import NamedTuple

_SHORTEST = 2  # characters of a place's name that is replaced inside other names


class Move(NamedTuple):
    """``old`` becomes ``new``; ``old_name`` is empty where it is not known."""

    old: str
    new: str
    old_name: str
    new_name: str

    def changes(self, id: str) -> bool:
        return goes_along(id, self.old)

    def id(self, id: str) -> str:
        """The id after the move, which may be the same."""
        if id == self.old:
            return self.new
        if not goes_along(id, self.old):
            return id
        head, _, rest = id.partition(f"{self.old}/")
        return f"{head}{self.new}/{self.name(rest)}"

    def name(self, name: str) -> str:
        """The name of what lies in the place: 休宁县某镇（未具名）司法所 → 海阳镇司法所."""
        return name.replace(self.old_name, self.new_name) if len(self.old_name) >= _SHORTEST and self.old.startswith("cn:") else name


def goes_along(id: str, node: str) -> bool:
    """Whether an id is that node, or of something whose id begins with that place's."""
    return id == node or (node.startswith("cn:") and (id.startswith(f"{node}/") or f":{node}/" in id))


def is_at_or_below(id: str, node: str) -> bool:
    """The same, and codes go on below provinces and prefectures: cn:350524 lies in cn:35."""
    return goes_along(id, node) or (_is_code(node) and id.startswith(node))


def _is_code(id: str) -> bool:
    """cn:35 and cn:3505, below which codes go on: cn:350524."""
    return id.startswith("cn:") and id[3:].isdigit() and len(id) < len("cn:350524")
