"""POST /gradient-check: gradients beside differences, and what could not be judged."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import TRACE, check_problem, client_of

CHECK: dict[str, Any] = {"model": TRACE["model"], "batch": TRACE["batch"], "seed": 7, "initializer": {"bias": 0.1}}


async def checked(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/gradient-check", json={**CHECK, **changes})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_every_parameter_value_has_both_gradients(client: httpx.AsyncClient) -> None:
    found = await checked(client)
    assert found["counts"] == {"total": 17, "checked": 17, "agrees": 17, "differs": 0, "skipped": 0, "left_out": 0}
    trace = (await client.post("/trace", json={**CHECK})).json()
    for cell in found["cells"]:
        name, layer = cell["parameter"][0], trace["layers"][int(cell["parameter"][1]) - 1]
        value, gradient = layer[name], layer[f"d{name}"]
        for place in cell["index"]:
            value, gradient = value[place], gradient[place]
        assert (cell["value"], cell["analytic"]) == (value, gradient)
        assert cell["numeric"] == pytest.approx(gradient, rel=1e-6, abs=1e-9)
    assert found["loss"] == trace["loss"]


async def test_a_column_of_labels_is_checked_like_a_list(client: httpx.AsyncClient) -> None:
    column = [[label] for label in CHECK["batch"]["y"]]
    assert await checked(client, batch={**CHECK["batch"], "y": column}) == await checked(client)


async def test_a_cell_at_a_corner_is_skipped_with_its_reason(client: httpx.AsyncClient) -> None:
    # z = 1 * 1 + 1 * -1 + 0 = 0 for unit 0 and -1 for unit 1.
    parameters = {"W1": [[1, 1], [1, 2]], "b1": [0, 0], "W2": [[1, -1], [2, -1]], "b2": [0, 0]}
    body = {
        "model": {"inputs": 2, "hidden": [{"units": 2}], "output": {"units": 2}},
        "batch": {"x": [[1, -1]], "y": [0]},
        "parameters": parameters,
    }
    found = (await client.post("/gradient-check", json=body)).json()
    skipped = {(cell["parameter"], *cell["index"]): cell["skipped"] for cell in found["cells"] if cell["skipped"]}
    assert set(skipped) == {("W1", 0, 0), ("W1", 1, 0), ("b1", 0)}
    reason = skipped["b1", 0]
    assert (reason["reason"], reason["layer"], reason["unit"], reason["sample"]) == ("crosses a kink", 1, 0, 0)
    assert reason["tensor"] == "z1" and reason["z_below"] < 0 < reason["z_above"]
    assert found["counts"] == {"total": 12, "checked": 9, "agrees": 9, "differs": 0, "skipped": 3, "left_out": 0}


async def test_an_error_at_delta_is_skipped_and_says_that_it_is_the_error(client: httpx.AsyncClient) -> None:
    model = {
        "inputs": 1,
        "output": {"units": 1, "activation": "identity", "delta": 0.5},
        "loss": "huber",
        "bias": False,
    }
    body = {"model": model, "batch": {"x": [[0.5]], "y": [0]}, "parameters": {"W1": [[1]]}}
    found = (await client.post("/gradient-check", json=body)).json()
    reason = found["cells"][0]["skipped"]
    assert (reason["tensor"], reason["layer"], reason["unit"], reason["sample"]) == ("error", 1, 0, 0)
    assert reason["z_below"] < 0.5 < reason["z_above"]


async def test_the_curve_falls_and_rises_again_around_the_best_step(client: httpx.AsyncClient) -> None:
    found = await checked(
        client,
        model={**CHECK["model"], "hidden": [{"units": 3, "activation": "tanh"}]},
        curve={"parameter": "W1", "index": [1, 2]},
        curve_points=13,
    )
    curve = found["curve"]
    assert (curve["parameter"], curve["index"]) == ("W1", [1, 2])
    assert [point["h"] for point in curve["points"]] == pytest.approx([10.0**-k for k in range(13)])
    errors = [point["error"] for point in curve["points"]]
    best = min(range(13), key=errors.__getitem__)
    assert 1e-7 < curve["points"][best]["h"] < 1e-3
    assert 1e-7 < curve["best_h"] < 1e-3
    assert errors[0] > 1e3 * errors[best] and errors[12] > 1e3 * errors[best]


async def test_without_a_choice_the_curve_is_that_of_the_worst(client: httpx.AsyncClient) -> None:
    found = await checked(client)
    assert (found["curve"]["parameter"], found["curve"]["index"]) == (
        found["worst"]["parameter"],
        found["worst"]["index"],
    )
    assert len(found["curve"]["points"]) == 37
    assert (await checked(client, curve_points=0))["curve"] is None


async def test_some_parameters_and_some_cells_are_enough(client: httpx.AsyncClient) -> None:
    found = await checked(client, parameters_to_check=["x", "b2"], limit=3)
    assert [(cell["parameter"], cell["index"]) for cell in found["cells"]] == [
        ("x", [0, 0]),
        ("x", [2, 0]),
        ("b2", [1]),
    ]
    assert found["counts"]["total"] == 8


async def test_what_has_no_meaning_is_explained(client: httpx.AsyncClient) -> None:
    for changes, code in (
        ({"parameters_to_check": ["W9"]}, "unknown_name"),
        ({"curve": {"parameter": "W1", "index": [2, 0]}}, "unknown_cell"),
        ({"h": 0}, "invalid"),
        ({"limit": 100_000}, "too_large"),
    ):
        check_problem(await client.post("/gradient-check", json={**CHECK, **changes}), 422, code)


async def test_the_cost_of_a_check_is_bounded(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_gradient_check_values=3_000)
    async with client_of(create_app(settings)) as client:
        few = await checked(client, curve_points=2)
        assert 0 < few["counts"]["checked"] < 17
        answer = await client.post("/gradient-check", json={**CHECK, "limit": 17})
        assert check_problem(answer, 422, "too_large")["params"]["setting"] == "max_gradient_check_values"
