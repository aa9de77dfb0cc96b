"""Settings: what is told, then the environment, then kutip.toml; wrong ones are named at once."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from assistant.settings import Settings
from index.encoder import BUNDLED
from index.errors import KutipError

KEY = "sk-rahasia"


def toml(text: str) -> None:
    Path("kutip.toml").write_text(text)


def test_without_any_setting_all_is_local_and_bundled():
    settings = Settings.load()
    assert settings.encoder == BUNDLED
    assert settings.chroma is None
    assert settings.host == "127.0.0.1"
    assert settings.articles == Path("seeds")
    assert (settings.model, settings.model_key) == (None, None)
    assert settings.model_url == "http://127.0.0.1:11434/v1"


def test_the_environment_goes_before_the_file_and_what_is_told_before_both(monkeypatch):
    toml('articles = "dari-berkas"\nencoder = "e"\nport = 1\n')
    monkeypatch.setenv("KUTIP_ARTICLES", "dari-lingkungan")
    settings = Settings.load()
    assert (settings.articles, settings.encoder, settings.port) == (Path("dari-lingkungan"), "e", 1)
    assert Settings(articles=Path("diberi")).articles == Path("diberi")
    assert settings.place("argumen").articles == Path("argumen")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('artikel = "x"', "artikel"),
        ("port = 70000", "port"),
        ('port = "banyak"', "port"),
        ('encoder = ""', "encoder"),
        ("articles = [1]", "articles"),
        ('model_url = "localhost:11434"', "model_url"),
        ('model_url = "ftp://localhost/v1"', "model_url"),
        ('model_url = "http://"', "model_url"),
        ('model_url = "http://[::1/v1"', "model_url"),
        ('model_url = "http://localhost:banyak/v1"', "model_url"),
        ("model_temperature = 2.1", "model_temperature"),
        ("model_temperature = nan", "model_temperature"),
        ("model_context = 1023", "model_context"),
        ("model_timeout = 0", "model_timeout"),
        ("model_timeout = nan", "model_timeout"),
        ("port = ", "kutip.toml"),
        ("\x00", "kutip.toml"),
    ],
)
def test_a_wrong_setting_in_the_file_is_named(text, named):
    toml(text)
    with pytest.raises(KutipError, match=named):
        Settings.load()


def test_a_wrong_variable_is_named(monkeypatch):
    monkeypatch.setenv("KUTIP_PORT", "-1")
    with pytest.raises(KutipError, match="port"):
        Settings.load()


def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("KUTIP_ARTICLES", "~/berita")
    settings = Settings.load()
    assert settings.articles == tmp_path / "berita"
    assert settings.place("~/lain", "~/indeks").articles == tmp_path / "lain"
    assert settings.place("~/lain", "~/indeks").index == tmp_path / "indeks"


def test_only_the_caches_own_index_is_unnamed():
    settings = Settings.load()
    assert settings.place("berita").unnamed
    assert not settings.place("berita", "indeks").unnamed
    assert not settings.model_copy(update={"index": Path("indeks")}).place("berita").unnamed
    assert not settings.model_copy(update={"chroma": "http://127.0.0.1:8000"}).place("b").unnamed


def test_each_folder_of_articles_has_an_index_of_its_own():
    settings = Settings.load()
    places = [settings.place(folder).index for folder in ("a/berita", "b/berita", "/a/berita")]
    assert len(set(places)) == 3
    assert all(place.is_relative_to(settings.cache) for place in places)
    assert settings.place("a/berita").index == settings.place(Path("a/berita").resolve()).index


def test_settings_do_not_change_once_made():
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().port = 1


def test_a_model_is_set_up_by_variables(monkeypatch):
    monkeypatch.setenv("KUTIP_MODEL", "qwen3:4b")
    monkeypatch.setenv("KUTIP_MODEL_URL", "https://model.example/v1")
    monkeypatch.setenv("KUTIP_MODEL_KEY", f" {KEY}\n")
    monkeypatch.setenv("KUTIP_MODEL_TEMPERATURE", "0.5")
    monkeypatch.setenv("KUTIP_MODEL_CONTEXT", "8192")
    monkeypatch.setenv("KUTIP_MODEL_TIMEOUT", "2.5")
    settings = Settings.load()
    assert (settings.model, settings.model_url) == ("qwen3:4b", "https://model.example/v1")
    assert settings.model_key is not None
    assert settings.model_key.get_secret_value() == KEY
    assert (settings.model_temperature, settings.model_context) == (0.5, 8192)
    assert settings.model_timeout == 2.5


def test_an_empty_variable_takes_back_the_model_of_the_file(monkeypatch):
    toml(f'model = "qwen3:4b"\nmodel_key = "{KEY}"\n')
    monkeypatch.setenv("KUTIP_MODEL", "")
    monkeypatch.setenv("KUTIP_MODEL_KEY", "")
    settings = Settings.load()
    assert (settings.model, settings.model_key) == (None, None)


def test_the_key_is_never_shown():
    toml(f'model_key = "{KEY}"')
    settings = Settings.load()
    assert (
        KEY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    )


@pytest.mark.parametrize(
    "text",
    [
        f'model_key = "{KEY} lain"',
        f'model_key = "{KEY}é"',
        f'model_key = ["{KEY}"]',
        f'model_keys = "{KEY}"',
        f'model_key = "{KEY}"\nport = -1',
        f'model_url = "https://saya:{KEY}@model.example/v1"',
        f'model_url = "https://model.example/v1?key={KEY}"',
        f'model_url = "https://model.example:{KEY}/v1"',
        f'model_key = "{KEY}',
    ],
)
def test_an_error_does_not_show_the_key(text):
    toml(text)
    with pytest.raises(KutipError) as raised:
        Settings.load()
    shown = "".join(traceback.format_exception(raised.value))
    assert KEY not in shown
