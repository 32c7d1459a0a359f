"""What a model can be made of, read off the engine's tables."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from engine.layers import values_of
from engine.model import DTYPES, REDUCTIONS
from engine.settings import Setting
from engine.targets import TargetKind
from engine.vocabulary import Vocabulary
from server.datasets.schemas import DatasetRequest
from server.models.schemas import HiddenLayer, Initializer, Model, Optimizer, OutputLayer
from server.sessions.schemas import SessionRequest
from server.settings import Settings

# Where every activation has shown what it is.
CURVE_END, CURVE_POINTS = 3.0, 49


class NumberChoice(BaseModel):
    """A number to choose; null where there is no limit."""

    name: str
    default: float
    minimum: float | None
    maximum: float | None
    above: float | None = Field(description="It must be larger than this.")
    below: float | None = Field(description="It must be smaller than this.")


class NamedChoice(BaseModel):
    """Something to choose by name, with the numbers that it takes."""

    name: str
    settings: list[NumberChoice]


class ActivationChoice(NamedChoice):
    """An activation of a hidden layer, with what a small picture of it needs."""

    curve: list[tuple[float, float]] = Field(description="(z, a) along its curve, its numbers at their defaults.")


class OutputChoice(NamedChoice):
    """An output activation with the losses that go with it."""

    losses: list[str]
    loss_settings: dict[str, list[NumberChoice]] = Field(description="Loss -> the numbers that it takes besides.")
    targets: dict[str, TargetKind] = Field(description="Loss -> what y means to it.")
    least_units: int = Field(description="Fewer output units than this have no meaning.")
    is_probability: bool = Field(description="Whether it tells a class; the others can learn a number.")


class Choices(BaseModel):
    """Every name that a model, an optimizer and an initializer may have. The first of each is the default."""

    activations: list[ActivationChoice] = Field(description="Of hidden layers.")
    outputs: list[OutputChoice]
    optimizers: list[NamedChoice]
    initializers: list[NamedChoice]
    reductions: list[str] = Field(description="From the losses of the samples to the loss of the batch.")
    dtypes: list[str]
    most_layers: int = Field(description="Most layers of a model on this server, output layer included.")
    defaults: dict[str, Any] = Field(
        description="What POST /sessions takes for what a request leaves out, in the form of a request; hidden_layer: "
        "what a layer of model.hidden leaves out."
    )


def choices_document(vocabulary: Vocabulary, settings: Settings) -> dict[str, Any]:
    """The tables of a vocabulary, and what a server allows."""
    return {
        "activations": [_activation(name, vocabulary) for name in vocabulary.activations],
        "outputs": [_output(name, vocabulary) for name in dict.fromkeys(name for name, _ in vocabulary.outputs)],
        "optimizers": [_choice(name, row.settings) for name, row in vocabulary.optimizers.items()],
        "initializers": [_choice(name, row.settings) for name, row in vocabulary.initializers.items()],
        "reductions": list(REDUCTIONS),
        "dtypes": list(DTYPES),
        "most_layers": settings.max_layers,
        "defaults": {
            **_defaults(SessionRequest),
            "model": {**_defaults(Model), "output": _defaults(OutputLayer)},
            "hidden_layer": _defaults(HiddenLayer),
            "initializer": _defaults(Initializer),
            "optimizer": _defaults(Optimizer),
            "dataset": _defaults(DatasetRequest),
        },
    }


def _defaults(schema: type[BaseModel]) -> dict[str, Any]:
    fields = schema.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}


def _choice(name: str, settings: Iterable[Setting]) -> dict[str, Any]:
    return {"name": name, "settings": [_number(setting) for setting in settings]}


def _activation(name: str, vocabulary: Vocabulary) -> dict[str, Any]:
    row = vocabulary.activations[name]
    z = np.linspace(-CURVE_END, CURVE_END, CURVE_POINTS)
    a = values_of(row, z, vocabulary.primitives)
    points = [(round(float(at), 3), round(float(value), 3)) for at, value in zip(z, a, strict=True)]
    return {**_choice(name, row.settings), "curve": points}


def _number(setting: Setting) -> dict[str, Any]:
    limits = {"minimum": setting.low, "maximum": setting.high, "above": setting.above, "below": setting.below}
    return {
        "name": setting.name,
        "default": setting.default,
        **{limit: value if isfinite(value) else None for limit, value in limits.items()},
    }


def _output(name: str, vocabulary: Vocabulary) -> dict[str, Any]:
    rows = {loss: row for (output, loss), row in vocabulary.outputs.items() if output == name}
    # Those of the activation go with every loss.
    shared = set.intersection(*(set(row.settings) for row in rows.values()))
    first = next(iter(rows.values()))
    return {
        **_choice(name, [setting for setting in first.settings if setting in shared]),
        "losses": list(rows),
        "loss_settings": {
            loss: [_number(setting) for setting in row.settings if setting not in shared] for loss, row in rows.items()
        },
        "targets": {loss: row.target.kind for loss, row in rows.items()},
        "least_units": max(row.least_units for row in rows.values()),
        "is_probability": all(row.tells_classes for row in rows.values()),
    }
