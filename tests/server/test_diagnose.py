"""POST /diagnose/cases and POST /diagnose: cases out, numbers in, a verdict back."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from engine.doctor.probes import NAMES
from engine.mistakes import MISTAKES
from engine.vocabulary import STANDARD
from server.app import create_app
from server.settings import Settings
from tests.server.api import check_problem, client_of

CONVENTIONS = [(layout, reduction) for layout in ("rows", "columns") for reduction in ("mean", "sum")]


def gradients(case: dict[str, Any], layout: str = "rows", reduction: str = "mean") -> dict[str, Any]:
    """A learner's own relu and softmax, in the learner's own layout."""
    x, y = np.array(case["batch"]["x"]), np.array(case["batch"]["y"])
    p = {name: np.array(value) for name, value in case["parameters"].items()}
    if layout == "columns":
        x, p["W1"], p["W2"], p["b1"], p["b2"] = x.T, p["W1"].T, p["W2"].T, p["b1"].ravel(), p["b2"].ravel()
    z1 = x @ p["W1"] + p["b1"]
    z2 = np.maximum(z1, 0) @ p["W2"] + p["b2"]
    with np.errstate(under="ignore"):
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    dz2 = e / e.sum(axis=1, keepdims=True) - np.eye(z2.shape[1])[y]
    if reduction == "mean":
        dz2 /= len(x)
    dz1 = dz2 @ p["W2"].T * (z1 > 0)
    made = {
        "dW1": x.T @ dz1 + case["l2"] * p["W1"],
        "db1": dz1.sum(axis=0),
        "dW2": np.maximum(z1, 0).T @ dz2 + case["l2"] * p["W2"],
        "db2": dz2.sum(axis=0),
    }
    if layout == "columns":
        made = {name: value.T if value.ndim == 2 else value[:, None] for name, value in made.items()}
    return {name: value.tolist() for name, value in made.items()}


async def cases_of(client: httpx.AsyncClient, **request: Any) -> dict[str, Any]:
    answer = await client.post("/diagnose/cases", json=request)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def diagnosed(client: httpx.AsyncClient, cases: list[dict[str, Any]], **request: Any) -> dict[str, Any]:
    answer = await client.post("/diagnose", json={**request, "cases": cases})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_the_cases_come_in_the_order_in_which_they_are_to_be_answered(client: httpx.AsyncClient) -> None:
    found = await cases_of(client)
    assert [case["name"] for case in found["cases"]] == list(NAMES)
    assert found["model"]["inputs"] == 4 and found["model"]["hidden"][0]["units"] == 5
    assert found["conventions"] == {"layout": "rows", "reduction": "mean"}
    assert set(found["cases"][0]) == {"name", "l2", "parameters", "batch"}


async def test_cases_in_columns_have_a_column_a_sample(client: httpx.AsyncClient) -> None:
    rows = (await cases_of(client))["cases"][0]
    columns = (await cases_of(client, conventions={"layout": "columns"}))["cases"][0]
    np.testing.assert_array_equal(np.array(columns["batch"]["x"]).T, rows["batch"]["x"])
    np.testing.assert_array_equal(np.array(columns["parameters"]["W1"]).T, rows["parameters"]["W1"])
    assert np.array(columns["parameters"]["b1"]).shape == (5, 1)
    assert columns["batch"]["y"] == rows["batch"]["y"]


@pytest.mark.parametrize(("layout", "reduction"), CONVENTIONS)
async def test_right_code_is_called_correct_with_its_false_alarms(
    client: httpx.AsyncClient, layout: str, reduction: str
) -> None:
    conventions = {"layout": layout, "reduction": reduction}
    asked = await cases_of(client, conventions=conventions, seed=5)
    answered = [{**case, "results": gradients(case, layout, reduction)} for case in asked["cases"]]
    found = await diagnosed(client, answered, conventions=conventions)
    assert (found["verdict"], found["mistakes"], found["candidates"]) == ("correct", [], [])
    alarms = {alarm["id"] for alarm in found["false_alarms"]}
    assert {"p_minus_y", "mask_from_activation"} <= alarms
    assert ("sum_of_the_batch" in alarms) == (reduction == "sum")
    right = found["cases"][0]["tensors"]["dW1"]["right"]
    np.testing.assert_allclose(right, answered[0]["results"]["dW1"])
    assert found["guessed"] == ["model"]


async def test_one_case_of_ones_own_numbers_is_enough(client: httpx.AsyncClient) -> None:
    case = {
        "parameters": {"W1": [[0.5, -0.25], [0.75, 1]], "b1": [0.125, 0], "W2": [[1, -1], [0.5, 2]], "b2": [0, 0.25]},
        "batch": {"x": [[1, 2], [-1, 0.5], [0.25, -2]], "y": [0, 1, 1]},
        "l2": 0.0,
    }
    found = await diagnosed(client, [{**case, "results": gradients(case)}])
    assert found["verdict"] == "correct"
    assert found["model"]["hidden"] == [{"units": 2, "activation": "relu", "derivative_at_zero": 0.0}]


async def test_a_wrong_tensor_is_shown_beside_the_right_one(client: httpx.AsyncClient) -> None:
    case = (await cases_of(client))["cases"][0]
    results = gradients(case)
    wrong = {**results, "dW1": (np.array(results["dW1"]) * 0.7).tolist()}
    found = await diagnosed(client, [{**case, "results": wrong}])
    tensor = found["cases"][0]["tensors"]["dW1"]
    assert (found["verdict"], tensor["status"]) == ("unknown", "wrong")
    assert tensor["ratio"] == pytest.approx(0.7)
    assert found["pattern"]["code"] == "one_factor"
    np.testing.assert_allclose(tensor["right"], results["dW1"])


@pytest.mark.parametrize("value", [[[1.0, 2.0]], 3.5, [[1.0], [2.0, 3.0]], [], {"a": 1}])
async def test_a_wrong_shape_is_a_verdict_and_no_error(client: httpx.AsyncClient, value: object) -> None:
    case = (await cases_of(client))["cases"][0]
    found = await diagnosed(client, [{**case, "results": {**gradients(case), "dW1": value}}])
    assert found["cases"][0]["tensors"]["dW1"]["status"] == "shape"
    assert found["verdict"] != "correct"


async def test_results_may_have_any_name_in_use(client: httpx.AsyncClient) -> None:
    case = (await cases_of(client))["cases"][0]
    results = gradients(case)
    theirs = {"grads['W1']": results["dW1"], "db^[1]": results["db1"], "grad_W2": results["dW2"], "db2": results["db2"]}
    found = await diagnosed(client, [{**case, "results": {**theirs, "cache": 1.0}}])
    assert found["cases"][0]["unread"] == ["cache"]
    assert found["verdict"] == "correct"


async def test_a_known_mistake_gets_its_name_with_both_lines(client: httpx.AsyncClient) -> None:
    asked = await cases_of(client, seed=3)
    answered = []
    for case in asked["cases"]:
        sent = {name: (7 if case["name"] != "square" else 4) * np.array(v) for name, v in gradients(case).items()}
        answered.append({**case, "l2": 0.0, "results": {name: value.tolist() for name, value in sent.items()}})
    found = await diagnosed(client, [case for case in answered if case["name"] != "L2"])
    assert (found["verdict"], [mistake["id"] for mistake in found["mistakes"]]) == ("mistake", ["mean_missing"])
    mistake = found["mistakes"][0]
    assert set(mistake) == {"id", "title", "where", "numbers", "explanation", "wrong_line", "right_line"}
    assert mistake["where"] == ["dW2", "db2", "dW1", "db1"] and "/ m" in mistake["right_line"]


async def test_an_undecided_diagnosis_names_all_candidates_and_the_case_to_ask_next(client: httpx.AsyncClient) -> None:
    case = (await cases_of(client))["cases"][0]
    two = {**case, "batch": {"x": case["batch"]["x"][:2], "y": case["batch"]["y"][:2]}}
    doubled = {name: (2 * np.array(value)).tolist() for name, value in gradients(two).items()}
    found = await diagnosed(client, [{**two, "results": doubled}])
    assert found["verdict"] == "undecided" and found["mistakes"] == []
    assert {candidate["id"] for candidate in found["candidates"]} == {"mean_missing", "factor_two"}
    assert set(found["ask_next"]) == {"name", "l2", "parameters", "batch"}


async def test_numbers_may_be_texts_and_not_finite(client: httpx.AsyncClient) -> None:
    case = (await cases_of(client))["cases"][0]
    results = gradients(case)
    texts = {name: [[f"{v:.5f}" for v in row] for row in np.atleast_2d(value)] for name, value in results.items()}
    assert (await diagnosed(client, [{**case, "results": texts}]))["verdict"] == "correct"
    texts["dW2"][0][0] = "NaN"
    found = await diagnosed(client, [{**case, "results": texts}])
    assert found["cases"][0]["tensors"]["dW2"]["status"] == "not_finite"


async def test_a_call_that_failed_has_a_case_of_its_own(client: httpx.AsyncClient) -> None:
    first, second, *_ = (await cases_of(client))["cases"]
    found = await diagnosed(client, [{**first, "results": gradients(first)}, {**second, "raised": "KeyError: 'W3'"}])
    assert found["verdict"] == "unknown"
    assert "KeyError: 'W3'" in found["pattern"]["explanation"]


# --- Refused in words -------------------------------------------------------------------------------------------------


async def test_a_case_without_a_result_is_refused(client: httpx.AsyncClient) -> None:
    case = (await cases_of(client))["cases"][0]
    for results in ({}, {"momentum": [1.0]}):
        problem = check_problem(
            await client.post("/diagnose", json={"cases": [{**case, "results": results}]}), 422, "no_results"
        )
        assert "dW1" in problem["params"]["wanted"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parameters": {"W1": [[1, 2, 3]], "W2": [[1, 2], [3, 4]]}}, "case_shapes"),
        ({"parameters": {"V": [[1]]}}, "parameters"),
        ({"parameters": {}}, "parameters"),
        ({"parameters": {"W1": [[1], [2, 3]]}}, "ragged"),
        ({"parameters": {"W1": [["a"]]}}, "no_number"),
        ({"results": {"dW1": [["a lot"]]}}, "no_number"),
        ({"batch": {"x": [[1.0]], "y": [0]}}, "shape"),
        ({"batch": {"x": [[1.0, 1.0, 1.0, 1.0]], "y": [7]}}, "label"),
    ],
)
async def test_what_has_no_meaning_is_refused_in_words(
    client: httpx.AsyncClient, change: dict[str, Any], code: str
) -> None:
    case = (await cases_of(client))["cases"][0]
    body = {"cases": [{**case, "results": {"db2": [0.0, 0.0, 0.0]}, **change}]}
    check_problem(await client.post("/diagnose", json=body), 422, code)


@pytest.mark.parametrize(
    ("limit", "path"),
    [
        ("max_diagnosis_cases", "/diagnose"),
        ("max_diagnosis_values", "/diagnose"),
        ("max_diagnosis_values", "/diagnose/cases"),
    ],
)
async def test_sizes_are_bounded_by_settings(tmp_path: Path, client: httpx.AsyncClient, limit: str, path: str) -> None:
    cases = (await cases_of(client))["cases"][:2]
    body: dict[str, Any] = {} if path.endswith("cases") else {"cases": [{**c, "results": gradients(c)} for c in cases]}
    async with client_of(create_app(Settings(data_dir=tmp_path / "small", **{limit: 1}))) as small:
        problem = check_problem(await small.post(path, json=body), 422, "too_large")
    assert problem["params"]["setting"] == limit


@pytest.mark.parametrize("more", [20, 60])
async def test_everybody_else_gets_a_turn_between_two_suspects(tmp_path: Path, more: int) -> None:
    # However many suspects a diagnosis has to hear, and however long one takes: here a slice is one of them.
    rows = {f"another_{n}": replace(MISTAKES["sign_turned"], id=f"another_{n}") for n in range(more)}
    settings = Settings(data_dir=tmp_path, train_slice_ms=1e-9)
    async with client_of(create_app(settings, vocabulary=STANDARD.with_rows(mistakes=rows))) as client:
        case = (await cases_of(client))["cases"][0]
        results = gradients(case)
        sent = {**case, "results": {**results, "dW2": (2 * np.array(results["dW2"])).tolist()}}
        turns = 0
        diagnosis = asyncio.create_task(client.post("/diagnose", json={"cases": [sent]}))
        answer = await client.get("/health")
        assert answer.status_code == 200 and not diagnosis.done()
        while not diagnosis.done():
            await asyncio.sleep(0)
            turns += 1
        assert (await diagnosis).json()["verdict"] in ("mistake", "undecided", "unknown")
        assert turns > more
