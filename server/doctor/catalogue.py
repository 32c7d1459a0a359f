"""The documents behind GET /mistakes."""

from typing import Any

from engine.mistakes import MISTAKES, Mistake
from engine.mistakes.reach import Reach, reach_of
from server.settings import Settings
from server.slices import Slices


class Catalogue:
    """The documents of all mistakes, made once and then kept."""

    def __init__(self, settings: Settings, slices: Slices) -> None:
        self._settings = settings
        self._slices = slices
        self._document: dict[str, Any] | None = None

    async def document(self) -> dict[str, Any]:
        """Every mistake; the first caller waits while each is tried on many models."""
        if self._document is None:
            # In a thread: it takes a second.
            self._document = await self._slices.run(self._settings.inline_values + 1, _catalogue)
        return self._document


def _catalogue() -> dict[str, Any]:
    return {"mistakes": [_row(mistake) for mistake in MISTAKES.values()]}


def _row(mistake: Mistake) -> dict[str, Any]:
    reach = reach_of(mistake)
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
