"""No answer has a -0.0: 0 * -1 is -0.0 to a computer, but a reader sees a sign where nothing is negative."""

import json
from typing import Any

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from server.http.json import to_json
from server.steps.frames import unpack
from tests.server.api import CSV, MINUS_ZERO, check_problem
from tests.views import decoded

# z1 = (0, -1): both units answer 0, so that dW2 = a1.T @ dz2 has 0 * -0.5, which is -0.0.
CORNER: dict[str, Any] = {
    "model": {
        "inputs": 2,
        "hidden": [{"units": 2, "activation": "relu", "derivative_at_zero": 0.5}],
        "output": {"units": 2},
    },
    "parameters": {"W1": [[1, 1], [1, 2]], "b1": [0, 0], "W2": [[1, -1], [2, -1]], "b2": [0, 0]},
    "batch": {"x": [[1, -1]], "y": [0]},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}
# p of the true class is 1 to the last bit: the loss is -(1 * log 1), which is -0.0.
CERTAIN: dict[str, Any] = {
    "model": {"inputs": 1, "output": {"units": 2}},
    "parameters": {"W1": [[1000, -1000]], "b1": [0, 0]},
    "batch": {"x": [[1]], "y": [0]},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}
# Weights, rows and numbers of -0.0, as somebody may send them.
SENT: dict[str, Any] = {
    "model": {"inputs": 2, "output": {"units": 1, "activation": "identity"}, "loss": "half_squared_error", "l2": -0.0},
    "parameters": {"W1": [[-0.0], [-0.0]], "b1": [-0.0]},
    "batch": {"x": [[-0.0, 1], [-1, -0.0]], "y": [-0.0, -0.0]},
    "optimizer": {"name": "momentum", "learning_rate": 0.5, "momentum": -0.0},
}
# A hidden tanh and a squared error, whose every slope is multiplied with an error of exactly 0.
RIGHT: dict[str, Any] = {
    "model": {
        "inputs": 1,
        "hidden": [{"units": 2, "activation": "tanh"}],
        "output": {"units": 1, "activation": "tanh"},
        "loss": "squared_error",
    },
    "parameters": {"W1": [[1, -1]], "b1": [0, 0], "W2": [[-1], [1]], "b2": [0]},
    "batch": {"x": [[0], [-1]], "y": [0, 1]},
    "optimizer": {"name": "adam"},
}
BODIES = {"corner": CORNER, "certain": CERTAIN, "sent": SENT, "right": RIGHT}


def assert_unsigned(answer: httpx.Response) -> None:
    assert answer.status_code < 300, answer.text
    if answer.headers["content-type"] == "application/octet-stream":
        header, values = unpack(answer.content)
        assert not np.any(np.signbit(values) & (values == 0)), values
        assert not MINUS_ZERO.search(json.dumps(header))
    else:
        assert not MINUS_ZERO.search(answer.text), answer.text


@pytest.mark.parametrize("text", ["-0", "[1,-0.0]", '{"a":-0.0}', "-0.", "-0e-7", "W = -0.0\n"])
def test_a_minus_zero_would_be_noticed(text: str) -> None:
    assert MINUS_ZERO.search(text)
    assert not MINUS_ZERO.search("[-0.5, 1e-05, 2-01, -0.01, 3e-0, step-0.5]")


@pytest.mark.parametrize("detail", ["layers", "micro", "summary", "frame"])
@pytest.mark.parametrize("name", BODIES)
async def test_a_step_has_none(client: httpx.AsyncClient, name: str, detail: str) -> None:
    assert_unsigned(await client.post(f"/trace?detail={detail}", json=BODIES[name]))


async def test_the_gradient_of_a_weight_from_a_unit_that_answers_zero_is_zero(client: httpx.AsyncClient) -> None:
    found = (await client.post("/trace", json=CORNER)).json()["layers"][1]["dW"]
    assert [[str(number) for number in row] for row in found] == [["0.0", "0.0"], ["0.0", "0.0"]]


@pytest.mark.parametrize("name", BODIES)
async def test_a_session_has_none_wherever_it_is_looked_at(client: httpx.AsyncClient, name: str) -> None:
    created = await client.post("/sessions", json=BODIES[name])
    assert_unsigned(created)
    path = f"/sessions/{created.json()['id']}"
    for take in ("", "?detail=frame", "?detail=micro"):
        assert_unsigned(await client.post(f"{path}/step{take}"))
    assert_unsigned(await client.post(f"{path}/train", json={"steps": 3}))
    for look in ("", "/data", "/history", "/trace?sample=0", "/trace?expand=true&detail=micro", "/trace?detail=frame"):
        assert_unsigned(await client.get(path + look))
    for kind in ("json", "numpy", "pytorch"):
        assert_unsigned(await client.get(f"{path}/export?format={kind}"))
    parameters = load((await client.get(f"{path}/export?format=safetensors")).content)
    assert not any(np.any(np.signbit(array) & (array == 0)) for array in parameters.values())


