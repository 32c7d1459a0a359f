"""On which line of a JSON text each of its values stands."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

JsonPath = tuple[str | int, ...]
# A word of the text with its beginning: punctuation, a string, or any other value.
TOKEN = re.compile(r'[\[\]{}:,]|"(?:[^"\\]|\\.)*"|[^\s\[\]{}:,"]+')


def lines_of(text: str) -> dict[JsonPath, int]:
    """JsonPath -> line from 1, for a text that is JSON: {(): 1, ("scenes",): 4, ("scenes", 0): 5, ...}."""
    lines: dict[JsonPath, int] = {}
    tokens = TOKEN.finditer(text)
    _value((), next(tokens), tokens, text, lines)
    return lines


def line_at(place: JsonPath, lines: Mapping[JsonPath, int]) -> int:
    """The line of a place, or of what it stands in; pydantic's names of alternatives in between do not count."""
    found: JsonPath = ()
    for part in place:
        if (*found, part) in lines:
            found = (*found, part)
    return lines.get(found, 1)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A name that stands in an object for the second time."""

    name: str
    line: int


def repeated_in(text: str) -> Repeated | None:
    """The first name of a text that is JSON which its object has already."""
    objects: list[set[str]] = []
    before = ""
    for token in TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                objects.append(set())
            case "}" | "]":
                objects.pop()
            case ":":
                name = json.loads(before)
                if name in objects[-1]:
                    return Repeated(name, text.count("\n", 0, token.start()) + 1)
                objects[-1].add(name)
        before = token[0]
    return None


def _value(
    place: JsonPath, token: re.Match[str], tokens: Iterator[re.Match[str]], text: str, lines: dict[JsonPath, int]
) -> None:
    lines.setdefault(place, text.count("\n", 0, token.start()) + 1)
    if token[0] == "[":
        _entries(place, tokens, text, lines)
    elif token[0] == "{":
        _fields(place, tokens, text, lines)


def _entries(place: JsonPath, tokens: Iterator[re.Match[str]], text: str, lines: dict[JsonPath, int]) -> None:
    at = 0
    for token in tokens:
        if token[0] == "]":
            return
        if token[0] != ",":
            _value((*place, at), token, tokens, text, lines)
            at += 1


def _fields(place: JsonPath, tokens: Iterator[re.Match[str]], text: str, lines: dict[JsonPath, int]) -> None:
    for token in tokens:
        if token[0] == "}":
            return
        if token[0] != ",":
            # The line of a field is that of its name.
            inner = (*place, token[0][1:-1])
            lines[inner] = text.count("\n", 0, token.start()) + 1
            next(tokens)
            _value(inner, next(tokens), tokens, text, lines)
