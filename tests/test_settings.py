"""Settings: what is told, then the environment, then kutip.toml; wrong ones are named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from index.encoder import BUNDLED
from index.errors import KutipError


def toml(text: str) -> None:
    Path("kutip.toml").write_text(text)


def test_without_any_setting_all_is_local_and_bundled():
    settings = Settings.load()
    assert settings.encoder == BUNDLED
    assert settings.chroma is None
    assert settings.host == "127.0.0.1"
    assert settings.articles == Path("seeds")


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


def test_each_folder_of_articles_has_an_index_of_its_own():
    settings = Settings.load()
    places = [settings.place(folder).index for folder in ("a/berita", "b/berita", "/a/berita")]
    assert len(set(places)) == 3
    assert all(place.is_relative_to(settings.cache) for place in places)
    assert settings.place("a/berita").index == settings.place(Path("a/berita").resolve()).index


def test_settings_do_not_change_once_made():
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().port = 1
