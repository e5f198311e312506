"""A data folder whose graph is on a Neo4j server, from the command line: named by its URL alone, and the same graph as the embedded one."""

from __future__ import annotations

import pytest

from fazhi import workspace
from fazhi.settings import load_settings
from graph import open_store
from graph.address import Access
from graph.listing import list_graph

pytestmark = pytest.mark.servers


@pytest.fixture
def on_neo4j(neo4j_server, server_run, monkeypatch):
    monkeypatch.setenv("FAZHI_GRAPH", neo4j_server.url.replace("//", f"//{neo4j_server.user}:{neo4j_server.password}@"))
    settings = load_settings()
    with server_run.only_user("neo4j"):
        store = open_store(settings.graph, settings.graph_folder, writable=True, access=settings.graph_access)
        store.rebuild([])
        store.close()
        yield neo4j_server


def test_password_in_the_url_becomes_a_secret(on_neo4j):
    settings = load_settings()
    assert settings.graph == on_neo4j.url and settings.graph_user == on_neo4j.user
    assert settings.graph_access == Access(user=on_neo4j.user, password=settings.graph_password)
    assert on_neo4j.password not in repr(settings) + str(settings.graph_access)


def test_commands_work_on_a_server_and_its_graph_equals_the_embedded_one(run, home, corpus, on_neo4j, monkeypatch, tmp_path):
    code, _, shown = run("ingest", corpus)
    assert code == 0 and on_neo4j.password not in shown
    assert run("check", "--deep")[0] == 0
    code, out, _ = run("status")
    assert code == 0 and "reports waiting" in out and on_neo4j.password not in out
    code, out, _ = run("cypher", "MATCH (r:Report) RETURN count(r) AS reports")
    assert code == 0 and "6" in out
    assert run("rebuild", "graph")[0] == 0
    with workspace.open(home, mode="read") as space:
        on_server = list(list_graph(space.graph))
    key = sorted(path.name for path in corpus.iterdir())[0]
    assert run("delete", key)[0] == 0
    with workspace.open(home, mode="read") as space:
        after_delete = list(list_graph(space.graph))
    assert not (home / "graph").exists()

    monkeypatch.delenv("FAZHI_GRAPH")
    with workspace.open(tmp_path / "embedded") as space:
        space.ingest([corpus], workers=1)
        assert list(list_graph(space.graph)) == on_server
    (corpus / key).unlink()
    with workspace.open(tmp_path / "never-saw-it") as space:
        space.ingest([corpus], workers=1)
        assert list(list_graph(space.graph)) == after_delete


def test_wrong_password_ends_with_the_setting_to_correct(run, home, corpus, on_neo4j, monkeypatch):
    monkeypatch.setenv("FAZHI_GRAPH", on_neo4j.url)
    monkeypatch.setenv("FAZHI_GRAPH_USER", "neo4j")
    monkeypatch.setenv("FAZHI_GRAPH_PASSWORD", "geheimes-wort")
    code, out, err = run("ingest", corpus)
    assert code != 0 and "FAZHI_GRAPH_PASSWORD" in err and "geheimes-wort" not in out + err and "Traceback" not in err
