"""For those who run the service: who may come in, and what they changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from archive.keys import Actor
from archive.keys import Key as Kept
from fazhi.errors import Invalid
from search_api.keyring import Keyring
from search_api.models import Answered, Paged
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reading

router = APIRouter(tags=["operators"])


class RoleName(StrEnum):
    reader = "reader"
    editor = "editor"
    admin = "admin"


_ROLE = "reader: asks; editor: also uploads, deletes and decides; admin: also sees and makes keys, and reads the log."


class KeyOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(title="Name", description="Who will send it; no two keys that open have the same.", examples=["li.hua"], min_length=1, max_length=200)
    role: RoleName = Field(RoleName.reader, title="Role", description=_ROLE, examples=["editor"])
    max_body: int | None = Field(
        None, title="Largest body", description="Bytes of one request's body, where less than the server allows.", examples=[1_000_000], ge=1, le=2**53
    )


class Key(Answered):
    """What is known of a key. The key itself is not kept."""

    id: str = Field(title="Id", examples=["0f8fad5b"])
    name: str = Field(title="Name", examples=["li.hua"])
    role: str = Field(title="Role", description=_ROLE, examples=["editor"])
    created: str = Field(title="Created", description="ISO time.")
    created_by: str = Field(title="Created by")
    used: str | None = Field(None, title="Used", description="ISO time of the last use, a minute or two behind.")
    revoked: str | None = Field(None, title="Revoked", description="ISO time; null while it opens.")
    revoked_by: str | None = Field(None, title="Revoked by")
    max_body: int | None = Field(None, title="Largest body", description="Bytes of one request's body; null: what the server allows.", examples=[1_000_000])


class MadeKey(Key):
    secret: str = Field(title="Key", description="What its owner sends. It is shown only now.", examples=["fazhi_0f8fad5b_…"])


class Keys(Answered):
    keys: tuple[Key, ...] = Field(title="Keys", description="Oldest first, revoked ones too.")


class LogEntry(Answered):
    """A change that somebody asked for."""

    id: int = Field(title="Number", examples=[1])
    time: str = Field(title="Time", description="ISO time.")
    who: str = Field(title="Who", description="Name of the key, or the user of the machine for a command.", examples=["li.hua"])
    door: str = Field(
        title="Door", description="key; setting (FAZHI_API_KEY); local (this machine, without a key); command (on the command line).", examples=["key"]
    )
    key: str | None = Field(None, title="Key", description="Id of the key.", examples=["0f8fad5b"])
    what: str = Field(title="What", description="Method and address, or what became of a key.", examples=["POST /api/reviews"])
    made: str | None = Field(None, title="Made", description="Address of what it made.", examples=["/api/reviews/7"])
    result: str | None = Field(None, title="Result", description="HTTP status, or done; null where the server stopped before it was known.", examples=["201"])


class Log(Paged):
    entries: tuple[LogEntry, ...] = Field(title="Entries", description="Newest first.")


@router.get("/keys", operation_id="list_keys", summary="Who may come in")
def list_keys(reader: Reading) -> Keys:
    """Needs the role admin, as all of this."""
    return Keys(keys=tuple(Key.model_validate(key) for key in reader.archive.api_keys()))


@router.post("/keys", status_code=201, operation_id="make_key", summary="Make a key", responses=answers(400, 409))
def make_key(
    request: Request, response: Response, reader: Reading, order: Annotated[KeyOrder, Body(title="Key", examples=[{"name": "li.hua", "role": "editor"}])]
) -> MadeKey:
    """From the first key on every request needs one. Only its hash is kept, so that it can't be shown again."""
    made = reader.archive.new_key(order.name, order.role.value, _actor(request), max_body=order.max_body)
    _keyring(request).read()
    response.headers["Location"] = f"/api/keys/{made.key.id}"
    response.headers["Cache-Control"] = "no-store"
    return MadeKey(**_told(made.key), secret=made.secret)


@router.delete("/keys/{id}", operation_id="revoke_key", summary="Revoke a key", responses=answers(404, 409))
def revoke_key(
    request: Request,
    reader: Reading,
    id: Annotated[str, Path(title="Key", description="Its id in GET /api/keys.", examples=["0f8fad5b"], min_length=1, max_length=200)],
) -> Key:
    """This server refuses it from now on, others within a second or so. It stays listed."""
    revoked = reader.archive.revoke_key(id, _actor(request))
    _keyring(request).read()
    return Key(**_told(revoked))


@router.get("/log", operation_id="read_log", summary="Who changed what", responses=answers(400))
def read_log(
    reader: Reading,
    who: Annotated[
        str | None, Query(title="Who", description="Only changes by this name, or with the key of this id.", examples=["li.hua"], max_length=200)
    ] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Log:
    """Every change that was asked for over HTTP by somebody who may come in, refused ones too, and every change of keys."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("This cursor is not from this list.", cure="Begin again without a cursor.")
    found = reader.archive.log(who=who, before=int(cursor) if cursor else None, limit=size + 1)
    return Log(
        entries=tuple(LogEntry.model_validate(entry) for entry in found[:size]),
        next=str(found[size - 1].id) if len(found) > size else None,
    )


def _told(key: Kept) -> dict[str, Any]:
    return {name: getattr(key, name) for name in Key.model_fields}


def _actor(request: Request) -> Actor:
    actor: Actor = request.state.visitor.actor
    return actor


def _keyring(request: Request) -> Keyring:
    keyring: Keyring = request.app.state.keyring
    return keyring
