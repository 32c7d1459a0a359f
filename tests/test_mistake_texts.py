"""Every mistake has a title and an explanation in every language of the page."""

import json
from pathlib import Path

import pytest

from engine.mistakes import MISTAKES

LANGUAGES = sorted((Path(__file__).parents[1] / "static" / "i18n").glob("*.json"))
every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)


def words_of(language: Path) -> dict[str, str]:
    texts = json.loads(language.read_text(encoding="utf-8"))
    return {key: text for key, text in texts.items() if key.startswith("mistake.")}


@every_language
def test_every_mistake_has_both_texts_and_no_text_is_left_over(language: Path) -> None:
    wanted = {f"mistake.{id}.{part}" for id in MISTAKES for part in ("title", "about")}
    assert set(words_of(language)) == wanted


@every_language
def test_no_two_mistakes_have_the_same_title(language: Path) -> None:
    titles = [text for key, text in words_of(language).items() if key.endswith(".title")]
    assert len(set(titles)) == len(titles)


@every_language
def test_every_explanation_is_a_sentence(language: Path) -> None:
    texts = [text for key, text in words_of(language).items() if key.endswith(".about")]
    assert [text for text in texts if text[-1] not in ".。"] == []


def test_page_says_in_english_what_the_catalogue_says() -> None:
    english = words_of(next(path for path in LANGUAGES if path.stem == "en"))
    for id, mistake in MISTAKES.items():
        assert english[f"mistake.{id}.title"] == mistake.title
        assert english[f"mistake.{id}.about"] == mistake.explanation
