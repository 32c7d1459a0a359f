"""What a suspect would have given for a case."""

from collections.abc import Mapping, Sequence

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case
from engine.doctor.chain import Chain
from engine.doctor.suspects import Suspect, Suspects, given_of
from engine.primitives import Array
from engine.program import Program


def predicted(
    bench: Bench,
    suspects: Suspects,
    case: Case,
    suspect: Suspect,
    names: Sequence[str],
    numbers: Mapping[str, object] | None = None,
    slope: float | None = None,
) -> dict[str, Array] | None:
    """These tensors from the case alone; None where NumPy refuses the suspect or a name cannot be computed.

    Parameters
    ----------
    numbers : in the place of what the suspect leaves open, or has carried over.
    slope : at the corners.
    """
    made = _made(suspects, case, suspect, names, numbers, slope)
    if made is None:
        return None
    program, given = made
    try:
        return bench.run(program, case, names, given)
    except ValueError:
        # NumPy refuses shapes that only some numbers of samples stretch onto each other.
        return None


def predicted_stepwise(
    bench: Bench,
    suspects: Suspects,
    answer: Answer,
    suspect: Suspect,
    names: Sequence[str],
    numbers: Mapping[str, object] | None = None,
    slope: float | None = None,
) -> Chain | None:
    """The same from what was sent before each of them."""
    made = _made(suspects, answer.case, suspect, names, numbers, slope)
    if made is None:
        return None
    program, given = made
    chain = Chain(bench, program, answer, given, names)
    try:
        return chain if chain.own else None
    except ValueError:
        return None


def _made(
    suspects: Suspects,
    case: Case,
    suspect: Suspect,
    names: Sequence[str],
    numbers: Mapping[str, object] | None,
    slope: float | None,
) -> tuple[Program, dict[str, object]] | None:
    program = suspects.program(case.program, suspect)
    if program is None or any(name not in program.tensors for name in names):
        return None
    given = given_of(program, case, suspect)
    if given is None:
        return None
    if slope is not None:
        given |= {tensor.name: slope for tensor in program.with_role("derivative_at_zero")}
    return program, {**given, **(numbers or {})}
