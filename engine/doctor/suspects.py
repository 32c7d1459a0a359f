"""Who may have done it: every mistake of the catalogue as it can be made, alone or with another one."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from engine.doctor.case import Case
from engine.mistakes import MISTAKES, Mistake, values_of
from engine.primitives import Array
from engine.program import Program

K = TypeVar("K")
V = TypeVar("V")
# Batches of a mistake in the data; whether any further one fits is asked only where nothing else does.
FIRST_BATCHES = 2
# What is kept makes pauses of the garbage collector longer: about 8 ms for each model with its 200 programs.
MOST_PROGRAMS = 1_000


@dataclass(frozen=True, slots=True)
class Made:
    """A mistake as it is made.

    Parameters
    ----------
    layers, kind : where, and which of several ways; see `engine.mistakes.Variant`.
    batch : which of the batches that it can make of one.
    """

    mistake: Mistake
    layers: tuple[int, ...] = ()
    kind: str = ""
    batch: int = 0

    def __hash__(self) -> int:
        # Not of all fields of the mistake: it is asked for in every look-up.
        return hash((self.mistake.id, self.layers, self.kind, self.batch))

    @property
    def id(self) -> str:
        return self.mistake.id


Suspect = tuple[Made, ...]


def ids_of(suspect: Suspect) -> tuple[str, ...]:
    return tuple(sorted({made.id for made in suspect}))


class Suspects:
    """Programs with mistakes in them, built once and kept.

    Parameters
    ----------
    mistakes : id -> row of the catalogue.
    """

    def __init__(self, mistakes: Mapping[str, Mistake] = MISTAKES, most: int = MOST_PROGRAMS) -> None:
        self.mistakes = mistakes
        self._most = most
        self._variants: OrderedDict[tuple[Program, str], Mapping[Made, Program]] = OrderedDict()

    def singles(self, program: Program) -> list[Suspect]:
        """Every mistake that numbers can show, as it can be made in this program, the most frequent first."""
        return [suspect for mistake in self.mistakes.values() for suspect in self.singles_of(program, mistake)]

    def singles_of(self, program: Program, mistake: Mistake) -> Iterator[Suspect]:
        """One mistake as it can be made in this program, if numbers can show it."""
        if not mistake.diagnosable or mistake.seen_in != "results":
            return
        for made in self.variants(program, mistake):
            for batch in range(1 if mistake.data is None else FIRST_BATCHES):
                yield (replace(made, batch=batch),)

    def orders(self) -> list[Suspect]:
        """The labels in any order."""
        rows = self.mistakes.values()
        return [(Made(mistake),) for mistake in rows if mistake.data is not None and mistake.data.is_any_order]

    def of_inputs(self) -> list[Mistake]:
        """Those that inputs give away which are others after the call."""
        return [mistake for mistake in self.mistakes.values() if mistake.seen_in == "inputs"]

    def variants(self, program: Program, mistake: Mistake) -> Mapping[Made, Program]:
        """The ways to make a mistake in a program, and what it then is."""
        key = (program, mistake.id)
        return _kept(self._variants, key, lambda: _variants(program, mistake), self._most)

    def program(self, right: Program, suspect: Suspect) -> Program | None:
        """The program with these mistakes; where one makes no sense it is not made.

        None: NumPy refuses it there, or the first has taken away what the second changes.
        """
        program = right
        for made in suspect:
            way = replace(made, batch=0) if made.batch else made
            variant = self.variants(program, made.mistake).get(way)
            has_no_place = variant is None and way in self.variants(right, made.mistake)
            if has_no_place or (variant is None and made.mistake.needs_square):
                return None
            program = variant or program
        return program


def _variants(program: Program, mistake: Mistake) -> dict[Made, Program]:
    try:
        return {Made(mistake, each.layers, each.kind): each.program for each in mistake.variants(program)}
    except (AssertionError, KeyError, RuntimeError):
        # Another mistake in this program has taken away what this one looks for.
        return {}


def given_of(program: Program, case: Case, suspect: Suspect) -> dict[str, object] | None:
    """What these mistakes change of a case's numbers, in a first call; None: they cannot be made of its rows."""
    given: dict[str, object] = dict(values_of(program, case.batch.m))
    x, y = case.batch.x, case.batch.y
    for made in suspect:
        if made.mistake.carries:
            given |= {tensor.name: 0.0 for tensor in program.with_role("state")}
        if made.mistake.parameters is not None:
            given |= made.mistake.parameters(case.parameters)
        if made.mistake.data is not None:
            is_unchanged = x is case.batch.x and y is case.batch.y
            # Most suspects are the first to change the data, so those batches are remembered.
            changed = _batch_of(case, made) if is_unchanged else _batch_made(made, x, y)
            if changed is None:
                return None
            x, y = changed
            given |= {"x": x, "y": y}
    return given


@lru_cache(maxsize=64)
def _batch_of(case: Case, made: Made) -> tuple[Array, Array] | None:
    return _batch_made(made, case.batch.x, case.batch.y)


def _batch_made(made: Made, x: Array, y: Array) -> tuple[Array, Array] | None:
    """The batch that a mistake in the data makes of another one; None: it can make no such batch."""
    assert made.mistake.data is not None
    return next(islice(made.mistake.data.batches(x, y), made.batch, None), None)


def batches_of(case: Case, made: Made, y: Array) -> Iterator[Array]:
    """Every y that a mistake in the data can make of this one."""
    data = made.mistake.data
    assert data is not None
    return (other for _, other in data.batches(case.batch.x, y))


def _kept(table: "OrderedDict[K, V]", key: K, make: Callable[[], V], most: int) -> V:
    """What is in the table, or is made and put there; what was not asked for longest goes."""
    if key in table:
        table.move_to_end(key)
        return table[key]
    table[key] = value = make()
    while len(table) > most:
        table.popitem(last=False)
    return value
