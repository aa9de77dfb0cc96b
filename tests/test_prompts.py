"""Every text in both languages, with the same variables, and values that are never templates."""

from __future__ import annotations

from pathlib import Path
from string import Template

import pytest

import prompts

FOLDER = Path(prompts.__file__).parent
NAMES = sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.txt")})


def variables(language: str, name: str) -> list[str]:
    return sorted(
        Template((FOLDER / f"{name}.{language}.txt").read_text("utf-8")).get_identifiers()
    )


@pytest.mark.parametrize("name", NAMES)
def test_each_text_exists_in_both_languages_with_the_same_variables(name):
    assert variables("id", name) == variables("en", name)
    for language in ("id", "en"):
        assert (FOLDER / f"{name}.{language}.txt").read_text("utf-8").strip()


@pytest.mark.parametrize("name", NAMES)
def test_each_text_can_be_filled_in(name):
    for language in ("id", "en"):
        values = {variable: f"nilai {variable}" for variable in variables(language, name)}
        filled = prompts.text(name, language, **values)
        assert all(value in filled for value in values.values())


def test_a_value_is_never_read_as_a_template():
    filled = prompts.text("quote", "id", sentence="Harganya $5, ${file} $$ {0} %s", markers="[1]")
    assert "Harganya $5, ${file} $$ {0} %s" in filled


def test_a_missing_value_and_one_too_many_are_errors():
    with pytest.raises(KeyError):
        prompts.text("quote", "id", markers="[1]")
    with pytest.raises(TypeError, match="lebih"):
        prompts.text("refusal", "id", lebih="x")


@pytest.mark.parametrize("name", ["../id/quote", "tidak-ada"])
def test_a_text_that_does_not_exist_is_an_error(name):
    with pytest.raises((OSError, ValueError, TypeError, KeyError)):
        prompts.text(name, "fr")
