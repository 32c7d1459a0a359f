"""A number to learn: from the data set to every answer that has to do with it."""

import ast
import re
from typing import Any

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from server.datasets import Datasets
from server.sessions.codec.record import START, session_of
from server.sessions.creating import new_session
from server.sessions.schemas import SessionRequest
from server.sessions.store.packing import pack, unpack
from server.sessions.store.protocol import Head, Stored
from server.settings import Settings
from tests.server.api import check_problem

OUTPUT = {"units": 1, "activation": "identity"}
MODEL: dict[str, Any] = {"inputs": 1, "hidden": [], "output": OUTPUT, "loss": "half_squared_error"}
LINE: dict[str, Any] = {
    "model": MODEL,
    "parameters": {"W1": [[0.5]], "b1": [0.25]},
    "dataset": {"name": "line", "rows": 10, "held_out_fraction": 0.2},
}


@pytest.fixture
async def line(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/sessions", json=LINE)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def rows_of(client: httpx.AsyncClient, session: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = (await client.get(f"/sessions/{session['id']}/data")).json()
    return rows


async def test_line_and_curve_are_told_as_regressions(client: httpx.AsyncClient) -> None:
    found = {info["name"]: info for info in (await client.get("/datasets")).json()}
    for name in ("line", "curve"):
        info = found[name]
        assert (info["task"], info["target_name"], info["classes"], info["class_names"]) == ("regression", "y", 0, [])
        assert [option["name"] for option in info["options"]] == ["rows", "noise"]
    for name in ("xor", "iris", "digits"):
        assert (found[name]["task"], found[name]["target_name"]) == ("classification", None)


async def test_the_rows_of_a_regression_are_numbers(client: httpx.AsyncClient) -> None:
    found = (await client.get("/datasets/line?rows=10&noise=0")).json()
    assert (found["task"], found["target_name"]) == ("regression", "y")
    np.testing.assert_allclose(found["y"], [2 * x + 1 for (x,) in found["x"]], rtol=1e-12)


async def test_a_session_knows_the_target_and_its_scale(client: httpx.AsyncClient, line: dict[str, Any]) -> None:
    data = line["dataset"]
    assert (data["task"], data["classes"], data["class_names"]) == ("regression", 0, [])
    assert (data["rows"], data["held_out_rows"]) == (8, 2)
    target = data["target"]
    assert target["name"] == "y"
    raw = sorted((await client.get("/datasets/line?rows=10")).json()["y"])
    rows = await rows_of(client, line)
    train, held_out = (np.ravel(rows[part]["y"]) for part in ("train", "held_out"))
    np.testing.assert_allclose([train.mean(), train.std()], [0, 1], atol=1e-12)
    scaled = np.concatenate([train, held_out]) * target["scale"] + target["mean"]
    np.testing.assert_allclose(sorted(scaled), raw, rtol=1e-12)


async def test_a_target_is_left_as_it_is_where_nothing_is_scaled(client: httpx.AsyncClient) -> None:
    body = {**LINE, "dataset": {"name": "line", "rows": 10, "held_out_fraction": 0, "scaling": "none"}}
    session = (await client.post("/sessions", json=body)).json()
    assert session["dataset"]["target"] == {"name": "y", "mean": 0, "scale": 1}
    raw = (await client.get("/datasets/line?rows=10")).json()["y"]
    assert np.ravel((await rows_of(client, session))["train"]["y"]).tolist() == raw


async def test_rows_that_came_along_are_learned_as_the_output_says(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    async def data_of(output: dict[str, Any], y: list[Any]) -> tuple[Any, ...]:
        body = {"model": {**MODEL, **output}, "batch": {"x": [[1]], "y": y}}
        found = (await client.post("/sessions", json=body)).json()["dataset"]
        return found["task"], found["target"], found["class_names"]

    sigmoid = {"output": {"units": 1, "activation": "sigmoid"}, "loss": "binary_cross_entropy"}
    assert await data_of({}, [2]) == ("regression", {"name": "y", "mean": 0, "scale": 1}, [])
    # One output says how much a row is the second of two classes.
    assert await data_of(sigmoid, [1]) == ("classification", None, ["0", "1"])
    assert (session["dataset"]["task"], session["dataset"]["target"]) == ("classification", None)


async def test_a_step_on_a_line_is_the_one_by_hand(client: httpx.AsyncClient, line: dict[str, Any]) -> None:
    # a = x / 2 + 1/4; dW = mean((a - y) x), db = mean(a - y); x and y have mean 0 on the rows to train on
    rows = (await rows_of(client, line))["train"]
    x, y = np.ravel(rows["x"]), np.ravel(rows["y"])
    step = (await client.post(f"/sessions/{line['id']}/step")).json()
    layer = step["layers"][0]
    np.testing.assert_allclose(np.ravel(layer["a"]), x / 2 + 0.25, rtol=1e-12)
    np.testing.assert_allclose(step["loss"], np.mean((x / 2 + 0.25 - y) ** 2) / 2, rtol=1e-12)
    np.testing.assert_allclose(layer["dW"], [[0.5 - np.mean(x * y)]], rtol=1e-10)
    np.testing.assert_allclose(layer["db"], [0.25], rtol=1e-10)
    assert step["accuracy"] is None and step["probabilities"] is None


async def test_training_learns_the_line_and_judges_held_out_rows(
    client: httpx.AsyncClient, line: dict[str, Any]
) -> None:
    trained = (await client.post(f"/sessions/{line['id']}/train", json={"steps": 300})).json()
    metrics = trained["metrics"]
    assert set(metrics["accuracy"]) == {None}
    held_out = (await rows_of(client, line))["held_out"]
    x, y = np.ravel(held_out["x"]), np.ravel(held_out["y"])
    np.testing.assert_allclose(metrics["held_out_loss"][0], np.mean((x / 2 + 0.25 - y) ** 2) / 2, rtol=1e-12)
    # Least squares of the raw rows: slope and intercept in the units in which they were measured.
    data, parameters = trained["session"]["dataset"], trained["session"]["parameters"]
    rows = (await rows_of(client, line))["train"]
    scale, mean = data["target"]["scale"], data["target"]["mean"]
    x = np.ravel(rows["x"]) * data["x_scale"][0] + data["x_mean"][0]
    slope, intercept = np.polyfit(x, np.ravel(rows["y"]) * scale + mean, 1)
    learned = parameters["W1"][0][0] * scale / data["x_scale"][0]
    np.testing.assert_allclose(learned, slope, rtol=1e-9)
    np.testing.assert_allclose(parameters["b1"][0] * scale + mean - learned * data["x_mean"][0], intercept, rtol=1e-9)


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": 2},
        {"output": {"units": 2, "activation": "identity"}},
        {"output": {"units": 2}, "loss": "cross_entropy"},
        {"output": {"units": 1, "activation": "sigmoid"}, "loss": "binary_cross_entropy"},
        {"output": {"units": 1, "activation": "sigmoid"}},
    ],
)
@pytest.mark.parametrize("path", ["/sessions", "/experiments/replicas"])
async def test_a_model_for_classes_is_refused_with_what_to_set(
    client: httpx.AsyncClient, path: str, changed: dict[str, Any]
) -> None:
    body = {"model": {**MODEL, **changed}, "dataset": {"name": "curve"}}
    problem = check_problem(await client.post(path, json=body), 422, "model_does_not_fit_target")
    assert "model.inputs to 1, model.output.units to 1" in problem["detail"]
    assert "model.output.activation to identity and model.loss to half_squared_error" in problem["detail"]
    assert problem["params"]["target"] == "y"


