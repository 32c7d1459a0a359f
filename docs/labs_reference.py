"""Writes the reference in docs/LABS.md from server/lessons/: `python -m docs.labs_reference`."""

import json
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from server.lessons.format import asking, instruments, lesson, parts, promises, scene, words
from server.lessons.format.facts import FACTS

PAGE = Path(__file__).parent / "LABS.md"
REFERENCE = re.compile(r"(?<=<!-- reference -->\n).*?(?=<!-- end of reference -->)", re.DOTALL)

# Heading -> the parts below it, in the order in which an author meets them.
FILES: dict[str, list[type[BaseModel]]] = {
    "lesson.json": [
        lesson.Lesson,
        scene.Scene,
        scene.Changed,
        scene.Show,
        scene.At,
        scene.TraceOf,
        parts.Cell,
        scene.Switch,
        scene.Run,
        lesson.CodeLine,
    ],
    "Questions: `ask`": [
        asking.Choice,
        asking.ManyChoice,
        asking.TypedNumber,
        asking.TypedNumbers,
        asking.LineChoice,
        asking.Round,
    ],
    "Instruments: `show.stage` and `show.with`": [*instruments.STARTS.values()],
    "Promised numbers: `expect`": [
        promises.Promise,
        promises.When,
        promises.NudgeOf,
        promises.ExchangeOf,
        promises.LineOf,
    ],
    "<language>.json": [words.Words, words.SceneWords],
}


def reference() -> str:
    return "".join((*_files(), "\n### Facts\n\n| fact | what it says |\n|---|---|\n", *_facts(), "\n"))


def _files() -> Iterator[str]:
    for heading, models in FILES.items():
        yield f"\n### {heading}\n"
        for model in models:
            name = _name(model)
            yield f"\n**{name}**: {_line(model.__doc__)}\n"
            if model.model_fields:
                yield "\n| field | is | meaning |\n|---|---|---|\n"
                yield from (_row(field.alias or at, field) for at, field in model.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {_kind(field)} | {_line(field.description)} |\n"


def _kind(field: FieldInfo) -> str:
    kind = _type(field.annotation)
    if field.is_required():
        return kind
    default = field.get_default(call_default_factory=True, validated_data={})
    if default is None or default in ({}, []) or isinstance(default, BaseModel):
        return f"{kind}, may be left out"
    return f"{kind}; `{json.dumps(default)}`"


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inner[0])
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(each) for each in inner if each is not type(None)))
    if origin is Literal:
        return " or ".join(f'`"{each}"`' for each in inner)
    if origin is list:
        return "list of any" if inner[0] is Any else f"list: {_type(inner[0])}"
    if origin is dict:
        return f"object: {_type(inner[0])} -> {_type(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _name(annotation)
    return {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "any"}.get(annotation, "any")


def _name(model: type[BaseModel]) -> str:
    """CodeLine -> code line; the beginning of an instrument is called as the instrument."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__.removesuffix("Start")).lower()


def _facts() -> Iterator[str]:
    for name, meaning in FACTS.items():
        yield f"| `{name}` | {_line(meaning)} |\n"


def _line(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "&#124;")


def main() -> None:
    PAGE.write_text(REFERENCE.sub(lambda _: reference(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
