"""Code that a lab shows, run as it stands."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from server.lessons.format.instruments import CodeStart
from server.lessons.format.lesson import CodeLine, Lesson
from server.lessons.format.scene import Scene

Arrays = dict[str, npt.NDArray[np.float64]]


def positions_of(start: CodeStart) -> Iterator[dict[str, str]]:
    """Switch -> position, for every state of its switches."""
    for positions in product(*start.switches.values()):
        yield dict(zip(start.switches, positions, strict=True))


def lines_of(lesson: Lesson, start: CodeStart, positions: Mapping[str, str]) -> list[CodeLine]:
    listing = start.listing
    if not isinstance(listing, str):
        listing = next(name for position, name in listing.items() if position in positions.values())
    return lesson.listings[listing]


def text_of(line: CodeLine, positions: Mapping[str, str]) -> str:
    if isinstance(line.text, str):
        return line.text
    # Where no switch decides, the first of them is shown.
    return next(
        (text for position, text in line.text.items() if position in positions.values()), next(iter(line.text.values()))
    )


def run(lines: list[CodeLine], positions: Mapping[str, str], step: Mapping[str, Any]) -> Arrays:
    """All that the code has made, and what is left of its cache; arrays as the code has them, a column a sample.

    Parameters
    ----------
    step : every tensor of the forward pass, a row a sample.
    """
    tensors = {name: np.array(value, dtype=float) for name, value in step.items() if value is not None}
    cache = {f"A{layer}": tensors[f"a{layer}"].T.copy() for layer in (1, 2)} | {"A3": tensors["p"].T.copy()}
    cache |= {f"Z{layer}": tensors[f"z{layer}"].T.copy() for layer in (1, 2, 3)}
    names: dict[str, Any] = {
        "np": np,
        "c": cache,
        "X": tensors["x"].T,
        "y": tensors["y"].reshape(1, -1),
        "m": len(tensors["x"]),
        "mean": lambda dz: dz.mean(axis=1),
        "forward": positions.get("forward", "relu"),
        **{f"W{layer}": tensors[f"W{layer}"].T for layer in (1, 2, 3)},
    }
    for _ in range(2 if positions.get("call") == "second" else 1):
        for line in lines:
            exec(text_of(line, positions), names)
    return {**cache, **{name: value for name, value in names.items() if name.startswith("d")}}


def code_scenes(lessons: Mapping[str, Lesson]) -> list[tuple[str, str]]:
    """Scenes that show code: the folder of the lab, the id of the scene."""
    return [(name, scene.id) for name, lesson in lessons.items() for scene in lesson.scenes if shows_code(scene)]


def shows_code(scene: Scene) -> bool:
    return isinstance(scene.show.opened, CodeStart)
