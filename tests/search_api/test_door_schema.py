"""The whole OpenAPI document against the running service: whatever it allows and whatever it forbids is answered as it says, and never with a failure.

The inputs come from the document itself, with a fixed seed, so that a run can be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from httpx import Response
from hypothesis import HealthCheck, Phase
from hypothesis import settings as effort
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks
from search_api_corpus import LOCAL, fill
from starlette.testclient import TestClient

from fazhi.analyses.running import Runner
from fazhi.jobs import Jobs
from fazhi.settings import Settings
from search_api.app import create_app

DOCUMENT = create_app(Settings()).openapi()
NESTED = "/api/query"  # its conditions hold conditions: going through all their boundaries takes minutes, so there chance chooses (with a fixed seed)
schema = schemathesis.openapi.from_dict(DOCUMENT)
flat = schema.exclude(path=NESTED)
nested = schemathesis.openapi.from_dict(DOCUMENT).include(path=NESTED)
nested.config.phases.coverage.enabled = False
for part in (flat, nested):  # a body over the limit is refused before anybody looks into it
    part.config.checks.negative_data_rejection.expected_statuses = [*part.config.checks.negative_data_rejection.expected_statuses, "413"]

load_all_checks()
# A document can't say which cursors, queries and Cypher are well-formed; what is not is answered 400, which it lists.
BEYOND_WORDS = CHECKS.get_by_names(["positive_data_acceptance"])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service of its own, for some of what is sent uploads, deletes and decides. Uploads stay queued: test_door_uploads has hostile ones read."""
    app = create_app(fill(tmp_path_factory.mktemp("door") / "home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Jobs, "start", lambda self: None)
        patch.setattr(Runner, "start", lambda self: None)
        with TestClient(app, base_url=LOCAL, raise_server_exceptions=False, follow_redirects=False) as client:
            yield client


def send(service: TestClient, asked: dict[str, Any]) -> Response:
    """What requests would send over the wire, multipart bodies among it, handed to the service without one."""
    parts = ("method", "url", "headers", "params", "data", "json", "files", "cookies")
    wire = requests.Request(**{name: asked[name] for name in parts if name in asked}).prepare()
    assert wire.method and wire.url
    return service.request(wire.method, wire.url, headers=dict(wire.headers), content=wire.body)


sent: Counter[str] = Counter()


def is_chosen(case: Case) -> bool:
    """Of the hundreds of cases that an operation with many parameters has, the first and then every fifth: all of them would take minutes."""
    sent[case.operation.label] += 1
    return sent[case.operation.label] <= 40 or sent[case.operation.label] % 5 == 0


BOUNDED = effort(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(900)  # on a machine that has other things to do
@flat.parametrize()
@BOUNDED
def test_every_operation_answers_as_it_is_described(case: Case, service: TestClient) -> None:
    if is_chosen(case):
        check(case, service)


@pytest.mark.timeout(900)
@nested.parametrize()
@BOUNDED
def test_nested_questions_are_answered_as_they_are_described(case: Case, service: TestClient) -> None:
    check(case, service)


def check(case: Case, service: TestClient) -> None:
    response = send(service, case.as_transport_kwargs(base_url=LOCAL))
    assert response.status_code < 500, response.text
    case.validate_response(response, excluded_checks=BEYOND_WORDS)
