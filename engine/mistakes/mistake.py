"""One entry of the catalogue of mistakes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.mistakes.lines import lines_of
from engine.primitives import Array
from engine.program import Program


@dataclass(frozen=True, slots=True)
class Variant:
    """A program with a mistake in it.

    Parameters
    ----------
    layers : where it is made; empty: it belongs to no layer.
    kind : which of several ways to make it, where there are several.
    """

    program: Program
    layers: tuple[int, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FreeNumber:
    """A number that a mistake leaves open, such as the rate of an update that comes too early.

    `engine.mistakes.fitting.fitted` finds it from submitted tensors.

    Parameters
    ----------
    name : of the program's 0-d input that holds it.
    """

    name: str
    default: float


@dataclass(frozen=True, slots=True)
class DataChange:
    """What a mistake changes of the batch.

    Parameters
    ----------
    makes_sense : whether a program's targets are such that it can be made.
    batches : (x, y) -> the batches that it can make of them, the one that is injected first.
    is_any_order : whether they are the same labels in every order there is.
    """

    makes_sense: Callable[[Program], bool]
    batches: Callable[[Array, Array], Iterator[tuple[Array, Array]]]
    is_any_order: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that people make in a backward pass of their own.

    Parameters
    ----------
    variants : program -> programs with the mistake, in all layers first, then in each one; none: it makes no sense.
    silent : whether training still looks fine.
    injectable : whether a run can have it.
    diagnosable : whether the numbers of one call, or of a few, show it.
    caught_by_gradient_check : whether the gradients differ from differences of the loss.
    seen_in : what gives it away: results; inputs, which are others after the call; or nothing but the slope at corners,
        where any is right.
    data, parameters : what it changes of the batch, and of the first parameters.
    carries : what it carries from step to step, as the end of the tensors' names behind that of their parameter.
    is_in_update : whether it is made in the update, so that a program that ends at the gradients cannot show it.
    overwrites : roles of the tensors that a careless operation writes into. What reads them later is changed in the
        program; where they are inputs, the caller finds them changed.
    needs_square : whether NumPy refuses it unless sizes agree that usually differ.
    number : what it leaves open.
    shown : the role of the tensor whose lines are shown; empty: the first that differs.
    lines : the wrong and the right line, where no operation of the program is wrong.
    false_alarm : a sentence about what looks like this mistake and is right.
    """

    id: str
    family: str
    title: str
    explanation: str
    variants: Callable[[Program], Iterable[Variant]]
    silent: bool = True
    injectable: bool = True
    diagnosable: bool = True
    caught_by_gradient_check: bool = True
    seen_in: Literal["results", "inputs", "corners"] = "results"
    data: DataChange | None = None
    parameters: Callable[[Mapping[str, Array]], dict[str, Array]] | None = None
    carries: tuple[str, ...] = ()
    is_in_update: bool = False
    overwrites: tuple[str, ...] = ()
    needs_square: bool = False
    number: FreeNumber | None = None
    shown: str = ""
    lines: tuple[str, str] | None = None
    false_alarm: str = ""

    def rewrite(self, program: Program) -> Program | None:
        """The program with the mistake wherever it is usually made; None: it makes no sense there.

        Where it is not made in the program (it changes the data, or the first parameters), the program itself.
        """
        return next((variant.program for variant in self.variants(program)), None)

    def applies(self, program: Program) -> bool:
        return self.rewrite(program) is not None

    def lines_in(self, right: Program, wrong: Program) -> tuple[str, str]:
        """The wrong line and the right one."""
        return self.lines or lines_of(right, wrong, self.shown)


def unchanged(program: Program) -> Iterator[Variant]:
    """The variants of a mistake that is not made in the program."""
    yield Variant(program)
