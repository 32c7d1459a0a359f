"""The words of the labs: every language says the same, and every wrong answer has feedback of its own."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[1] / "static"
LESSONS = STATIC / "lessons"
LABS = sorted(path.parent.name for path in LESSONS.glob("*/en.json"))

OTHERS = ("zh-Hans", "id", "ru")

every_lab = pytest.mark.parametrize("lab", LABS)
every_translation = pytest.mark.parametrize("language", OTHERS)
every_language = pytest.mark.parametrize("language", ("en", *OTHERS))

# Exponents, in every language with a raised point.
LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻·", "0123456789−.")
RAISED = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:·[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@cache
def words_of(lab: str, language: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads((LESSONS / lab / f"{language}.json").read_text(encoding="utf-8"))
    return words


@cache
def texts_of(lab: str, language: str) -> dict[str, str]:
    """Every text of a lab by its path, such as scenes.stop.wrong.0."""
    return dict(walk(words_of(lab, language), ""))


def walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(inner, f"{path}.{key}".lstrip("."))


def without_groups(text: str, language: str) -> str:
    """A text without its placeholders and without the marks between groups of three digits."""
    mark = {"id": ".", "ru": "\u00a0"}.get(language, ",")
    return re.sub(
        rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", lambda found: found[0].replace(mark, ""), PLACEHOLDER.sub("", text)
    )


def numbers_in(text: str, language: str) -> list[str]:
    """The numbers of a text, with a decimal point in every language; an exponent is a number of its own."""
    plain = RAISED.sub(lambda found: f" {found[0].translate(LOWERED)}", without_groups(text, language))
    return sorted(number.replace(",", ".") for number in re.findall(r"−?\d+(?:[.,]\d+)?", plain))


def test_the_labs_are_found() -> None:
    assert {"02-gate", "03-corner", "04-chain", "05-code", "06-small"} <= set(LABS)


@every_lab
@every_translation
def test_a_translation_has_every_text_and_no_other(lab: str, language: str) -> None:
    assert texts_of(lab, language).keys() == texts_of(lab, "en").keys()


@every_lab
@every_translation
def test_a_translation_has_the_same_placeholders_and_numbers(lab: str, language: str) -> None:
    other = texts_of(lab, language)
    for path, text in texts_of(lab, "en").items():
        assert sorted(PLACEHOLDER.findall(other[path])) == sorted(PLACEHOLDER.findall(text)), path
        assert numbers_in(other[path], language) == numbers_in(text, "en"), path


@every_lab
@every_translation
def test_a_number_has_the_decimal_mark_of_its_language(lab: str, language: str) -> None:
    foreign = re.compile(r"\d,\d" if language == "zh-Hans" else r"\d\.\d")
    found = {
        path: text for path, text in texts_of(lab, language).items() if foreign.search(without_groups(text, language))
    }
    assert found == {}


@every_lab
@pytest.mark.parametrize("language", ["id", "ru"])
def test_numbers_with_a_decimal_comma_are_listed_with_semicolons(lab: str, language: str) -> None:
    found = {path: text for path, text in texts_of(lab, language).items() if re.search(r"\d,\d+, [−\d]", text)}
    assert found == {}


@every_lab
@every_translation
def test_nothing_was_left_in_english(lab: str, language: str) -> None:
    english = texts_of(lab, "en")
    same = {path for path, text in texts_of(lab, language).items() if text == english[path] and len(text.split()) > 3}
    assert same == set()


@every_lab
@every_language
def test_a_quoted_name_stands_so_on_the_page(lab: str, language: str) -> None:
    page = json.loads((STATIC / "i18n" / f"{language}.json").read_text(encoding="utf-8")).values()
    quoted = [name for text in texts_of(lab, language).values() for name in re.findall(r"[“«]([^”»]*)[”»]", text)]
    assert [name for name in quoted if name not in page] == []


@every_lab
@every_language
def test_a_negative_number_has_a_minus_sign(lab: str, language: str) -> None:
    hyphens = {path for path, text in texts_of(lab, language).items() if re.search(r"(?<![\w.])-\d", text)}
    assert hyphens == set()


@every_lab
@every_language
def test_an_exponent_is_raised_and_so_is_its_decimal_point(lab: str, language: str) -> None:
    flat = {
        path for path, text in texts_of(lab, language).items() if re.search(r"\^|[⁰¹²³⁴⁵⁶⁷⁸⁹][.,][\d⁰¹²³⁴⁵⁶⁷⁸⁹]", text)
    }
    assert flat == set()


@every_language
def test_the_words_of_depth_have_the_exponents_of_its_picture(language: str) -> None:
    right = texts_of("04-chain", language)["scenes.deep.right"]
    exponents = [found[0].translate(LOWERED) for found in RAISED.finditer(right)]
    assert exponents == ["−4.5", "−8.7", "−38.6"]


@every_lab
@every_language
def test_what_is_told_asks_nothing(lab: str, language: str) -> None:
    told = {path: text for path, text in texts_of(lab, language).items() if re.search(r"\.(right|wrong)(\.|$)", path)}
    assert {path: text for path, text in told.items() if text.endswith(("?", "？"))} == {}


@every_lab
def test_what_is_told_holds_without_the_act(lab: str) -> None:
    """Skip leads to it, too: nothing is said to stand in a drawing that may show something else."""
    told = {path: text for path, text in texts_of(lab, "en").items() if re.search(r"\.(right|wrong)(\.|$)", path)}
    shown = r"\b(drawing|screen|panel|card|on show)\b"
    assert {path: text for path, text in told.items() if re.search(shown, text)} == {}


@every_lab
@every_language
def test_no_answer_is_labelled_with_the_letter_of_a_class(lab: str, language: str) -> None:
    answers = {path: text for path, text in texts_of(lab, language).items() if ".options." in path}
    assert {path: text for path, text in answers.items() if re.match(r"[A-DА-В]([.):]|$)", text)} == {}


@every_lab
@every_language
def test_no_two_answers_hear_the_same(lab: str, language: str) -> None:
    for id, scene in words_of(lab, language)["scenes"].items():
        heard = [scene["right"], *scene.get("wrong", {}).values()]
        assert len(set(heard)) == len(heard), id


@every_lab
def test_feedback_begins_with_what_is_true_in_the_answer(lab: str) -> None:
    wrong = {path: text for path, text in texts_of(lab, "en").items() if ".wrong." in path}
    assert {path: text for path, text in wrong.items() if re.match(r"(No|Not|Wrong|Sorry)\b", text)} == {}


@pytest.mark.parametrize("lab", [lab for lab in LABS if (LESSONS / lab / "lesson.json").exists()])
def test_an_answer_that_is_no_number_is_put_into_words(lab: str) -> None:
    lesson = json.loads((LESSONS / lab / "lesson.json").read_text(encoding="utf-8"))
    for scene in lesson["scenes"]:
        options = (scene.get("ask") or {}).get("options", [])
        wordy = {option for option in options if isinstance(option, str) and not re.fullmatch(r"-?\d+(\.\d+)?", option)}
        assert wordy <= words_of(lab, "en")["scenes"][scene["id"]].get("options", {}).keys(), scene["id"]


@every_lab
@every_language
def test_words_that_lead_somewhere_are_the_title_that_is_found_there(lab: str, language: str) -> None:
    page = json.loads((STATIC / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    titles = {f"small/{id}": scene["title"] for id, scene in words_of("06-small", language)["scenes"].items()}
    titles["doctor"] = page["doctor.title"]
    for text, to in re.findall(r"\[([^]]*)\]\(([^)]*)\)", words_of(lab, language).get("limit") or ""):
        assert text == titles[to]


@every_language
def test_the_hunt_speaks_of_gates_and_explains_the_words_of_the_catalogue_once(language: str) -> None:
    mask, logits = {"en": ("mask", "logit"), "zh-Hans": ("mask|掩码", "logit"), "id": ("mask", "logit")}.get(
        language, ("маск", "логит")
    )
    hunt = json.dumps([*words_of("05-code", language)["scenes"]["hunt"].values()], ensure_ascii=False)
    assert not re.search(rf"(?i)(?<![\w_])({mask})(?!_)|{logits}", hunt)
    page = json.loads((STATIC / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    assert re.search(rf"(?i){mask}.+{logits}", page["lab.another.ask"])


@every_lab
@every_language
def test_words_that_lead_somewhere_lead_to_a_scene_or_to_the_instrument_for_own_numbers(
    lab: str, language: str
) -> None:
    lessons = [json.loads(path.read_text(encoding="utf-8")) for path in LESSONS.glob("*/lesson.json")]
    known = {f"{lesson['id']}/{scene['id']}" for lesson in lessons for scene in lesson.get("scenes", [])} | {"doctor"}
    text = words_of(lab, language).get("limit") or ""
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert set(links) <= known
    assert bool(links) == (lab in {"02-gate", "03-corner", "05-code"})
