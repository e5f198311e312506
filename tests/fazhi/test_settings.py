from __future__ import annotations

from pathlib import Path

import pytest

from fazhi.errors import Invalid
from fazhi.settings import Settings, load_settings


def test_settings_come_from_the_environment_and_arguments_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "environment"))
    monkeypatch.setenv("FAZHI_PORT", "9001")
    assert load_settings().home == tmp_path / "environment"
    assert load_settings(home=tmp_path / "argument", port=None).home == tmp_path / "argument"
    assert load_settings().port == 9001


def test_the_environment_is_read_when_settings_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_BATCH", "7")
    first = load_settings()
    monkeypatch.setenv("FAZHI_BATCH", "8")
    assert (first.batch, load_settings().batch) == (7, 8)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_API_KEY", "")
    assert load_settings().api_key is None


def test_a_wrong_setting_is_named_with_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_WORKERS", "many")
    with pytest.raises(Invalid, match="workers") as caught:
        load_settings()
    assert "FAZHI_WORKERS" in caught.value.cure


def test_the_key_does_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_API_KEY", "very-secret")
    assert "very-secret" not in repr(load_settings())


def test_every_setting_says_why_it_exists() -> None:
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").strip()] == []


def test_a_relative_home_stays_where_it_was_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(home="data")
    monkeypatch.chdir("/")
    assert settings.home == tmp_path / "data"


def test_credentials_in_the_text_engines_address_are_parted_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_TEXT", "https://joe:s3cret@search.example:9243/es")
    settings = load_settings()
    assert settings.text == "https://search.example:9243/es"
    access = settings.text_access
    assert (access.user, access.password and access.password.get_secret_value()) == ("joe", "s3cret")
    assert "s3cret" not in repr(settings) + str(settings) + repr(access)
    monkeypatch.setenv("FAZHI_TEXT_USER", "ann")
    assert (load_settings().text_access.user, load_settings().text_access.password) == ("ann", None)
    monkeypatch.setenv("FAZHI_TEXT", "http://joe:s3cret@:x")
    with pytest.raises(Invalid) as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)
