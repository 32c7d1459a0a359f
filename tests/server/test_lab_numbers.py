"""Every number that a lab promises holds on the engine, through the API that its page asks."""

import httpx
import numpy as np
import pytest

from server.lessons.format.promises import When
from server.lessons.resolving import resolve
from tests.labs.evaluating import fact, holds
from tests.labs.measuring import Measuring
from tests.labs.reading import lessons, promises_of, scene_of, scenes

every_scene = pytest.mark.parametrize(("lab", "id"), scenes())


PROMISING = [(lab, id) for lab, id in scenes() if promises_of(scene_of(lab, id)[1])]


@every_scene
async def test_every_run_that_a_scene_can_begin_is_begun(client: httpx.AsyncClient, lab: str, id: str) -> None:
    resolved = resolve(*scene_of(lab, id))
    for recipe in (resolved.recipe, *resolved.chips.values()):
        answer = await client.post("/sessions", json=recipe)
        assert answer.status_code == 201, answer.text
    for body in resolved.traces.values():
        assert (await client.post("/trace", json=body)).status_code == 200


@pytest.mark.parametrize(("lab", "id"), PROMISING)
async def test_what_a_scene_promises_holds(client: httpx.AsyncClient, lab: str, id: str) -> None:
    lesson, scene = scene_of(lab, id)
    for when, expressions in promises_of(scene):
        facts = await Measuring(client, lesson, scene, when).facts(expressions)
        for expression in expressions:
            assert holds(expression, [facts]), (when, expression, fact(str(expression[1]), facts))


@every_scene
async def test_no_scene_is_done_when_it_opens(client: httpx.AsyncClient, lab: str, id: str) -> None:
    lesson, scene = scene_of(lab, id)
    facts = await Measuring(client, lesson, scene, When()).facts([scene.checkpoint])
    assert not holds(scene.checkpoint, [facts])


def test_every_lab_but_the_first_lesson_is_measured() -> None:
    assert [name for name in lessons() if name.startswith("0")] and PROMISING


async def test_the_slope_of_tanh_over_a_sigmoid_turns_three_signs(client: httpx.AsyncClient) -> None:
    """As the lab of the code says: of the twelve numbers that are wrong, three are so in their sign."""
    traces = resolve(*scene_of("05-code", "tanh")).traces
    wrong, right = [
        np.concatenate([np.ravel(layer[of]) for layer in answer["layers"][:-1] for of in ("dW", "db")])
        for answer in [
            (await client.post("/trace", json=traces[name])).json()
            for name in ("sigmoid_one_minus_square", "sigmoid_right")
        ]
    ]
    assert len(wrong) == 12 and (np.sign(wrong) != np.sign(right)).sum() == 3
