"""Every Cypher statement, one a file, named by what it does. One text runs on Neo4j 5.26 or newer and on kglite."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load(name: str) -> str:
    """Text of ``cypher/<name>.cypher`` such as ``read/adopters_of_program``, without its header comment.

    Raises FileNotFoundError where there is no such statement.
    """
    text = files(__name__).joinpath(f"{name}.cypher").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//")).strip()


@cache
def names(folder: str) -> tuple[str, ...]:
    """Names of the statements in a folder (schema, write, read), sorted: ``("schema/…", …)``."""
    return tuple(
        sorted(f"{folder}/{file.name.removesuffix('.cypher')}" for file in files(__name__).joinpath(folder).iterdir() if file.name.endswith(".cypher"))
    )
