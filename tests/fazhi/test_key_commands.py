"""`fazhi keys` and `fazhi log` as their users see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.keys import Actor, id_in
from fazhi import workspace
from fazhi.errors import Forbidden
from fazhi.serving import check_exposure
from fazhi.settings import load_settings

Runner = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def _user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "wang")


def test_a_key_is_shown_once_alone_on_the_standard_output(run: Runner) -> None:
    code, out, err = run("keys", "new", "李华", "--role", "editor")
    secret = out.strip()
    assert (code, out.count("\n")) == (0, 1)
    assert "only now" in err and secret not in err
    code, out, _ = run("keys", "list")
    assert code == 0 and "李华" in out and "editor" in out and "wang" in out and "never" in out and "1 key." in out
    assert secret not in out and secret.rpartition("_")[2] not in out
    assert id_in(secret.encode()) in out


def test_revoking_by_name_or_id_and_what_is_listed_then(run: Runner) -> None:
    first = json.loads(run("keys", "new", "li", "--json")[1])
    second = json.loads(run("keys", "new", "chen", "--role", "admin", "--json")[1])
    assert (first["role"], "digest" in first) == ("reader", False)
    assert run("keys", "revoke", "li")[:2] == (0, f"Key {first['id']} of li (reader) is revoked.\n")
    assert json.loads(run("keys", "revoke", second["id"], "--json")[1])["revoked_by"] == "wang"
    assert json.loads(run("keys", "list", "--json")[1]) == []
    assert {key["name"] for key in json.loads(run("keys", "list", "--all", "--json")[1])} == {"li", "chen"}
    code, _, err = run("keys", "revoke", "li")
    assert (code, "was revoked on" in err) == (1, True)
    code, _, err = run("keys", "revoke", "nobody")
    assert (code, "fazhi keys list" in err) == (1, True)


def test_wrong_use_is_said(run: Runner) -> None:
    assert run("keys", "new", "li", "--role", "owner")[0] == 2
    assert run("keys", "new", " ")[0] == 2
    run("keys", "new", "li")
    code, _, err = run("keys", "new", "li")
    assert (code, "is called li already" in err) == (1, True)


def test_the_log_shows_changes_of_keys_and_those_over_http(run: Runner, home: Path) -> None:
    id = json.loads(run("keys", "new", "li", "--role", "editor", "--json")[1])["id"]
    with workspace.open(home, mode="read") as space:
        number = space.archive.begin_entry(Actor(who="li", door="key", key=id), "POST /api/reviews")
    code, out, _ = run("log")
    assert code == 0 and f"new editor key {id} for li" in out and "command" in out and "2 entries." in out
    assert [entry["result"] for entry in json.loads(run("log", "--who", id, "--json")[1])] == [None]
    assert [entry["who"] for entry in json.loads(run("log", "--before", number, "--json")[1])] == ["wang"]
    assert "Older ones: --before" in run("log", "--limit", 1)[1]


def test_beyond_loopback_only_with_a_key_that_opens(run: Runner) -> None:
    elsewhere = load_settings(host="0.0.0.0")
    for _ in range(2):
        with pytest.raises(Forbidden, match="Without an API key"):
            check_exposure(elsewhere)
        run("keys", "new", "li")
        check_exposure(elsewhere)
        run("keys", "revoke", "li")


def test_without_data_there_is_nothing_to_list(run: Runner) -> None:
    code, _, err = run("keys", "list")
    assert (code, "There is no data" in err) == (1, True)
