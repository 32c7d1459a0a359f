"""How often each gate is open, and how large what flows through each layer is, as JSON-able data."""

from math import isfinite
from typing import Any

from engine.metrics import layer_norms, rows_open
from engine.trace import Trace
from engine.training import Trainer
from server.http.json import number


def gates_document(trainer: Trainer, batch: Trace) -> dict[str, Any]:
    """For every unit with a gate the share of all rows to train on for which it lets a gradient through, and its fate.

    Parameters
    ----------
    batch : the step after those that were taken.
    """
    train, depth = trainer.run.train, trainer.run.model.depth
    names = {layer: trainer.program.named("mask", layer) for layer in range(1, depth + 1)}
    masks = {layer: name for layer, name in names.items() if name is not None}
    of_batch = {name: rows_open(batch[name])[0] for name in masks.values()}
    if trainer.sees_all_rows or not masks:
        of_all = of_batch
    else:
        of_all = {
            name: rows.sum(axis=0)
            for name, rows in trainer.look(train.x, dict.fromkeys(masks.values(), rows_open)).items()
        }
    return {
        "step": trainer.taken + 1,
        "rows": train.m,
        "layers": [
            {
                "layer": layer,
                "share_on": of_all[name] / train.m,
                "is_dead": of_all[name] == 0,
                "is_shut": of_batch[name] == 0,
            }
            for layer, name in masks.items()
        ],
    }


def norms_document(batch: Trace) -> list[dict[str, float | str | None]]:
    """How large weights, activations and gradients of each layer are, from the input upwards."""

    def shown(norm: float | None) -> float | str | None:
        return norm if norm is None or isfinite(norm) else number(norm)

    return [{name: shown(norm) for name, norm in norms._asdict().items()} for norms in layer_norms(batch)]
