"""Models with mistakes over REST: traced, trained, edited, stored and exported."""

from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from engine.mistakes import MISTAKES
from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION, TRACE, check_problem, client_of

INJECTABLE = [id for id, mistake in MISTAKES.items() if mistake.injectable]


def with_mistakes(body: dict[str, Any], *ids: str, **changes: Any) -> dict[str, Any]:
    return {**body, "model": {**body["model"], "mistakes": list(ids), **changes}}


# A model that can have every mistake: square, with L2.
SQUARE: dict[str, Any] = {
    "model": {
        "inputs": 2,
        "hidden": [{"units": 2, "activation": "relu"}, {"units": 2, "activation": "tanh"}],
        "output": {"units": 2, "activation": "softmax"},
        "l2": 0.01,
    },
    "batch": {"x": [[0.3, -0.8], [1.2, 0.4], [-0.6, 0.9]], "y": [0, 1, 1]},
    "optimizer": {"name": "momentum", "learning_rate": 0.1},
    "seed": 4,
}


async def answered(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> dict[str, Any]:
    answer = await client.request(method, path, json=body)
    assert answer.is_success, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.overflow_is_the_lesson
async def test_every_injectable_mistake_is_traced_and_trained(client: httpx.AsyncClient) -> None:
    for id in INJECTABLE:
        traced = await answered(client, "POST", "/trace?detail=micro", with_mistakes(SQUARE, id))
        assert [layer["index"] for layer in traced["layers"]] == [1, 2, 3], id
        session = await answered(client, "POST", "/sessions", with_mistakes(SQUARE, id))
        assert session["model"]["mistakes"] == [id]
        trained = await answered(client, "POST", f"/sessions/{session['id']}/train", {"steps": 3})
        assert trained["step"] == 3, id
        program = await answered(client, "GET", f"/programs/{traced['program']}")
        assert program["nodes"], id


async def test_missing_mask_shows_in_the_trace(client: httpx.AsyncClient) -> None:
    step = await answered(client, "POST", "/trace", with_mistakes(TRACE, "mask_missing"))
    assert step["layers"][0]["dz"] == step["layers"][0]["da"]
    right = await answered(client, "POST", "/trace", TRACE)
    assert right["layers"][0]["dz"] != right["layers"][0]["da"]


async def test_the_long_way_of_a_mistaken_step_is_that_step(client: httpx.AsyncClient) -> None:
    body = with_mistakes(TRACE, "mask_missing")
    short = await answered(client, "POST", "/trace", body)
    assert await answered(client, "POST", "/trace?expand=true", body) == {**short, "notes": []}


async def test_all_zero_weights_are_those_of_the_session(client: httpx.AsyncClient) -> None:
    session = await answered(client, "POST", "/sessions", with_mistakes(SESSION, "weights_all_zero"))
    assert not any(np.any(values) for values in session["parameters"].values())


async def test_a_right_model_says_that_it_has_no_mistake(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    assert session["model"]["mistakes"] == []


async def test_an_edit_keeps_the_mistake(client: httpx.AsyncClient) -> None:
    session = await answered(client, "POST", "/sessions", with_mistakes(SESSION, "mask_missing"))
    path = f"/sessions/{session['id']}"
    await answered(client, "POST", f"{path}/train", {"steps": 5})
    edited = await answered(client, "PATCH", path, {"l2": 0.1, "optimizer": {"name": "adam"}})
    assert edited["model"]["mistakes"] == ["mask_missing"]
    step = await answered(client, "POST", f"{path}/step")
    assert step["layers"][0]["dz"] == step["layers"][0]["da"]


async def test_an_edit_that_leaves_a_mistake_without_sense_is_refused(client: httpx.AsyncClient) -> None:
    session = await answered(client, "POST", "/sessions", with_mistakes(SESSION, "l2_twice", l2=0.1))
    answer = await client.patch(f"/sessions/{session['id']}", json={"l2": 0})
    check_problem(answer, 422, "mistake_makes_no_sense")
    assert (await answered(client, "GET", f"/sessions/{session['id']}"))["model"]["l2"] == 0.1


async def test_what_is_carried_survives_a_restart_bit_for_bit(tmp_path: Path) -> None:
    body = with_mistakes(SESSION, "gradients_not_reset")

    async def after(breaks: bool, name: str) -> dict[str, Any]:
        settings = Settings(data_dir=tmp_path / name)
        async with client_of(create_app(settings)) as client:
            session = await answered(client, "POST", "/sessions", body)
            path = f"/sessions/{session['id']}"
            await answered(client, "POST", f"{path}/train", {"steps": 7})
            if not breaks:
                await answered(client, "POST", f"{path}/train", {"steps": 6})
                return await answered(client, "GET", path)
        async with client_of(create_app(settings)) as client:
            await answered(client, "POST", f"{path}/train", {"steps": 6})
            return await answered(client, "GET", path)

    whole, stopped = await after(False, "whole"), await after(True, "stopped")
    assert stopped["parameters"] == whole["parameters"]
    assert stopped["step"] == 13


async def test_rewinding_goes_back_to_what_was_carried_then(client: httpx.AsyncClient) -> None:
    session = await answered(client, "POST", "/sessions", with_mistakes(SESSION, "gradients_not_reset"))
    path = f"/sessions/{session['id']}"
    await answered(client, "POST", f"{path}/train", {"steps": 4})
    shown = await answered(client, "GET", f"{path}/trace")
    await answered(client, "POST", f"{path}/train", {"steps": 9})
    await answered(client, "POST", f"{path}/rewind", {"step": 4})
    assert await answered(client, "GET", f"{path}/trace") == shown


@pytest.mark.parametrize("id", ["gradients_not_reset", "weights_updated_too_early", "mask_missing"])
async def test_gradient_beside_the_slope_of_the_loss_is_the_one_that_the_step_shows(
    client: httpx.AsyncClient, id: str
) -> None:
    body = {**with_mistakes(SESSION, id), "optimizer": {"name": "adam", "learning_rate": 0.2}}
    path = f"/sessions/{(await answered(client, 'POST', '/sessions', body))['id']}"
    await answered(client, "POST", f"{path}/train", {"steps": 3})
    step = await answered(client, "GET", f"{path}/trace")
    nudged = await answered(client, "POST", f"{path}/slice", {"tensor": "W1", "index": [1, 2], "values": []})
    assert nudged["gradient"] == step["layers"][0]["dW"][1][2]
    assert nudged["loss"] == step["loss"]
    assert abs(nudged["slope"] - nudged["gradient"]) > 1e-6


async def test_numpy_script_has_the_mistake_and_pytorch_is_refused(client: httpx.AsyncClient) -> None:
    session = await answered(client, "POST", "/sessions", with_mistakes(SESSION, "mask_missing"))
    path = f"/sessions/{session['id']}"
    await answered(client, "POST", f"{path}/train", {"steps": 2})
    script = await client.get(f"{path}/export?format=numpy")
    assert "    dz1 = da1\n" in script.text
    check_problem(await client.get(f"{path}/export?format=pytorch"), 422, "script_mistakes")


async def test_gradient_check_sees_the_mistake(client: httpx.AsyncClient) -> None:
    body = {"model": TRACE["model"], "batch": TRACE["batch"], "seed": 3}
    right = await answered(client, "POST", "/gradient-check", body)
    wrong = await answered(client, "POST", "/gradient-check", with_mistakes(body, "weights_from_z"))
    assert right["counts"]["differs"] == 0
    assert wrong["counts"]["differs"] > 0


@pytest.mark.parametrize(
    ("mistakes", "code"),
    [
        (["mask_mising"], "unknown_name"),
        (["mask_missing", "mask_missing"], "mistake_twice"),
        (["labels_broadcast"], "mistake_not_injectable"),
        (["l2_twice"], "mistake_makes_no_sense"),
    ],
)
@pytest.mark.parametrize("path", ["/trace", "/sessions"])
async def test_mistake_that_cannot_be_had_is_a_problem_in_words(
    client: httpx.AsyncClient, path: str, mistakes: list[str], code: str
) -> None:
    body = SESSION if path == "/sessions" else TRACE
    problem = check_problem(await client.post(path, json=with_mistakes(body, *mistakes)), 422, code)
    assert problem["params"]["field"] == "model.mistakes"


async def test_experiments_refuse_mistakes(client: httpx.AsyncClient) -> None:
    body = {"model": SQUARE["model"], "batch": SQUARE["batch"], "seeds": 2, "steps": 2}
    answer = await client.post("/experiments/replicas", json=with_mistakes(body, "mask_missing"))
    check_problem(answer, 422, "mistakes_in_experiment")
