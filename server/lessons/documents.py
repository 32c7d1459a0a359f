"""A file of a lab: read, and held against what it may say."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from server.lessons.format.lines import line_at, lines_of, repeated_in
from server.lessons.format.parts import Part
from server.lessons.format.refusal import Refused, Wrong

P = TypeVar("P", bound=Part)
# Several times the longest of ours.
MOST_BYTES = 1_000_000


class NoText(Exception):
    """A file that is not read, and why."""


def text_of(path: Path) -> str:
    """What a file says.

    Raises
    ------
    NoText : it has no end, may have none, or is too long.
    OSError, UnicodeDecodeError : it cannot be read.
    """
    # Of a pipe nobody knows when it says something, and a device says something for ever.
    if path.exists() and not path.is_file():
        raise NoText("it is no ordinary file")
    with path.open("rb") as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise NoText(f"it has more than {MOST_BYTES} bytes")
    return found.decode()


class Document:
    """One file of a lab.

    Raises
    ------
    Refused : it cannot be read, or is no JSON.
    """

    def __init__(self, path: Path, id: str | None = None) -> None:
        self.path = path
        self.id = id or path.parent.name
        try:
            self.text = text_of(path)
            self.content: Any = json.loads(self.text)
        except json.JSONDecodeError as error:
            raise self._refused(error.lineno, f"this is no JSON: {error.msg}") from None
        except (OSError, UnicodeDecodeError, NoText) as error:
            raise self._refused(1, f"the file cannot be read: {error}") from None
        except RecursionError:
            raise self._refused(1, "its values stand too deep inside one another") from None
        if (twice := repeated_in(self.text)) is not None:
            raise self._refused(twice.line, f"{twice.name!r} stands twice in one object")

    def read_as(self, kind: type[P]) -> P:
        """The file as a lesson, or as words.

        Raises
        ------
        Refused : it says something else.
        """
        try:
            return kind.model_validate(self.content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            # Said as it stands where we say it ourselves.
            reason = first["msg"].removeprefix("Value error, ")
            raise self.refused(Wrong(f"{_said(first['loc'])}{reason}", *first["loc"])) from None

    def refused(self, wrong: Wrong) -> Refused:
        return self._refused(line_at(wrong.place, lines_of(self.text)), wrong.reason)

    def _refused(self, line: int, reason: str) -> Refused:
        return Refused(self.id, f"{self.path.parent.name}/{self.path.name}", line, reason)


def _said(place: tuple[int | str, ...]) -> str:
    """ "right: ", for a field whose name an error does not tell."""
    named = [part for part in place if isinstance(part, str)]
    return f"{named[-1]}: " if named else ""
