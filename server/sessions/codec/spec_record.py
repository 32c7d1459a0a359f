"""A model and an optimizer as words of a record and back. The vocabulary is the server's, and in no record."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.model import LayerSpec, ModelSpec, OptimizerSpec
from engine.vocabulary import Vocabulary

# What a model consists of besides its layers; a record that was stored before one of them existed has none of it.
PLAIN = ("inputs", "outputs", "output_activation", "loss", "reduction", "l2", "bias", "dtype")


def model_words(model: ModelSpec) -> dict[str, Any]:
    """The model, name by name."""
    return {
        **{name: getattr(model, name) for name in PLAIN},
        "hidden": [asdict(layer) for layer in model.hidden],
        "output_settings": model.output_settings,
        "mistakes": model.mistakes,
    }


def model_of(words: Mapping[str, Any], vocabulary: Vocabulary) -> ModelSpec:
    """The model of these words."""
    return ModelSpec(
        hidden=tuple(
            LayerSpec(layer["units"], layer["activation"], _pairs(layer["settings"])) for layer in words["hidden"]
        ),
        output_settings=_pairs(words.get("output_settings", [])),
        mistakes=tuple(words.get("mistakes", [])),
        vocabulary=vocabulary,
        **{name: words[name] for name in PLAIN if name in words},
    )


def optimizer_words(optimizer: OptimizerSpec) -> dict[str, Any]:
    """The optimizer, name by name."""
    return {"name": optimizer.name, "settings": optimizer.settings}


def optimizer_of(words: Mapping[str, Any], vocabulary: Vocabulary) -> OptimizerSpec:
    """The optimizer of these words."""
    return OptimizerSpec(words["name"], _pairs(words["settings"]), vocabulary)


def _pairs(settings: list[list[Any]]) -> tuple[tuple[str, float], ...]:
    return tuple((name, value) for name, value in settings)