@pytest.mark.parametrize("name", ["corner", "sent"])
async def test_a_map_a_slice_and_the_gates_have_none(client: httpx.AsyncClient, name: str) -> None:
    path = f"/sessions/{(await client.post('/sessions', json=BODIES[name])).json()['id']}"
    unit = "&unit=1:1" if name == "corner" else ""
    assert_unsigned(await client.get(f"{path}/decision-map?x_feature=0&y_feature=1&resolution=3{unit}"))
    assert_unsigned(await client.get(f"{path}/gates"))
    body = {"tensor": "W1", "index": [0, 0], "values": [-1, -0.0, 1]}
    assert_unsigned(await client.post(f"{path}/slice", json=body))


@pytest.mark.parametrize("name", BODIES)
async def test_a_gradient_check_has_none(client: httpx.AsyncClient, name: str) -> None:
    body = {key: value for key, value in BODIES[name].items() if key != "optimizer"}
    assert_unsigned(await client.post("/gradient-check", json={**body, "curve_points": 3}))


async def test_a_change_in_mid_run_has_none(client: httpx.AsyncClient) -> None:
    path = f"/sessions/{(await client.post('/sessions', json=CORNER)).json()['id']}"
    changes = {
        "optimizer": {"name": "momentum", "momentum": -0.0},
        "parameters": {"b1": [-0.0, 1]},
        "l2": -0.0,
        "derivative_at_zero": -0.0,
        "data": {"set": [{"row": 0, "x": [-0.0, -0.0]}]},
    }
    assert_unsigned(await client.patch(path, json=changes))
    await client.post(f"{path}/step")
    for look in ("", "/data", "/trace", "/export?format=numpy", "/export?format=pytorch"):
        assert_unsigned(await client.get(path + look))


async def test_a_table_of_ones_own_has_none(client: httpx.AsyncClient) -> None:
    added = await client.post("/datasets", content="a,b,label\n-0,1,x\n-0.0,2,y\n0,-0e0,x\n", headers=CSV)
    name = added.json()["name"]
    # The first cells are told as they were written; every number read from them has no sign.
    assert not MINUS_ZERO.search(json.dumps({**added.json(), "preview_cells": None}))
    assert_unsigned(await client.get(f"/datasets/{name}"))
    dataset = {"name": name, "held_out_fraction": 0, "scaling": "none"}
    body = {"model": {"inputs": 2, "output": {"units": 2}}, "dataset": dataset}
    path = f"/sessions/{(await client.post('/sessions', json=body)).json()['id']}"
    for look in ("", "/data", "/trace?detail=frame", "/export?format=numpy"):
        assert_unsigned(await client.get(path + look))


async def test_a_problem_has_none(client: httpx.AsyncClient) -> None:
    model = {"inputs": 1, "hidden": [{"units": 1, "activation": "elu", "alpha": -0.0}], "output": {"units": 2}}
    answer = await client.post("/trace", json={**CERTAIN, "model": model, "batch": {"x": [[-0.0]], "y": [7]}})
    assert not MINUS_ZERO.search(answer.text), answer.text
    check_problem(answer, 422, answer.json()["code"])


def test_numbers_of_any_kind_are_written_without_it() -> None:
    arrays = [np.array([[-0.0, 1]], dtype) for dtype in ("float64", "float32", "float16")]
    with_gaps = np.array([-0.0, 1, -0.0, 2])[::2]
    found = to_json({"a": -0.0, "b": [np.float64(-0.0), -0.0], "c": arrays, "d": with_gaps, "e": np.array(-0.0)})
    assert not MINUS_ZERO.search(found.decode())
    assert json.loads(to_json([-1e-300, np.array([-5e-324, np.nan, -np.inf, -0.0])])) == [
        -1e-300,
        [-5e-324, "NaN", "-Infinity", 0.0],
    ]


async def test_the_map_of_a_view_has_none_of_a_number_too_small_for_it(client: httpx.AsyncClient) -> None:
    tiny = {
        "model": {"inputs": 1, "output": {"units": 1, "activation": "identity"}, "loss": "half_squared_error"},
        "parameters": {"W1": [[-1e-300]], "b1": [0]},
        "batch": {"x": [[1], [2]], "y": [0, 0]},
    }
    session = (await client.post("/sessions", json=tiny)).json()
    view = decoded((await client.get(f"/sessions/{session['id']}/view", params={"map": "0,,5"})).content)
    assert -1e-300 in view.vector(0)
    for name in ("probabilities", "z"):
        assert not np.any(view.plane(name)) and not np.any(np.signbit(view.plane(name)))
