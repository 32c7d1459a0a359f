"""What a lab brings along, so that nobody has to ask for it: programs, functions, mistakes that a check finds."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.lessons.cases import SEEN
from tests.labs.reading import lessons

PLOT = Path(__file__).parents[2] / "static" / "js" / "draw" / "line-plot.js"
LABS = [name.partition("-")[2] for name in lessons()]


async def document_of(client: httpx.AsyncClient, lab: str) -> dict[str, Any]:
    answer = await client.get(f"/labs/{lab}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def gradients_of(client: httpx.AsyncClient, body: dict[str, Any], *mistakes: str) -> dict[str, list[float]]:
    """Every gradient as one list, from the first layer upwards."""
    answer = await client.post("/trace", json={**body, "model": {**body["model"], "mistakes": mistakes}})
    assert answer.status_code == 200, answer.text
    return {
        f"d{name}{layer['index']}": flat(layer[f"d{name}"]) for layer in answer.json()["layers"] for name in ("W", "b")
    }


def flat(values: Any) -> list[float]:
    return [number for value in values for number in flat(value)] if isinstance(values, list) else [values]


def differ(one: list[float], other: list[float], share: float) -> bool:
    pairs = zip(one, other, strict=True)
    return any(abs(a - b) > share * max(abs(a), abs(b)) > 1e-9 * share for a, b in pairs)


@pytest.mark.parametrize("lab", LABS)
async def test_a_lab_has_the_program_of_every_step_that_it_can_show(client: httpx.AsyncClient, lab: str) -> None:
    document = await document_of(client, lab)
    named = set()
    for scene in document["scenes"]:
        for recipe in (scene["recipe"], *(chip["recipe"] for chip in scene["switch"])):
            named.add((await client.post("/sessions", json=recipe)).json()["program"])
        for body in scene["traces"].values():
            named.add((await client.post("/trace", json=body)).json()["program"])
    assert document["programs"].keys() == named
    for fingerprint, program in document["programs"].items():
        assert (await client.get(f"/programs/{fingerprint}")).json() == program


async def test_a_scene_brings_every_function_of_its_line(client: httpx.AsyncClient) -> None:
    document = await document_of(client, "corner")
    road, on = (scene["grids"] for scene in document["scenes"][:2])
    assert [(grid["f"], grid["slope"]) for grid in road] == [("relu", 0), ("sigmoid", None)]
    assert [(grid["f"], grid["slope"]) for grid in on] == [("relu", 0), ("relu", 0.5), ("relu", 1)]
    relu, sigmoid = road
    assert relu["a"] == [max(x, 0) for x in relu["x"]]
    for grid in on:
        assert [grid["mask"][grid["x"].index(x)] for x in (-2, -1 / 64, 0, 1 / 64)] == [0, 0, grid["slope"], 1]
    assert sigmoid["a"][sigmoid["x"].index(1)] == pytest.approx(0.7310585786300049, rel=1e-15)
    assert sigmoid["mask"][sigmoid["x"].index(0)] == 0.25


async def test_the_places_of_a_line_are_those_that_its_handles_can_take(client: httpx.AsyncClient) -> None:
    text = PLOT.read_text(encoding="utf-8")
    reach = re.search(r"REACH = (\d+);", text)
    parts = re.search(r"STEP = 1 / (\d+);", text)
    assert reach and parts
    ends = int(reach[1]) * int(parts[1])
    x = (await document_of(client, "corner"))["scenes"][0]["grids"][0]["x"]
    assert x == [at / int(parts[1]) for at in range(-ends, ends + 1)]


async def test_another_mistake_is_one_that_the_check_finds_and_tells_from_those_beside_it(
    client: httpx.AsyncClient,
) -> None:
    hunt = (await document_of(client, "code"))["scenes"][-1]
    body, cases = hunt["another"]["body"], hunt["another"]["cases"]
    assert len(cases) >= 15
    assert len({case["tensors"][0] for case in cases}) > 1
    right = await gradients_of(client, body)
    asked = {part: body[part] for part in ("model", "parameters", "batch")}
    assert (await client.post("/gradient-check", json=asked)).json()["counts"]["differs"] == 0
    found = {case["id"]: await gradients_of(client, body, case["id"]) for case in cases}
    for case in cases:
        own = found[case["id"]]
        assert [name for name in right if differ(own[name], right[name], 1e-4)] == case["tensors"], case
        assert case["id"] in case["options"] and len(case["options"]) == 3, case
        for other in {*case["options"]} - {case["id"]}:
            assert any(differ(found[other][name], own[name], SEEN) for name in right), (case["id"], other)
    # No place is the right one more often than all others.
    places = [case["options"].index(case["id"]) for case in cases]
    assert max(places.count(place) for place in range(3)) < 0.6 * len(cases)
