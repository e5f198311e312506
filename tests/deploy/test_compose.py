"""docker-compose.yml and Dockerfile, as far as they can be checked without a container: form, versions, secrets, what is published."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from servers import postgresql
from servers.starting import VERSIONS

from fazhi import initial
from fazhi.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
ENGINES = ("neo4j", "elasticsearch", "postgresql")
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?:(:?[-?])([^}]*))?\}")


def environment(engines: initial.Engines) -> dict[str, str]:
    lines = [line for line in initial.make_environment(engines).splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def interpolate(text: str, values: dict[str, str]) -> str:
    """As compose does it, for the forms that stand in our file."""

    def put(found: re.Match[str]) -> str:
        name, form, rest = found.groups()
        value = values.get(name)
        if form in (":-", "-"):
            return value if value or (value is not None and form == "-") else rest
        if form in (":?", "?"):
            assert value, f"compose would stop: {name}: {rest}"
        assert value is not None, name
        return value

    return _VARIABLE.sub(put, text).replace("$$", "$")


def services(engines: initial.Engines) -> dict[str, dict[str, Any]]:
    """As compose sees them: it fills variables in after it has read the YAML."""
    values = environment(engines)

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: fill(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [fill(inner) for inner in value]
        return interpolate(value, values) if isinstance(value, str) else value

    filled: dict[str, dict[str, Any]] = fill(SERVICES)
    return filled


def test_it_has_the_form_of_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_refuses_what_is_no_compose_file(tmp_path: Path) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(TEXT.replace("restart: unless-stopped", "restarts: unless-stopped", 1))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(broken)]
    assert subprocess.run(command, capture_output=True).returncode == 1


def test_engines_have_the_versions_that_the_tests_use() -> None:
    assert SERVICES["neo4j"]["image"] == f"neo4j:{VERSIONS['neo4j']}-community"
    assert SERVICES["elasticsearch"]["image"] == f"docker.elastic.co/elasticsearch/elasticsearch:{VERSIONS['elasticsearch']}"
    assert SERVICES["postgresql"]["image"] == f"postgres:{postgresql.MAJOR}-bookworm"


@pytest.mark.servers
def test_the_postgresql_that_was_tested_is_of_that_version(postgresql_server: Any) -> None:
    import psycopg

    with psycopg.connect(postgresql_server.url.replace("+psycopg", ""), user=postgresql_server.user, password=postgresql_server.password) as connection:
        tested = connection.info.server_version // 10_000
    assert tested >= postgresql.MAJOR
    if "POSTGRESQL_URL" not in os.environ and Path("/usr/lib/postgresql/15/bin/postgres").exists():
        assert postgresql.find_programs().parent.name == str(tested)


def test_every_variable_is_in_the_file_that_init_makes() -> None:
    assert "${" not in _VARIABLE.sub("", TEXT).replace("$${", "")
    assert {found[1] for found in _VARIABLE.finditer(TEXT)} <= set(environment("servers"))
    assert set(environment("servers")) == set(environment("embedded"))
    unused = set(environment("servers")) - {found[1] for found in _VARIABLE.finditer(TEXT)} - {"COMPOSE_PROFILES"}
    assert unused == set()


def test_without_that_file_nothing_starts() -> None:
    for name in ("FAZHI_API_KEY", "FAZHI_GRAPH_PASSWORD", "FAZHI_TEXT_PASSWORD", "FAZHI_ARCHIVE_PASSWORD"):
        with pytest.raises(AssertionError, match=f"{name}: run fazhi init first"):
            interpolate(TEXT, {**environment("servers"), name: ""})


@pytest.mark.parametrize("engines", ["servers", "embedded"])
def test_nothing_is_published_beyond_loopback(engines: initial.Engines) -> None:
    filled = services(engines)
    assert {name for name, service in filled.items() if service.get("ports")} == {"api"}
    assert filled["api"]["ports"] == ["127.0.0.1:8000:8000"]
    assert interpolate(SERVICES["api"]["ports"][0], {}) == "127.0.0.1:8000:8000"
    assert "0.0.0.0" not in TEXT and "network_mode" not in TEXT and "privileged:" not in TEXT.replace("no-new-privileges:", "")


def test_no_password_is_written_in_it() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY|AUTH", variable) and variable != "POSTGRES_INITDB_ARGS":
                assert re.fullmatch(r"(neo4j/)?\$\{[A-Z_]+(:\?run fazhi init first|-)\}", value), (name, variable)


def test_every_service_has_a_limit_and_every_one_that_stays_a_health_check() -> None:
    for name, service in SERVICES.items():
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"]), name
        check = service["healthcheck"]
        assert check.get("disable") is True if service.get("restart") == "no" else {"test", "interval", "timeout", "retries", "start_period"} <= set(check), (
            name
        )


def test_data_are_in_named_volumes() -> None:
    named = set(yaml.safe_load(TEXT)["volumes"])
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert {name for name in mounted if not name.startswith("$")} == named
    assert [volume for service in SERVICES.values() for volume in service["volumes"] if volume.startswith("$")] == ["${FAZHI_REPORTS:-./reports}:/reports:ro"]


def test_profiles_and_what_waits_for_what() -> None:
    assert {name: service.get("profiles", []) for name, service in SERVICES.items()} == {
        "api": [],
        "ingest": ["ingest"],
        "neo4j": ["servers"],
        "elasticsearch": ["servers"],
        "postgresql": ["postgresql"],
    }
    chosen = {profile for service in SERVICES.values() for profile in service.get("profiles", [])}
    assert set(environment("servers")["COMPOSE_PROFILES"].split(",")) <= chosen
    assert environment("embedded")["COMPOSE_PROFILES"] == ""
    for name in ("api", "ingest"):
        assert SERVICES[name]["depends_on"] == {engine: {"condition": "service_healthy", "required": False} for engine in ENGINES}


@pytest.mark.parametrize("engines", ["servers", "embedded"])
def test_what_the_containers_are_told_are_settings_that_fit_their_engines(engines: initial.Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = services(engines)
    for service in ("api", "ingest"):
        told = filled[service]["environment"]
        assert {name.removeprefix("FAZHI_").lower() for name in told} <= set(Settings.model_fields)
        with monkeypatch.context() as patch:
            for name, value in told.items():
                patch.setenv(name, value)
            settings = load_settings()
        assert settings.api_key and len(settings.api_key.get_secret_value()) == 32
        if engines == "embedded":
            assert (settings.archive, settings.graph, settings.text) == ("", "", "")
            continue
        assert settings.graph == "neo4j://neo4j:7687" and settings.graph_user == "neo4j"
        assert filled["neo4j"]["environment"]["NEO4J_AUTH"] == f"neo4j/{shown(settings.graph_password)}"
        assert settings.text == "http://elasticsearch:9200" and settings.text_user == "elastic"
        assert filled["elasticsearch"]["environment"]["ELASTIC_PASSWORD"] == shown(settings.text_password)
        assert filled["elasticsearch"]["environment"]["xpack.security.enabled"] == "true"
        assert settings.archive == "postgresql+psycopg://fazhi@postgresql:5432/fazhi"
        database = filled["postgresql"]["environment"]
        assert (database["POSTGRES_USER"], database["POSTGRES_DB"], database["POSTGRES_PASSWORD"]) == ("fazhi", "fazhi", shown(settings.archive_password))


def shown(secret: SecretStr | None) -> str:
    assert secret is not None
    return secret.get_secret_value()


def test_the_image_runs_as_nobody_in_particular_and_installs_by_hash() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    user = next(line for line in lines if line.startswith("USER"))
    assert user.split()[1] not in ("root", "0") and not any(line.startswith("RUN") for line in lines[lines.index(user) :])
    installs = [line for line in lines if "pip install" in line]
    assert len(installs) == 2 and "--require-hashes -r requirements.lock" in installs[0] and "--no-deps" in installs[1]
    assert ".env*" in (ROOT / ".dockerignore").read_text().split() and ".env" in (ROOT / ".gitignore").read_text().split()


def test_the_lock_has_what_the_containers_need() -> None:
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in ("psycopg", "psycopg-binary", "neo4j", "elasticsearch", "hatchling"):
        assert re.search(rf"^{name}==\S+.*\\\n\s+--hash=sha256:", locked, re.MULTILINE), name
