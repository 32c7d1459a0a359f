"""What a model can be made of, read off the engine's tables."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

from pydantic import BaseModel, Field

from engine.errors import EngineError
from engine.initializers import NAMES as INITIALIZERS
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.metrics import ACCURACIES
from engine.model import DTYPES, REDUCTIONS, ModelSpec
from engine.optimizers import OPTIMIZERS
from engine.settings import Setting
from server.schemas.model import Initializer


class NumberChoice(BaseModel):
    """A number to choose; null where there is no limit."""

    name: str
    default: float
    minimum: float | None
    maximum: float | None
    below: float | None = Field(description="It must be smaller than this.")


class Choice(BaseModel):
    """Something to choose by name, with the numbers that it takes."""

    name: str
    settings: list[NumberChoice]


class OutputChoice(Choice):
    """An output activation with the losses that go with it."""

    losses: list[str]
    least_units: int = Field(description="Fewer output units than this have no meaning.")
    is_probability: bool = Field(description="Whether it tells a class; the others can learn a number.")


class Choices(BaseModel):
    """Every name that a model, an optimizer and an initializer may have. The first of each is the default."""

    activations: list[Choice] = Field(description="Of hidden layers.")
    outputs: list[OutputChoice]
    optimizers: list[Choice]
    initializers: list[Choice]
    reductions: list[str] = Field(description="From the losses of the samples to the loss of the batch.")
    dtypes: list[str]


def choices_document() -> dict[str, Any]:
    """The tables as they are now: what is registered later appears too."""
    return {
        "activations": [_choice(name, activation.settings) for name, activation in ACTIVATIONS.items()],
        "outputs": [_output(name) for name in dict.fromkeys(name for name, _ in OUTPUTS)],
        "optimizers": [_choice(name, optimizer.settings) for name, optimizer in OPTIMIZERS.items()],
        "initializers": [_choice(name, _INITIALIZER_SETTINGS.get(name, ())) for name in INITIALIZERS],
        "reductions": list(REDUCTIONS),
        "dtypes": list(DTYPES),
    }


def _choice(name: str, settings: Iterable[Setting]) -> dict[str, Any]:
    return {"name": name, "settings": [_number(setting) for setting in settings]}


def _number(setting: Setting) -> dict[str, Any]:
    limits = {"minimum": setting.low, "maximum": setting.high, "below": setting.below}
    return {
        "name": setting.name,
        "default": setting.default,
        **{limit: value if isfinite(value) else None for limit, value in limits.items()},
    }


def _output(name: str) -> dict[str, Any]:
    losses = [loss for output, loss in OUTPUTS if output == name]
    settings = ACTIVATIONS[name].settings if name in ACTIVATIONS else ()
    return {
        **_choice(name, settings),
        "losses": losses,
        "least_units": _least_units(name, losses[0]),
        "is_probability": name in ACCURACIES,
    }


def _least_units(output: str, loss: str) -> int:
    """1, unless the engine refuses that."""
    try:
        ModelSpec(1, (), 1, output, loss)
    except EngineError:
        return 2
    return 1


def _default_of(field: str) -> float:
    default: float = Initializer.model_fields[field].default
    return default


_INITIALIZER_SETTINGS = {
    "normal": (Setting("std", _default_of("std"), low=0),),
    "constant": (Setting("value", _default_of("value")),),
}
