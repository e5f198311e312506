"""Engines that only speak encrypted, with certificates of an authority that the machine does not know: trusted where it is named, refused everywhere else."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers.certificates import Authority
from servers.sharing import give_up
from servers.starting import Absent, Server, start

from fazhi import cli, workspace
from fazhi.errors import FazhiError, Unavailable
from fazhi.settings import load_settings

sys.path.append(str(Path(__file__).parents[1] / "fulltext"))
sys.path.append(str(Path(__file__).parents[1] / "fazhi"))
from gate import Gate
from sample_reports import write_reports

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("another"))


@pytest.fixture(scope="module")
def keys(ours: Authority) -> Path:
    return ours.sign("127.0.0.1")


@pytest.fixture(scope="module")
def named_keys(ours: Authority) -> Path:
    """Of a server that is called localhost, and not by its address."""
    return ours.sign("localhost")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "corpus", 3)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def call(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["fazhi", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfd.readouterr()
        return int(left.value.code or 0), out + err

    return call


# -- Neo4j ---------------------------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def neo4j(named_keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        server = start("neo4j", tmp_path_factory.mktemp("neo4j"), keys=named_keys, heap="512m")
    except Absent as absent:
        raise give_up(str(absent)) from None
    yield server
    server.stop()


def graph_of(server: Server, scheme: str, host: str = "localhost") -> str:
    return server.url.replace("bolt://127.0.0.1", f"{scheme}://{host}")


@pytest.mark.parametrize("scheme", ["neo4j", "bolt+s"])
def test_neo4j_is_used_encrypted_where_its_authority_is_named(
    neo4j: Server, ours: Authority, scheme: str, home: Path, corpus: Path, run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"": graph_of(neo4j, scheme), "_USER": neo4j.user, "_PASSWORD": neo4j.password, "_CA": str(ours.file)}.items():
        monkeypatch.setenv(f"FAZHI_GRAPH{name}", value or "")
    code, said = run("ingest", corpus, "--workers", "1")
    assert code == 0, said
    assert run("rebuild", "graph")[0] == 0
    assert run("check")[0] == 0
    code, said = run("cypher", "MATCH (r:Report) RETURN count(r) AS reports")
    assert code == 0 and "3" in said
    assert not (home / "graph").exists()


def test_neo4j_is_used_encrypted_with_any_certificate_where_that_is_asked_for(neo4j: Server, home: Path) -> None:
    settings = load_settings(graph=graph_of(neo4j, "neo4j+ssc"), graph_user=neo4j.user, graph_password=neo4j.password)
    with workspace.open(settings=settings) as space:
        assert space.cypher("RETURN 1 AS one").rows


@pytest.mark.parametrize(
    ("scheme", "who"), [("neo4j+s", None), ("bolt+s", None), ("neo4j+s", "another"), ("neo4j", "another"), ("neo4j", None), ("bolt", None)]
)
def test_neo4j_is_refused_without_its_authority_and_nothing_is_sent_in_the_open(
    neo4j: Server, another: Authority, scheme: str, who: str | None, home: Path
) -> None:
    """An unencrypted connection is cut off by the server, so that no password passes."""
    settings = load_settings(
        graph=graph_of(neo4j, scheme), graph_user=neo4j.user, graph_password=neo4j.password, graph_ca=another.file if who else None, graph_patience=0
    )
    with workspace.open(settings=settings) as space, pytest.raises(FazhiError) as caught:
        space.cypher("RETURN 1 AS one")
    assert isinstance(caught.value, Unavailable) and caught.value.cure
    assert (neo4j.password or "?") not in str(caught.value)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt+s"])
def test_neo4j_under_another_name_than_its_certificate_has_is_refused(neo4j: Server, ours: Authority, scheme: str, home: Path) -> None:
    settings = load_settings(
        graph=graph_of(neo4j, scheme, "127.0.0.1"), graph_user=neo4j.user, graph_password=neo4j.password, graph_ca=ours.file, graph_patience=0
    )
    with workspace.open(settings=settings) as space, pytest.raises(Unavailable):
        space.cypher("RETURN 1 AS one")


# -- Elasticsearch, behind a gate that speaks TLS and wants a password ----------------------------------------------------------------------------------------


@pytest.fixture
def gate(elasticsearch_server: Server, keys: Path) -> Iterator[Gate]:
    yield from opened(Gate(elasticsearch_server.url, keys / "both.pem"))


def opened(gate: Gate) -> Iterator[Gate]:
    gate.authorization = "Basic " + base64.b64encode(b"elastic:geheim").decode()
    gate.open()
    yield gate
    gate.close()


def told(gate: Gate, ca: Path | None, password: str = "geheim") -> dict[str, object]:
    return {"text": gate.url, "text_user": "elastic", "text_password": password, "text_ca": ca, "text_prefix": "test-encrypted", "text_patience": 0}


def test_elasticsearch_is_used_encrypted_where_its_authority_is_named(gate: Gate, ours: Authority, home: Path, corpus: Path) -> None:
    with workspace.open(settings=load_settings(**told(gate, ours.file))) as space:
        try:
            assert space.ingest([corpus], workers=1).new == 3
            assert space.search("法律八进").total == 3
            space.rebuild("text")
            assert space.check(deep=True).fine
        finally:
            import elasticsearch

            with elasticsearch.Elasticsearch(gate.target.geturl()) as client:
                client.indices.delete(index=",".join(client.indices.get(index="test-encrypted*", expand_wildcards="all").body))
    assert not (home / "text").exists()


def test_elasticsearch_is_refused_without_its_authority_before_any_request(gate: Gate, another: Authority, home: Path) -> None:
    for ca in (None, another.file):
        with workspace.open(settings=load_settings(**told(gate, ca))) as space, pytest.raises(Unavailable, match=r"certificate.*FAZHI_TEXT_CA"):
            space.search("法律八进")
    assert gate.seen == []


def test_elasticsearch_under_another_name_is_refused_before_any_request(elasticsearch_server: Server, ours: Authority, home: Path) -> None:
    for gate in opened(Gate(elasticsearch_server.url, ours.sign("text.example.org") / "both.pem")):
        with workspace.open(settings=load_settings(**told(gate, ours.file))) as space, pytest.raises(Unavailable, match="certificate"):
            space.search("法律八进")
        assert gate.seen == []


def test_elasticsearch_refuses_a_wrong_password_over_an_encrypted_connection(gate: Gate, ours: Authority, home: Path) -> None:
    with workspace.open(settings=load_settings(**told(gate, ours.file, "falsch"))) as space, pytest.raises(Unavailable, match="credentials") as caught:
        space.search("法律八进")
    assert "falsch" not in str(caught.value)


# -- PostgreSQL ------------------------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgresql(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        server = start("postgresql", tmp_path_factory.mktemp("postgresql"), keys=keys)
    except Absent as absent:
        raise give_up(str(absent)) from None
    yield server
    server.stop()


def archive_at(server: Server, query: str) -> dict[str, str]:
    return {"archive": f"{server.url.replace('//', f'//{server.user}@')}?{query}", "archive_password": server.password or ""}


def test_postgresql_is_used_encrypted_where_its_authority_is_named(postgresql: Server, ours: Authority, home: Path, corpus: Path) -> None:
    settings = load_settings(**archive_at(postgresql, f"sslmode=verify-full&sslrootcert={ours.file}"))
    with workspace.open(settings=settings) as space:
        assert space.ingest([corpus], workers=1).new == 3
        with space.archive._engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar() is True


def test_postgresql_is_refused_without_its_authority_or_in_the_open(postgresql: Server, another: Authority, home: Path) -> None:
    for query in (f"sslmode=verify-full&sslrootcert={another.file}", "sslmode=disable"):
        with pytest.raises(Unavailable) as caught:
            workspace.open(settings=load_settings(**archive_at(postgresql, query)))
        assert caught.value.cure and (postgresql.password or "?") not in str(caught.value)
