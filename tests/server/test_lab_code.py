"""The code that a lab shows makes the numbers that stand beside it, what it overwrites included."""

import httpx
import numpy as np
import pytest

from server.lessons.format.instruments import CodeStart
from server.lessons.format.promises import When
from tests.labs.listings import code_scenes, lines_of, positions_of, run
from tests.labs.measuring import Measuring
from tests.labs.reading import SHIPPED, lessons, scene_of

SCENES = [(lab, id) for lab, id in code_scenes(lessons()) if (SHIPPED / lab).is_dir()]
every_scene_with_code = pytest.mark.parametrize(("lab", "id"), SCENES)


def test_the_code_of_the_labs_is_found() -> None:
    assert {lab for lab, _ in SCENES} == {"05-code", "06-small"}


@every_scene_with_code
async def test_the_code_makes_the_gradients_of_the_step_on_show(client: httpx.AsyncClient, lab: str, id: str) -> None:
    lesson, scene = scene_of(lab, id)
    start = scene.show.opened
    assert isinstance(start, CodeStart)
    for positions in positions_of(start):
        name = "_".join(positions.values()) or start.trace
        measuring = Measuring(client, lesson, scene, When())
        body = measuring.resolved.traces[str(name)]
        shown = await measuring.beside(body)
        right = await measuring.beside(measuring.without_mistakes(body))
        made = run(lines_of(lesson, start, positions), positions, right)
        for layer in (1, 2, 3):
            np.testing.assert_allclose(made[f"dW{layer}"].T, shown[f"dW{layer}"], atol=1e-15, err_msg=f"{name}")
            np.testing.assert_allclose(made[f"db{layer}"], shown[f"db{layer}"], atol=1e-15, err_msg=f"{name}")


@every_scene_with_code
async def test_a_line_overwrites_what_its_listing_says(client: httpx.AsyncClient, lab: str, id: str) -> None:
    lesson, scene = scene_of(lab, id)
    start = scene.show.opened
    assert isinstance(start, CodeStart)
    measuring = Measuring(client, lesson, scene, When())
    for positions in positions_of(start):
        lines = lines_of(lesson, start, positions)
        body = next(iter(measuring.resolved.traces.values()))
        step = await measuring.beside(measuring.without_mistakes(body))
        made = run(lines, positions, step)
        # A function that makes a new array overwrites nothing.
        overwritten = (
            {} if positions.get("function") == "fresh" else {k: v for line in lines for k, v in line.overwrites.items()}
        )
        for layer in (1, 2):
            left = overwritten.get(f"a{layer}", f"a{layer}")
            np.testing.assert_array_equal(made[f"A{layer}"].T, step[left])
