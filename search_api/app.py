"""The HTTP service put together: stores at start, routes by audience, problems as documents, the guard around all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.responses import JSONResponse

import fazhi
from fazhi import workspace
from fazhi.analyses.running import Runner
from fazhi.errors import FazhiError
from fazhi.jobs import Jobs
from fazhi.reviewed import use_overlay
from fazhi.settings import Settings
from search_api import problems
from search_api.crossing import Crossing
from search_api.guard import Guard
from search_api.keyring import Keyring
from search_api.parameters import refuse_unknown
from search_api.reader import Reader
from search_api.reconciling import Reconcilers
from search_api.routers import (
    around,
    curves,
    editors,
    experts,
    keys,
    measures,
    network,
    operators,
    pages,
    profiles,
    programs,
    query,
    reading,
    reconcile,
    reuse,
    reviews,
    runs,
    search,
    spreading,
    vocabulary,
    watches,
)
from search_api.turns import ON_EMBEDDED, ON_SERVERS, Turns
from search_api.warming import Warmer
from search_api.watcher import Watcher

_DESCRIPTION = """Full text and knowledge graph of the yearly reports on law-based government (法治政府建设情况报告) of Chinese townships.

Every answer leads to the sentence it stands on: `start` and `end` are character offsets into the report's original text. Answers that count or compare carry
`snapshot` (the state of the collection) and `coverage` (the reports behind them). **A missing report never means “did not adopt”, a plan is never a deed,
and “first seen” is not the origin.**

Ids are readable: `cn:3505` 泉州市, `cn:350524/参内镇`, `program:法律八进`. They may stand in addresses as they are; `?`, `#` and `%` must be percent-encoded.
Lists page by `cursor`: give back `next` until it is null. Errors are problem documents (RFC 9457) with a stable `type`, `detail` and `cure`.
"""
_TAGS = [
    {"name": "search", "description": "Reports by their words."},
    {"name": "reading", "description": "Reports, facts, entities, places and paths, with their evidence."},
    {"name": "programs", "description": "Who takes up a practice."},
    {"name": "measures", "description": "Numbers that reports state, and which reports there are."},
    {"name": "vocabulary", "description": "Names that the catalogues lack."},
    {"name": "graph experts", "description": "The graph in Cypher."},
    {"name": "reconciliation", "description": "Matching names in tables to places and programs (W3C Reconciliation Service API 0.2, OpenRefine)."},
    {"name": "editors", "description": "Taking documents in and out, and deciding on what was found in them."},
    {"name": "alerts", "description": "Saved questions, and what has changed since they were asked."},
    {"name": "operators", "description": "Health, keys, and who changed what."},
]
_KEYS = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: one of `fazhi keys`, or the server's own (FAZHI_API_KEY)."},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key in a header of its own."},
}


def create_app(settings: Settings, *, warm: bool = False) -> FastAPI:
    """The application over one data folder. It opens the stores when it starts and lets them go when it stops. ``warm``: what takes long the first time is done
    at once, beside the first answers.

    Without ``settings.api_key`` and without kept keys it answers loopback clients under loopback names only; who listens elsewhere has to have one.
    """
    keyring = Keyring(settings.refresh_seconds, settings.rate_limit)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        jobs = Jobs(settings)
        # the reader paces itself, so that it can also look at once after a change of its own
        space = workspace.open(settings=settings.model_copy(update={"refresh_seconds": 0.0}), mode="read", create=True)
        app.state.turns = Turns(ON_SERVERS if settings.graph and settings.text else ON_EMBEDDED)  # anew with each event loop
        app.state.jobs, app.state.reader = jobs, Reader(space, settings.refresh_seconds)
        keyring.open(space.archive)
        watcher = app.state.watcher = Watcher(settings)
        runner = app.state.runner = Runner(settings)
        jobs.start()
        runner.start()
        watcher.start()
        warmer = Warmer(app.state.reader)
        if warm:
            warmer.start()
        with suppress(FazhiError):  # whoever takes reports in hears of it; what is there can be read without
            use_overlay(settings)
        try:
            yield
        finally:
            warmer.stop()
            watcher.stop()
            runner.stop()
            jobs.stop()
            keyring.flush()
            space.close()

    # FastAPIOffline mounts the API viewer's files from its package; the page around them is ours, for theirs has a script in it that our policy refuses
    app: FastAPI = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        static_url="/assets/viewer",
        title="fazhi-graph",
        version=fazhi.__version__,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
    )
    practices = (programs, spreading, network, curves, reuse)
    for audience in (search, experts, query, profiles, around, reading, *practices, measures, vocabulary, editors, reviews, runs, watches, keys):
        app.include_router(audience.router, prefix="/api", dependencies=[Depends(refuse_unknown)], responses=problems.answers(400, 401, 403, 422, 429, 503))
    for prefix in ("", "/api"):  # clients send parameters of other versions as well, so unknown ones are let pass
        app.include_router(reconcile.router, prefix=prefix, include_in_schema=not prefix, responses=problems.answers(400, 401, 403, 422, 429, 503))
    app.include_router(operators.router)
    app.include_router(operators.router, prefix="/api", include_in_schema=False)
    app.include_router(pages.router)
    describe(app)
    app.add_route("/api/openapi.json", lambda request: JSONResponse(app.openapi()), include_in_schema=False)
    problems.install(app)
    app.state.keyring, app.state.reconcilers = keyring, Reconcilers()
    key = app.state.setting_key = settings.api_key.get_secret_value() if settings.api_key else None
    app.add_middleware(Guard, key=key, keyring=keyring, max_upload_bytes=settings.max_upload_bytes)
    app.add_middleware(Crossing, origins=[origin for origin in settings.reconcile_origins.split(",") if origin])
    return app


def describe(app: FastAPI) -> None:
    """Complete the OpenAPI document when it is first asked for."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            problems.add_schema(document)
            document["components"]["securitySchemes"] = _KEYS
            document["security"] = [{}, *({name: []} for name in _KEYS)]  # {}: on loopback none is needed
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
