"""Whether the words of a lab fit its scenes."""

import re
from collections.abc import Iterable, Iterator, Mapping

from server.lessons.format.asking import Ask, Choice, LineChoice, TypedNumber
from server.lessons.format.facts import check_fact
from server.lessons.format.instruments import CodeStart
from server.lessons.format.lesson import Lesson
from server.lessons.format.refusal import Wrong
from server.lessons.format.scene import Scene
from server.lessons.format.words import SceneWords, Words

# The beat that says what to do is read at a glance.
MOST_WORDS_TO_DO = 25
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_words(lesson: Lesson, words: Words) -> None:
    """Every scene has the words that it needs, and there are no others.

    Raises
    ------
    Wrong : otherwise.
    """
    scenes = {scene.id: scene for scene in lesson.scenes}
    _same("scenes", scenes.keys(), words.scenes.keys(), "scenes")
    lines = [line.id for listing in lesson.listings.values() for line in listing]
    for id, said in words.scenes.items():
        _check_scene(scenes[id], said, "scenes", id)
        to_bet_on = lines if isinstance(scenes[id].ask, LineChoice) else []
        _among("lines", to_bet_on, said.lines.keys(), "scenes", id, "lines")
    for place, text in _texts(words):
        for name in PLACEHOLDER.findall(text):
            try:
                check_fact(name)
            except ValueError as error:
                raise Wrong(str(error), *place) from None


def wrong_answers(ask: Ask) -> list[str]:
    """Ids of the answers that need words of their own when they are wrong."""
    if isinstance(ask, Choice | LineChoice):
        has_rounds = isinstance(ask, Choice) and ask.rounds
        return [option for option in ask.options if has_rounds or option != ask.right]
    if isinstance(ask, TypedNumber):
        return [*map(_spelled, ask.options), "any"]
    return [*ask.options]


def _check_scene(scene: Scene, said: SceneWords, *place: str) -> None:
    if (scene.ask is None) != (said.ask is None):
        raise Wrong("words to ask belong to a scene that asks, and only there", *place)
    if said.bet is not None and not isinstance(scene.ask, LineChoice):
        raise Wrong("words before a bet belong to a scene that asks for a bet on a line, and only there", *place, "bet")
    if said.ask is None and said.do is None:
        raise Wrong("the scene neither asks nor says what to do", *place)
    # Chinese has no spaces between words; there a count would say nothing.
    if said.do is not None and len(said.do.split()) > MOST_WORDS_TO_DO:
        raise Wrong(f"{len(said.do.split())} words are too many to do; the most is {MOST_WORDS_TO_DO}", *place, "do")
    answers = map(_spelled, said.wrong) if isinstance(scene.ask, TypedNumber) else said.wrong.keys()
    _same("wrong answers", wrong_answers(scene.ask) if scene.ask else [], answers, *place, "wrong")
    options = [] if scene.ask is None or isinstance(scene.ask, TypedNumber) else scene.ask.options
    chips = [] if scene.switch is None else [*scene.switch.values, *scene.switch.setups]
    variants = [] if scene.run is None else [*scene.run.variants]
    _among("options", options, said.options.keys(), *place, "options")
    start = scene.show.opened
    if isinstance(start, CodeStart):
        _same("switches and positions", _named(start.switches), said.switch.keys(), *place, "switch")
    else:
        _among("chips", chips, said.switch.keys(), *place, "switch")
    _among("variants", variants, said.variants.keys(), *place, "variants")


def _spelled(answer: float | str) -> str:
    """A typed answer, one text for each number: its words may stand under 2, 2.0, or 2e0. Of another word, the word."""
    try:
        # Python alone reads 1_000 as a number.
        number = float(str(answer).replace("_", "x"))
    except ValueError:
        return str(answer)
    return f"{number:.0f}" if number.is_integer() else repr(number)


def _named(switches: Mapping[str, list[str]]) -> set[str]:
    return {*switches, *(position for positions in switches.values() for position in positions)}


def _same(what: str, wanted: Iterable[str], found: Iterable[str], *place: str) -> None:
    missing, other = sorted({*wanted} - {*found}), sorted({*found} - {*wanted})
    if missing:
        raise Wrong(f"{what} without words: {', '.join(missing)}", *place)
    if other:
        raise Wrong(f"words for {what} that do not exist: {', '.join(other)}", *place, other[0])


def _among(what: str, wanted: Iterable[str], found: Iterable[str], *place: str) -> None:
    other = sorted({*found} - {*wanted})
    if other:
        raise Wrong(f"words for {what} that do not exist: {', '.join(other)}", *place, other[0])


def _texts(words: Words) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("title",), words.title
    yield ("question",), words.question
    yield from ((("say", at), text) for at, text in enumerate(words.say))
    yield ("limit",), words.limit or ""
    for id, said in words.scenes.items():
        for field, text in said.model_dump(exclude_none=True).items():
            if isinstance(text, str):
                yield ("scenes", id, field), text
            else:
                yield from ((("scenes", id, field, key), inner) for key, inner in text.items())