@pytest.mark.parametrize(
    "output", [("identity", "squared_error"), ("tanh", "half_squared_error"), ("relu", "squared_error")]
)
async def test_any_output_that_is_no_probability_may_learn_a_number(
    client: httpx.AsyncClient, output: tuple[str, str]
) -> None:
    activation, loss = output
    body = {"model": {**MODEL, "output": {"units": 1, "activation": activation}, "loss": loss}}
    answer = await client.post("/sessions", json={**body, "dataset": {"name": "curve"}})
    assert answer.status_code == 201, answer.text


async def test_the_choices_tell_which_outputs_can_learn_a_number(client: httpx.AsyncClient) -> None:
    for output in (await client.get("/models")).json()["outputs"]:
        model = {**MODEL, "output": {"units": 1, "activation": output["name"]}, "loss": output["losses"][-1]}
        answer = await client.post("/sessions", json={"model": model, "dataset": {"name": "line"}})
        assert answer.is_success != output["is_probability"], output["name"]


async def test_an_added_or_moved_row_has_its_target_in_the_scale_of_the_network(
    client: httpx.AsyncClient, line: dict[str, Any]
) -> None:
    before = (await rows_of(client, line))["train"]
    change = {"set": [{"row": 1, "y": -0.75}], "remove": [0], "add": {"x": [[3]], "y": [1.5]}}
    answer = await client.patch(f"/sessions/{line['id']}", json={"data": change})
    assert answer.status_code == 200, answer.text
    after = (await rows_of(client, line))["train"]
    assert after["y"] == [[-0.75], *before["y"][2:], [1.5]]
    assert after["x"] == [*before["x"][1:], [3]]
    assert answer.json()["dataset"]["target"] == line["dataset"]["target"]


