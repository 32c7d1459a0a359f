"""A run with mistakes in it: its program, its batches and its first parameters."""

from collections.abc import Mapping

from engine.batch import Batch
from engine.errors import EngineError
from engine.primitives import Array
from engine.program import Program
from engine.spec import ModelSpec


def mistaken_program(program: Program, model: ModelSpec) -> Program:
    """The program with the model's mistakes, one after the other.

    Raises
    ------
    EngineError : a model that cannot have one of them, or not after those before it.
    """
    for id in model.mistakes:
        mistake = model.vocabulary.mistakes[id]
        if mistake.is_in_update and not program.replacements:
            continue
        changed = mistake.rewrite(program)
        if changed is None:
            raise EngineError(
                "mistake_makes_no_sense",
                f"This model cannot have the mistake {id}: nothing in its step could be done wrong in this way. "
                "GET /mistakes says which models can have it.",
                field="model.mistakes",
                found=id,
            )
        program = changed
    return program


def mistaken_batch(batch: Batch, model: ModelSpec) -> Batch:
    """What the model's mistakes make of the rows to train on."""
    for id in model.mistakes:
        change = model.vocabulary.mistakes[id].data
        if change is not None:
            # Where all labels are equal they cannot be mixed up.
            batch = Batch(*next(change.batches(batch.x, batch.y), (batch.x, batch.y)))
    return batch


def changes_rows(model: ModelSpec) -> bool:
    """Whether a mistake of the model changes the rows to train on."""
    return any(model.vocabulary.mistakes[id].data is not None for id in model.mistakes)


def mistaken_parameters(parameters: Mapping[str, Array], model: ModelSpec) -> dict[str, Array]:
    """What the model's mistakes make of the first parameters."""
    parameters = dict(parameters)
    for id in model.mistakes:
        change = model.vocabulary.mistakes[id].parameters
        if change is not None:
            parameters = change(parameters)
    return parameters
