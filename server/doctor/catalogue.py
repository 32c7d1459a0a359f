"""The documents behind GET /mistakes."""

from typing import Any

from engine.mistakes import Mistake
from engine.reach import Reach, reach_of
from engine.vocabulary import Vocabulary
from server.scheduling import MANY, Slices


class Catalogue:
    """The documents of all mistakes, made once and then kept."""

    def __init__(self, slices: Slices, vocabulary: Vocabulary) -> None:
        self._slices = slices
        self._vocabulary = vocabulary
        self._document: dict[str, Any] | None = None

    async def document(self) -> dict[str, Any]:
        """Every mistake; the first caller waits while each is tried on many models."""
        if self._document is None:
            # In a thread: it takes a second.
            self._document = await self._slices.run(MANY, self._rows)
        return self._document

    def _rows(self) -> dict[str, Any]:
        mistakes = self._vocabulary.mistakes.values()
        return {"mistakes": [_row(mistake, reach_of(mistake, self._vocabulary)) for mistake in mistakes]}


def _row(mistake: Mistake, reach: Reach) -> dict[str, Any]:
    return {
        "id": mistake.id,
        "title": mistake.title,
        "explanation": mistake.explanation,
        "wrong_line": reach.wrong_line,
        "right_line": reach.right_line,
        "silent": mistake.silent,
        "injectable": mistake.injectable,
        "diagnosable": mistake.diagnosable,
        "caught_by_gradient_check": mistake.caught_by_gradient_check,
        "models": _models(reach),
    }


def _models(reach: Reach) -> dict[str, Any]:
    return {
        "sizes": reach.sizes,
        "activations": list(reach.activations),
        "outputs": [{"activation": activation, "loss": loss} for activation, loss in reach.outputs],
        "reductions": list(reach.reductions),
        "optimizers": list(reach.optimizers),
        "needs": list(reach.needs),
    }