async def test_a_map_along_the_only_feature_is_a_row_of_answers(
    client: httpx.AsyncClient, line: dict[str, Any]
) -> None:
    found = (await client.get(f"/sessions/{line['id']}/decision-map?resolution=5&unit=1:0")).json()
    assert (found["x_feature"], found["y_feature"], found["y"]) == (0, None, [])
    expected = [0.5 * x + 0.25 for x in found["x"]]
    np.testing.assert_allclose(found["probabilities"], [[[a] for a in expected]], rtol=1e-12)
    np.testing.assert_allclose(found["units"][0]["z"], [expected], rtol=1e-12)
    refused = await client.get(f"/sessions/{line['id']}/decision-map?y_feature=1")
    check_problem(refused, 422, "unknown_feature")


async def test_a_map_of_classes_along_one_feature_is_a_row_too(client: httpx.AsyncClient) -> None:
    body = {
        "model": {"inputs": 1, "output": {"units": 2}},
        "parameters": {"W1": [[0, 0]], "b1": [0, float(np.log(3))]},
        "batch": {"x": [[0], [1]], "y": [0, 1]},
    }
    session = (await client.post("/sessions", json=body)).json()
    found = (await client.get(f"/sessions/{session['id']}/decision-map?resolution=3")).json()
    np.testing.assert_allclose(found["probabilities"], [[[0.25, 0.75]] * 3], rtol=1e-12)


async def test_a_map_of_a_number_over_two_features_is_the_output_itself(client: httpx.AsyncClient) -> None:
    body = {
        "model": {**MODEL, "inputs": 2},
        "parameters": {"W1": [[1], [10]], "b1": [0]},
        "batch": {"x": [[0, 0], [1, 1]], "y": [0, 1]},
    }
    session = (await client.post("/sessions", json=body)).json()
    found = (await client.get(f"/sessions/{session['id']}/decision-map?resolution=2")).json()
    expected = [[[x + 10 * y] for x in found["x"]] for y in found["y"]]
    np.testing.assert_allclose(found["probabilities"], expected, rtol=1e-12)


async def test_many_seeds_learn_a_curve_without_an_accuracy(client: httpx.AsyncClient) -> None:
    body = {
        "model": {**MODEL, "hidden": [{"units": 4, "activation": "tanh"}]},
        "dataset": {"name": "curve", "rows": 20},
        "seeds": 3,
        "steps": 50,
    }
    answer = await client.post("/experiments/replicas", json=body)
    assert answer.status_code == 200, answer.text
    result = answer.text.strip().splitlines()[-1]
    assert '"accuracy":null' in result and '"solved":null' in result and '"diverged":0' in result


async def test_an_export_leads_back_to_the_unit_of_the_target(client: httpx.AsyncClient, line: dict[str, Any]) -> None:
    target, path = line["dataset"]["target"], f"/sessions/{line['id']}/export"
    exported = (await client.get(path)).json()
    assert (exported["dataset"]["task"], exported["dataset"]["target"]) == ("regression", target)
    stored = (await client.get(f"{path}?format=safetensors")).content
    assert load(stored)["W1"].tolist() == [[0.5]]
    header = stored[8 : 8 + int.from_bytes(stored[:8], "little")].decode()
    assert "half_squared_error" in header and repr(target["scale"]) in header
    for form in ("numpy", "pytorch"):
        script = (await client.get(f"{path}?format={form}")).text
        found = re.search(r"# 'y' itself is Y \* (\S+) \+ (\S+)\.\n", script)
        assert found and [float(number) for number in found.groups()] == [target["scale"], target["mean"]]
        ast.parse(script)


async def test_the_scripts_of_classes_say_nothing_of_a_target(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    for form in ("numpy", "pytorch"):
        assert "itself is" not in (await client.get(f"/sessions/{session['id']}/export?format={form}")).text


async def test_a_regression_is_stored_and_read_back(client: httpx.AsyncClient) -> None:
    session = await new_session(
        SessionRequest.model_validate(LINE),
        Datasets(Settings(), None, None),  # type: ignore[arg-type]
        Settings(),
    )
    state, parts = session.changes()
    read = session_of("s", Stored(Head(1, 0), state, {START: session.start(), **no_gaps(parts)}))
    assert read.data.target == session.data.target and read.data.target is not None


async def test_a_session_that_was_stored_before_there_were_targets_opens() -> None:
    body = {"model": {"inputs": 1, "output": {"units": 2}}, "batch": {"x": [[0], [1]], "y": [0, 1]}}
    session = await new_session(SessionRequest.model_validate(body), None, Settings())  # type: ignore[arg-type]
    session.trainer.step()
    state, parts = session.changes()
    arrays, words = unpack(session.start())
    # As it was written until then: without this word.
    del words["data"]["target"]
    read = session_of("s", Stored(Head(1, 0), state, {START: pack(arrays, words), **no_gaps(parts)}))
    assert read.data.target is None
    assert (read.trainer.state == session.trainer.state).all()


def no_gaps(parts: dict[str, bytes | None]) -> dict[str, bytes]:
    return {name: body for name, body in parts.items() if body is not None}
