"""How a request becomes an endpoint's arguments, and its answer the bytes that go out: when it is its turn, by its model, in the thread that made it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from search_api.direct import plan
from search_api.turns import turn_of


class AnswerRoute(APIRoute):
    """A route of the API. FastAPI would check an answer that is already of its model a second time, in another way to a thread and back.

    Dependencies of the whole application are not asked where ``Direct`` reads the arguments: ``refuse_unknown`` is the only one, and ``Direct`` leaves to
    FastAPI what it would refuse.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        self._encodes = False
        super().__init__(path, self._encoding(endpoint) if inspect.isfunction(endpoint) and not inspect.iscoroutinefunction(endpoint) else endpoint, **more)
        self._encodes = (
            isinstance(self.response_class, DefaultPlaceholder)
            and isinstance(self.response_model, type)
            and issubclass(self.response_model, BaseModel)
            and self.status_code is None
            and self.dependant.response_param_name is None  # else the endpoint changes status or headers
        )

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        direct = plan(self) if self._encodes else None

        async def answer(request: Request) -> Response:
            async with turn_of(request):
                arguments = await direct.read(request) if direct is not None else None
                if arguments is None:
                    return await handle(request)
                found: Response = await run_in_threadpool(self.endpoint, **arguments)
                return found

        return answer

    def _encoding(self, endpoint: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(endpoint)
        def answer(*given: Any, **named: Any) -> Any:
            found = endpoint(*given, **named)
            if not self._encodes or isinstance(found, Response):
                return found
            assert type(found) is self.response_model
            assert self.response_field is not None
            return Response(self.response_field.serialize_json(found, by_alias=self.response_model_by_alias), media_type="application/json")

        return answer
