"""Signing in with an API key, and out. The browser keeps a token that no script can read and no other site can make it send."""

from __future__ import annotations

import time

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.keys import name_setting
from search_api import auth
from search_api.keyring import Keyring
from search_api.routers.pages.forms import Form, field, local_address
from search_api.routers.pages.layout import Page, Paging, new_router

router = new_router()


@router.get(auth.SIGN_IN)
def show_sign_in(page: Paging) -> HTMLResponse:
    return _show(page, page.request.query_params.get("next", "/"))


@router.post(auth.SIGN_IN)
def sign_in(request: Request, page: Paging, form: Form) -> Response:
    keyring: Keyring = request.app.state.keyring
    setting: str | None = request.app.state.setting_key
    settings = request.app.state.reader.workspace.settings
    known = keyring.read()
    visitor = auth.recognise(field(form, "key").encode("utf-8", "replace"), setting, known) if setting is not None or known.any else None
    if visitor is None or visitor.actor is None or keyring.archive is None:
        return _show(page, field(form, "next"), failed=True)
    key = visitor.actor.key or name_setting(setting or "")
    seconds = settings.session_hours * 3600
    token = keyring.archive.open_session(key, visitor.actor, moment=time.time(), seconds=seconds)
    keyring.read()
    response = RedirectResponse(local_address(field(form, "next")), 303)
    response.headers["Cache-Control"] = "no-store"
    secure = request.url.scheme == "https"
    response.set_cookie(auth.COOKIE, token, max_age=int(seconds), path="/", secure=secure, httponly=True, samesite="strict")
    return response


@router.post(auth.SIGN_OUT)
def sign_out(request: Request, form: Form) -> Response:
    session = request.state.visitor.session
    keyring: Keyring = request.app.state.keyring
    if session is not None and keyring.archive is not None:
        keyring.archive.close_session(session)
        keyring.read()
    response = RedirectResponse(auth.SIGN_IN, 303)
    response.delete_cookie(auth.COOKIE, path="/", httponly=True, samesite="strict")
    return response


def _show(page: Page, following: str, *, failed: bool = False) -> HTMLResponse:
    known = page.request.app.state.keyring.last_known
    needed = known.any or page.request.app.state.setting_key is not None
    return page.render("sign_in.html", 403 if failed else 200, {"Cache-Control": "no-store"}, following=local_address(following), failed=failed, needed=needed)
