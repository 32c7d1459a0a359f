"""What a text says."""

from dataclasses import dataclass, field

from server.doctor.reading.text.words import Note, Question
from server.doctor.reading.values.conventions import Layout
from server.doctor.reading.values.numbers import Array


@dataclass(frozen=True, slots=True)
class Tensor:
    """Numbers under the playground's name.

    Attributes
    ----------
    written : the name as it stands in the text
    """

    array: Array
    written: str
    line: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Numbers under a name that nobody knows."""

    written: str
    line: int
    array: Array | None


@dataclass(slots=True)
class Reading:
    """What a text says.

    Attributes
    ----------
    tensors : by the names of the playground, as they were written: columns stay columns
    questions : where two readings fit; what hangs on an answer is not among the tensors before it is given
    """

    tensors: dict[str, Tensor] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    layout: Layout | None = None
