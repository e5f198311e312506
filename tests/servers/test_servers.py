from __future__ import annotations

import os
import urllib.request

import neo4j
import pytest
from servers.sharing import Run
from servers.starting import Absent

pytestmark = pytest.mark.servers


def test_neo4j_answers_and_wants_its_password(neo4j_server):
    with neo4j.GraphDatabase.driver(neo4j_server.url, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        assert driver.execute_query("RETURN 1 AS one").records[0]["one"] == 1
    with neo4j.GraphDatabase.driver(neo4j_server.url, auth=("neo4j", "wrong")) as driver, pytest.raises(neo4j.exceptions.AuthError):
        driver.verify_connectivity()


@pytest.mark.parametrize("fixture", ["elasticsearch_server", "elasticsearch9_server"])
def test_elasticsearch_answers(fixture, request):
    with urllib.request.urlopen(f"{request.getfixturevalue(fixture).url}/_cluster/health") as answer:
        assert answer.status == 200


def test_all_workers_have_the_same_server(neo4j_server, server_run):
    assert server_run.ask("neo4j").url == neo4j_server.url


def test_server_that_cannot_be_had_skips_with_the_reason_and_fails_in_ci(monkeypatch, tmp_path):
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setattr("servers.sharing.start", lambda *_, **__: (_ for _ in ()).throw(Absent("there is no JDK")))
    run = Run(tmp_path, os.getpid())
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="there is no JDK"):
        run.ask("neo4j")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is no JDK"):
        run.ask("neo4j")


def test_server_that_is_named_is_used_and_not_stopped(monkeypatch, tmp_path):
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_USER", "somebody")
    server = Run(tmp_path, os.getpid()).ask("neo4j")
    assert (server.url, server.user, server.pid) == ("bolt://127.0.0.1:1", "somebody", None)
    server.stop()
