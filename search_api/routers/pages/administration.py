"""For administrators: the settings as they are in force, and who may come in."""

from __future__ import annotations

from fastapi import Request
from pydantic import SecretStr
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.keys import ROLES, NewKey
from fazhi.errors import FazhiError, Invalid
from fazhi.settings import Settings
from search_api import problems
from search_api.reader import Reader, Reading
from search_api.routers.pages.forms import Form, field
from search_api.routers.pages.layout import Page, Paging, new_router

router = new_router()


@router.get("/settings")
def show_settings(page: Paging, reader: Reading) -> HTMLResponse:
    return _show(page, reader)


@router.post("/settings/keys")
def make_key(request: Request, page: Paging, reader: Reading, form: Form) -> Response:
    """The key is on the page that answers, this once."""
    try:
        role = next((role for role in ROLES if role == field(form, "role")), None)
        if role is None:
            raise Invalid("There is no such role.", cure=f"Choose one of {', '.join(ROLES)}.")
        largest = field(form, "max_body")
        if largest and not (largest.isascii() and largest.isdigit() and len(largest) < 16):
            raise Invalid("The largest body is a number of bytes.", cure="Leave it out for what the settings say.")
        made = reader.archive.new_key(field(form, "name"), role, request.state.visitor.actor, max_body=int(largest) if largest else None)
    except FazhiError as error:
        return _show(page, reader, error=error)
    request.app.state.keyring.read()
    return _show(page, reader, made=made)


@router.post("/settings/keys/{id}/revoke")
def revoke_key(request: Request, page: Paging, reader: Reading, form: Form, id: str) -> Response:
    reader.archive.revoke_key(id, request.state.visitor.actor)
    request.app.state.keyring.read()
    return RedirectResponse(page.link("/settings"), 303)


def _show(page: Page, reader: Reader, *, made: NewKey | None = None, error: FazhiError | None = None) -> HTMLResponse:
    return page.render(
        "settings.html",
        error.status if error is not None else 200,
        {"Cache-Control": "no-store"},
        problem=problems.of_error(error) if error is not None else None,
        made=made,
        keys=reader.archive.api_keys(),
        roles=ROLES,
        settings=list_settings(reader.workspace.settings),
        entries=reader.archive.log(limit=20),
    )


def list_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """(variable, value, description); of a secret only whether it is there."""
    rows = []
    for name, known in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "••••••" if isinstance(value, SecretStr) else "" if value is None else str(value)
        rows.append((f"FAZHI_{name.upper()}", shown, known.description or ""))
    return rows
