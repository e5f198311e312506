"""API keys and the log of changes: what they are, and how a key is made and known again. Pure."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal, get_args

import msgspec

Role = Literal["reader", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
Door = Literal["key", "setting", "local", "command"]

_BEGINNING = "fazhi"
_SECRET = 32  # bytes: with 256 random bits a plain hash can't be guessed backwards, so checking a key need not be slow
_LONGEST = 2000  # characters of a name or an address that are kept


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is kept: its ``digest``, never itself. ``used``: ISO time of its last use, to within a minute or so; ``revoked`` and by whom."""

    id: str
    name: str
    role: Role
    digest: str
    created: str
    created_by: str
    used: str | None = None
    revoked: str | None = None
    revoked_by: str | None = None
    max_body: int | None = None  # bytes of one request's body; None: what the settings say


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """``secret`` is what its owner sends. It is nowhere else."""

    key: Key
    secret: str

    def __repr__(self) -> str:
        return f"NewKey({self.key.id})"


class Session(msgspec.Struct, frozen=True):
    """A browser that has signed in. ``key``: id of the key it did so with, or ``name_setting`` of that of the settings. ``expires``: seconds since 1970."""

    key: str
    expires: float


class Known(msgspec.Struct, frozen=True):
    """Keys that open, by id; ``any``: whether one was ever made, revoked ones too, for from then on every request needs one. ``sessions`` by digest."""

    active: dict[str, Key]
    any: bool
    sessions: dict[str, Session] = {}


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes something. ``door``: with a kept key (whose id is ``key``), with FAZHI_API_KEY, on this machine without a key, or by command."""

    who: str
    door: Door
    key: str | None = None


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A change that was asked for. ``made``: the address of what it made. ``result``: an HTTP status or "done"; None where the server stopped in between."""

    id: int
    time: str
    who: str
    door: Door
    key: str | None
    what: str
    made: str | None
    result: str | None


def make_secret(id: str) -> str:
    return f"{_BEGINNING}_{id}_{secrets.token_urlsafe(_SECRET)}"


def make_token() -> str:
    """What a signed-in browser sends: 256 random bits."""
    return secrets.token_urlsafe(_SECRET)


def name_setting(setting: str) -> str:
    """What stands for the key of the settings where an id of a key is kept: another one's sessions open nothing."""
    return f"@{digest_of(setting.encode())[:15]}"


def make_id() -> str:
    return secrets.token_hex(4)


def id_in(secret: bytes) -> str:
    """The id that a key names; "" where it is not of our form."""
    beginning, _, rest = secret.partition(b"_")
    return rest.partition(b"_")[0].decode("latin-1") if beginning == _BEGINNING.encode() else ""


def digest_of(secret: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(secret).hexdigest()


def show_plainly(text: str) -> str:
    """At most 2,000 characters, none of which can move a terminal's cursor or break a line."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text[:_LONGEST])
