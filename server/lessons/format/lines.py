"""On which line of a JSON text each of its values stands."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Place = tuple[str | int, ...]
# A word of the text with its beginning: punctuation, a string, or any other value.
TOKEN = re.compile(r'[\[\]{}:,]|"(?:[^"\\]|\\.)*"|[^\s\[\]{}:,"]+')


def lines_of(text: str) -> dict[Place, int]:
    """Place -> line from 1, for a text that is JSON: {(): 1, ("scenes",): 4, ("scenes", 0): 5, ...}."""
    lines: dict[Place, int] = {}
    tokens = TOKEN.finditer(text)
    _value((), next(tokens), tokens, text, lines)
    return lines


def line_at(place: Place, lines: Mapping[Place, int]) -> int:
    """The line of a place, or of what it stands in; pydantic's names of alternatives in between do not count."""
    found: Place = ()
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
    place: Place, token: re.Match[str], tokens: Iterator[re.Match[str]], text: str, lines: dict[Place, int]
) -> None:
    lines.setdefault(place, text.count("\n", 0, token.start()) + 1)
    if token[0] == "[":
        _entries(place, tokens, text, lines)
    elif token[0] == "{":
        _fields(place, tokens, text, lines)


def _entries(place: Place, tokens: Iterator[re.Match[str]], text: str, lines: dict[Place, int]) -> None:
    at = 0
    for token in tokens:
        if token[0] == "]":
            return
        if token[0] != ",":
            _value((*place, at), token, tokens, text, lines)
            at += 1


def _fields(place: Place, tokens: Iterator[re.Match[str]], text: str, lines: dict[Place, int]) -> None:
    for token in tokens:
        if token[0] == "}":
            return
        if token[0] != ",":
            # The line of a field is that of its name.
            inner = (*place, token[0][1:-1])
            lines[inner] = text.count("\n", 0, token.start()) + 1
            next(tokens)
            _value(inner, next(tokens), tokens, text, lines)
