"""`fazhi init`: a private file with passwords that nobody else has."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fazhi import cli, initial
from fazhi.errors import Conflict, Unavailable


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fazhi", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0), *capfd.readouterr()

    return call


def passwords(text: str) -> list[str]:
    return re.findall(r"^FAZHI_(?:API_KEY|\w+_PASSWORD)=(.*)$", text, re.MULTILINE)


def test_the_file_is_private_and_its_passwords_are_random(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        code, said, _ = run("init", tmp_path)
    finally:
        os.umask(before)
    text = (tmp_path / ".env").read_text(encoding="utf-8")
    assert code == 0 and (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    found = passwords(text)
    assert len(found) == len(set(found)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{31}", password) for password in found)
    assert not set(found) & set(passwords(initial.make_environment("servers")))
    assert "docker compose up" in said and not any(password in said for password in found)
    assert "docker-compose.yml" in said  # it is not in this folder


def test_it_is_not_overwritten_unless_asked_and_then_kept(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("")
    assert run("init", tmp_path)[0] == 0
    first = (tmp_path / ".env").read_text(encoding="utf-8")
    code, _, told = run("init", tmp_path)
    assert code == 1 and "--force" in told
    assert (tmp_path / ".env").read_text(encoding="utf-8") == first
    code, said, _ = run("init", tmp_path, "--force")
    assert code == 0 and ".env.before-" in said
    assert not set(passwords(first)) & set(passwords((tmp_path / ".env").read_text(encoding="utf-8")))
    kept = next(tmp_path.glob(".env.before-*"))
    assert kept.read_text(encoding="utf-8") == first and kept.stat().st_mode & 0o777 == 0o600


def test_embedded_names_no_server(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    assert run("init", tmp_path, "--embedded")[0] == 0
    text = (tmp_path / ".env").read_text(encoding="utf-8")
    for name in ("COMPOSE_PROFILES", "FAZHI_ARCHIVE", "FAZHI_GRAPH", "FAZHI_TEXT"):
        assert f"\n{name}=\n" in text


def test_a_folder_that_is_not_there_and_a_link_in_the_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can't be written"):
        initial.write_environment(tmp_path / "nowhere", "servers")
    (tmp_path / ".env").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Conflict):
        initial.write_environment(tmp_path, "servers")
    assert not (tmp_path / "elsewhere").exists()


def test_a_password_is_never_taken_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["-starts-wrong", "-again", "Right"])
    monkeypatch.setattr(initial.secrets, "token_urlsafe", lambda size: next(given))
    assert initial._make_password() == "Right"
