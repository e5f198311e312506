"""Forms that change something: read once, and only where they carry the token of the visitor's page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from archive.keys import Actor
from search_api import auth

FIELD = "csrf"


async def read_form(request: Request) -> FormData:
    """Dependency of every route that takes a form. Raises Forbidden."""
    form = await request.form()
    auth.check_form(request.state.visitor, form.get(FIELD))
    return form


Form = Annotated[FormData, Depends(read_form)]


def field(form: FormData, name: str) -> str:
    """What was written into a field, without blanks around; "" where it is not there, or a file."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def files(form: FormData, name: str) -> list[UploadFile]:
    """The files that were chosen; an empty choice is none."""
    return [part for part in form.getlist(name) if isinstance(part, UploadFile) and part.filename]


def local_address(address: str) -> str:
    """The address where it is one of this server, else the start page: nobody is to be led away from here."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable() and "\\" not in address
    return address if plain and not parts.scheme and not parts.netloc else "/"


def who(request: Request) -> str:
    actor: Actor | None = request.state.visitor.actor
    return actor.who if actor is not None else ""
