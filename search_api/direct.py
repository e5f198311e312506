"""Arguments of an endpoint read from a request at once: by one model for all its parameters, in place of one walk through FastAPI's for each of them.

That walk costs as much as a small answer. Only plain endpoints are read so, and only requests with nothing wrong: whatever else there is goes FastAPI's way,
which knows how to say what is wrong.
"""

from __future__ import annotations

import json
import types
import typing
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError, create_model
from starlette.requests import Request

from search_api.reader import get_reader

_SEQUENCES = (list, tuple, set, frozenset)
_CHOICES = (typing.Union, types.UnionType)
_JSON = "application/json"
_OTHER_SOURCES = ("header_params", "cookie_params")
_OTHER_ARGUMENTS = ("request", "websocket", "http_connection", "response", "background_tasks", "security_scopes")


class Direct:
    """What a route's endpoint takes, as far as ``plan`` could tell."""

    def __init__(self, dependant: Dependant, body: Any) -> None:
        self._readers = [inner.name for inner in dependant.dependencies if inner.name]
        self._body, self._body_name = body, dependant.body_params[0].name if body is not None else ""
        self._whole: tuple[str, type[BaseModel]] | None = None
        fields = [*dependant.path_params, *dependant.query_params]
        if len(dependant.query_params) == 1 and _is_model(dependant.query_params[0].field_info.annotation):
            self._whole = dependant.query_params[0].name, typing.cast(type[BaseModel], dependant.query_params[0].field_info.annotation)
            fields = dependant.path_params
        self._names = [field.name for field in fields]
        self._model = create_model("Parameters", **{field.name: (field.field_info.annotation, field.field_info) for field in fields})  # type: ignore[call-overload]
        queries = self._whole[1].model_fields if self._whole else {field.name: field.field_info for field in dependant.query_params}
        known = {info.alias or name: _is_sequence(info.annotation) for name, info in queries.items()}
        self._known, self._several = frozenset(known), frozenset(name for name, several in known.items() if several)

    async def read(self, request: Request) -> dict[str, Any] | None:
        """The endpoint's arguments by name, or None for a request that FastAPI has to look at."""
        given = request.query_params
        if not self._known.issuperset(given.keys()):
            return None
        asked: dict[str, Any] = {name: given.getlist(name) if name in self._several else value for name, value in given.items()}
        arguments: dict[str, Any] = {}
        sent = b""
        if self._body is not None:
            if request.headers.get("content-type", "").partition(";")[0].strip() != _JSON:
                return None
            sent = await request.body()  # the guard bounds it and says so itself
        try:
            if self._whole is not None:
                name, model = self._whole
                arguments[name] = model.model_validate(asked)
                asked = {}
            if self._names:
                found = self._model.model_validate({**asked, **request.path_params})
                arguments |= {name: getattr(found, name) for name in self._names}
            if self._body is not None:
                arguments[self._body_name], wrong = self._body.validate(json.loads(sent), {}, loc=("body",))
                if wrong:
                    return None
        except (ValidationError, ValueError, RecursionError):
            return None
        for name in self._readers:
            arguments[name] = await get_reader(request)
        return arguments


def plan(route: APIRoute) -> Direct | None:
    """How the arguments of this route are read, or None where it takes more than parameters, one body and the reader."""
    dependant = route.dependant
    if any(getattr(dependant, name) for name in _OTHER_SOURCES) or any(getattr(dependant, f"{name}_param_name") for name in _OTHER_ARGUMENTS):
        return None
    if any(inner.call is not get_reader for inner in dependant.dependencies):
        return None
    bodies = dependant.body_params
    if len(bodies) > 1 or (bodies and (route.body_field is None or route.body_field.name != bodies[0].name or not _is_model(bodies[0].field_info.annotation))):
        return None
    models = [field for field in dependant.query_params if _is_model(field.field_info.annotation)]
    if models and len(dependant.query_params) > 1:
        return None
    return Direct(dependant, route.body_field if bodies else None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_sequence(annotation: Any) -> bool:
    """Whether a parameter may be given several times."""
    origin = typing.get_origin(annotation) or annotation
    return origin in _SEQUENCES or (origin in _CHOICES and any(map(_is_sequence, typing.get_args(annotation))))
