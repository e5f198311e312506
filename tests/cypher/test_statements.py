from __future__ import annotations

import re

import pytest

import cypher
from graph import schema

EVERY = [*cypher.names("schema"), *cypher.names("write"), *cypher.names("read"), *cypher.names("neo4j")]


def _header(name):
    from importlib.resources import files

    text = files(cypher).joinpath(f"{name}.cypher").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("//")], text


@pytest.mark.parametrize("name", EVERY)
def test_header_names_the_file_its_parameters_and_columns(name):
    header, _ = _header(name)
    assert header[0].startswith(f"// {name}.cypher — ")
    assert header[1].startswith("// params: ") and header[2].startswith("// returns: ")


def _told(parameters):
    """Names in “reports (list of report ids), skip, limit”; what stands in brackets explains."""
    while "(" in parameters:
        parameters = re.sub(r"\s*\([^()]*\)", "", parameters)
    return set() if parameters == "none" else set(re.split(r",\s*", parameters))


@pytest.mark.parametrize("name", EVERY)
def test_header_and_statement_have_the_same_parameters(name):
    header, _ = _header(name)
    assert set(re.findall(r"\$(\w+)", cypher.load(name))) == _told(header[1].removeprefix("// params: "))


@pytest.mark.parametrize("name", cypher.names("read"))
def test_header_names_every_column(name):
    header, _ = _header(name)
    last = re.split(r"\bRETURN\b", cypher.load(name))[-1].split("ORDER BY")[0]
    columns = re.findall(r"AS (\w+)\s*(?:,|$)", re.sub(r"\[.*?\](?= AS)|\{[^}]*\}", "", last, flags=re.DOTALL), flags=re.MULTILINE)
    for column in columns:
        assert re.search(rf"\b{column}\b", header[2]), column


def test_load_drops_the_header():
    assert cypher.load("read/fingerprints").startswith("MATCH")


def test_unknown_statement_is_an_error():
    with pytest.raises(FileNotFoundError):
        cypher.load("read/nonsense")


@pytest.mark.parametrize("type", [type for type in schema.edges() if type != "STATES"])
def test_edge_statement_allows_the_ends_of_the_vocabulary(type):
    source, target = re.findall(r"\((?:source|target):([\w|]+) ", cypher.load(f"write/create_{type.lower()}"))
    assert (source.split("|"), target.split("|")) == (schema.edges()[type]["from"], schema.edges()[type]["to"])


@pytest.mark.parametrize("name", cypher.names("read"))
def test_reading_statements_do_not_write(name):
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", cypher.load(name))
