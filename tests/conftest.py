"""What all tests share: the command line, and real servers (marked ``servers``; see servers/README.md)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from servers.sharing import Run
from servers.starting import Server

RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    told = getattr(config, "workerinput", {}).get("servers")
    config.stash[RUN] = Run(Path(told["folder"]), told["owner"]) if told else Run.begin()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    run = node.config.stash[RUN]
    node.workerinput["servers"] = {"folder": str(run.folder), "owner": run.owner}


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and RUN in config.stash:
        config.stash[RUN].end()


@pytest.fixture(scope="session")
def server_run(pytestconfig: pytest.Config) -> Run:
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def neo4j_server(server_run: Run) -> Server:
    """Neo4j 5.26 with a user and a password. One graph for all: empty it, and use it inside ``server_run.only_user("neo4j")``."""
    return server_run.ask("neo4j")


@pytest.fixture(scope="session")
def elasticsearch_server(server_run: Run) -> Server:
    """Elasticsearch 8.19. Shared by all workers: give indexes names of your own and remove them."""
    return server_run.ask("elasticsearch")


@pytest.fixture(scope="session")
def elasticsearch9_server(server_run: Run) -> Server:
    """Elasticsearch 9.2, as above."""
    return server_run.ask("elasticsearch9")


@pytest.fixture(scope="session")
def postgresql_server(server_run: Run) -> Server:
    """PostgreSQL, its collation that of a Chinese reader. Shared by all workers: make a database of your own, as ``archive_places`` does."""
    return server_run.ask("postgresql")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    """The command line as its user sees it: (exit code, standard output, standard error)."""
    from fazhi import cli

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fazhi", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfdbinary.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out.decode(), err.decode()

    return call
