"""A view is, part by part, what the separate endpoints answer."""

from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.app import create_app
from server.http.json import BINARY
from server.settings import Settings
from server.steps.frames import unpack
from tests.recordings import RECORDINGS
from tests.server.api import SESSION, check_problem, client_of
from tests.views import VIEW, View, decoded

ASKING = {"Accept": VIEW}
HEAD = ("id", "step", "furthest_step", "version", "expires_at")
# One run of every kind that was recorded: dtypes, losses, own tables, mistakes, regression, batches of all sizes.
RUNS = {run["name"]: run for run in RECORDINGS if run["version"] == "before-views"}


async def seen(answer: httpx.Response, status: int = 200) -> View:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == VIEW
    view = decoded(answer.content)
    assert answer.headers["etag"] == f'"{view.header["session"]["version"]}"'
    return view


async def got(client: httpx.AsyncClient, address: str, **query: Any) -> Any:
    answer = await client.get(address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def check_view(client: httpx.AsyncClient, view: View, address: str, **query: Any) -> None:
    """Frames, gates, history and session are those of the endpoints; query: step and long way of the view."""
    long_way = query.pop("long_way", False)
    for place, frame in enumerate(view.header["frames"]):
        sample = frame["scope"]["sample"]
        asked = {**query, "detail": "frame"} | ({} if sample is None else {"sample": sample, "expand": long_way})
        header, vector = unpack((await client.get(f"{address}/trace", params=asked)).content)
        assert np.array_equal(view.vector(place), vector, equal_nan=True), frame
        assert frame["scope"] == header["scope"] and frame["program"] == header["program"]
        told = {name: header[name] for name in ("loss", "data_loss", "regularization", "accuracy", "m")}
        assert frame["summary"] == told | ({"notes": header["notes"]} if "notes" in header else {})
        assert view.header["step"] == header["step"] and view.header["dtype"] == header["dtype"]
        assert (await client.get(f"/programs/{frame['program']}")).status_code == 200
    session = await got(client, address)
    assert view.header["session"] in (session, {name: session[name] for name in HEAD})
    if not query:
        assert view.header["gates"] == await got(client, f"{address}/gates")
    await check_history(client, view, address)


async def check_history(client: httpx.AsyncClient, view: View, address: str) -> None:
    """The points from a step on, and behind them the step on show where it is newer."""
    start, metrics = view.header["history"]["from"], view.header["history"]["metrics"]
    recorded = (await got(client, f"{address}/history"))["metrics"]
    later = [at for at, step in enumerate(recorded["step"]) if step >= start]
    columns = {name: [column[at] for at in later] for name, column in recorded.items()}
    if view.header["step"] > max(recorded["step"], default=0):
        now = view.header["frames"][0]["summary"] | {"step": view.header["step"]}
        for name, column in columns.items():
            column.append(now.get(name))
    assert metrics == columns


@pytest.mark.parametrize("name", RUNS)
async def test_a_view_after_every_kind_of_move_holds_what_the_endpoints_answer(
    client: httpx.AsyncClient, name: str
) -> None:
    recipe = {**RUNS[name]["recipe"]}
    if recipe.get("dataset", {}).get("name", "").startswith("own"):
        table = RUNS[name]["file"]["table"]
        body = {"csv": table["csv"], "columns": table.get("columns", {})}
        recipe["dataset"] = {**recipe["dataset"], "name": (await client.post("/datasets", json=body)).json()["name"]}
    view = await seen(await client.post("/sessions", json=recipe, headers=ASKING), 201)
    address = f"/sessions/{view.header['session']['id']}"
    await check_view(client, view, address)
    for query in ({}, {"sample": 2, "history_from": 2}, {"long_way": "true", "sample": 1}):
        view = await seen(await client.post(f"{address}/step", params=query, headers=ASKING))
        await check_view(client, view, address, long_way="long_way" in query)
    view = await seen(await client.patch(address, json={"optimizer": {"learning_rate": 0.01}}, headers=ASKING))
    await check_view(client, view, address)
    await client.post(f"{address}/train", json={"steps": 120})
    view = await seen(await client.post(f"{address}/rewind", json={"step": 41}, headers=ASKING))
    await check_view(client, view, address)
    view = await seen(await client.get(f"{address}/view", params={"history_from": 30}))
    await check_view(client, view, address)
    view = await seen(await client.get(f"{address}/view", params={"step": 77}))
    assert view.header["step"] == 77 and view.header["session"]["step"] == 41
    await check_view(client, view, address, step=77)


@pytest.fixture
async def address(session: dict[str, Any]) -> str:
    """Of a fresh session: 2-8-3, float64, 79 rows in batches of 32, 32 and 15."""
    return f"/sessions/{session['id']}"


async def test_the_session_is_whole_but_after_a_step(client: httpx.AsyncClient, address: str) -> None:
    answers = {
        "view": await client.get(f"{address}/view"),
        "edit": await client.patch(address, json={"l2": 0.1}, headers=ASKING),
        "rewind": await client.post(f"{address}/rewind", json={"step": 0}, headers=ASKING),
        "create": await client.post("/sessions", json=SESSION, headers=ASKING),
        "step": await client.post(f"{address}/step", headers=ASKING),
    }
    sessions = {name: decoded(answer.content).header["session"] for name, answer in answers.items()}
    assert {name for name, found in sessions.items() if "parameters" in found} == set(answers) - {"step"}
    assert tuple(sessions["step"]) == HEAD


async def test_json_answers_stay_as_they_are(client: httpx.AsyncClient, address: str) -> None:
    created = await client.post("/sessions", json=SESSION)
    taken = await client.post(f"{address}/step", params={"sample": 3, "map": "0,1,40"})
    for answer in (created, taken, await client.patch(address, json={"l2": 0.1})):
        assert answer.headers["content-type"] == "application/json"
    assert taken.json()["step"] == 1 and created.json()["step"] == 0
    assert created.headers["location"] == f"/api/v1/sessions/{created.json()['id']}"


async def test_a_created_view_has_its_address_too(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sessions", json=SESSION, headers=ASKING)
    identifier = decoded(answer.content).header["session"]["id"]
    assert answer.headers["location"] == f"/api/v1/sessions/{identifier}"


async def test_the_samples_are_the_first_sixteen_and_the_one_on_show(client: httpx.AsyncClient, address: str) -> None:
    views = {row: await seen(await client.get(f"{address}/view", params={"sample": row})) for row in (0, 15, 16, 31)}
    first = list(range(16))
    assert {row: view.samples for row, view in views.items()} == {
        0: first,
        15: first,
        16: [*first, 16],
        31: [*first, 31],
    }
    assert all(view.header["left_out"] == [] for view in views.values())


async def test_a_sample_beyond_a_shorter_batch_is_its_last_row(client: httpx.AsyncClient, address: str) -> None:
    await client.post(f"{address}/train", json={"steps": 1})
    view = await seen(await client.post(f"{address}/step", params={"sample": 31}, headers=ASKING))
    # 79 rows in batches of 32: the third one has 15.
    assert view.header["step"] == 3 and view.header["frames"][0]["scope"]["m"] == 15
    assert view.samples == list(range(15))
    view = await seen(await client.post(f"{address}/step", params={"sample": 31}, headers=ASKING))
    assert view.samples == [*range(16), 31]


def of_size(tmp_path: Path, most: int) -> httpx.AsyncClient:
    return client_of(create_app(Settings(data_dir=tmp_path, max_view_bytes=most)))


@pytest.mark.parametrize(("spare", "samples"), [(0, [*range(16), 20]), (-1, [20])])
async def test_above_the_most_bytes_only_the_sample_on_show_comes(
    client: httpx.AsyncClient, address: str, tmp_path: Path, spare: int, samples: list[int]
) -> None:
    whole = await seen(await client.get(f"{address}/view", params={"sample": 20}))
    async with of_size(tmp_path, len(whole.values) + spare) as limited:
        view = await seen(await limited.get(f"{address}/view", params={"sample": 20}))
        await check_view(limited, view, address)
    assert view.samples == samples
    assert view.header["left_out"] == [row for row in whole.samples if row not in samples]


async def test_a_map_does_not_count_as_a_sample(client: httpx.AsyncClient, address: str, tmp_path: Path) -> None:
    whole = await seen(await client.get(f"{address}/view"))
    async with of_size(tmp_path, len(whole.values)) as limited:
        view = await seen(await limited.get(f"{address}/view", params={"map": "0,1,40"}))
    assert view.header["left_out"] == [] and view.plane("probabilities").shape == (40, 40, 3)


@pytest.mark.parametrize(
    ("asked", "query"), [("0,1,7", {}), ("1,0,2", {"x_feature": 1, "y_feature": 0}), ("0,,40", {})]
)
async def test_the_map_is_the_decision_map_and_the_corners_of_the_first_layer(
    client: httpx.AsyncClient, address: str, asked: str, query: dict[str, int]
) -> None:
    view = await seen(await client.post(f"{address}/step", params={"map": asked}, headers=ASKING))
    resolution = int(asked.split(",")[-1])
    expected = await got(client, f"{address}/decision-map", resolution=resolution, **query)
    told = view.header["map"]
    assert {name: told[name] for name in ("x_feature", "y_feature", "x", "y")} == {
        name: expected[name] for name in ("x_feature", "y_feature", "x", "y")
    }
    np.testing.assert_array_equal(view.plane("probabilities"), np.float32(expected["probabilities"]))
    units = [f"1:{unit}" for unit in range(8)]
    corners = (await got(client, f"{address}/decision-map", resolution=2, unit=units, **query))["units"]
    np.testing.assert_allclose(np.moveaxis(view.plane("z"), 2, 0), [unit["z"] for unit in corners], rtol=1e-6)
    assert told["probabilities"]["byte_offset"] % 8 == 0 and told["resolution"] == resolution


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
async def test_a_map_along_one_feature_has_one_row(client: httpx.AsyncClient, dtype: str) -> None:
    recipe = RUNS["numbers, float32, two hidden layers"]["recipe"]
    body = {**recipe, "model": {**recipe["model"], "dtype": dtype}}
    view = await seen(await client.post("/sessions", json=body, params={"map": "0,,5"}, headers=ASKING), 201)
    expected = await got(client, f"/sessions/{view.header['session']['id']}/decision-map", resolution=5)
    assert view.header["map"]["y"] == [] and view.header["map"]["y_feature"] is None
    np.testing.assert_array_equal(view.plane("probabilities"), np.float32(expected["probabilities"]))
    assert view.plane("z").shape == (1, 2, 3)


async def test_numbers_that_json_cannot_hold_are_words(client: httpx.AsyncClient) -> None:
    parameters = {"W1": [[1e200] * 8] * 2, "b1": [0] * 8, "W2": [[1e200, -1e200, 0]] * 8, "b2": [0] * 3}
    view = await seen(await client.post("/sessions", json={**SESSION, "parameters": parameters}, headers=ASKING), 201)
    assert view.header["frames"][0]["summary"]["loss"] == "NaN" == view.header["history"]["metrics"]["loss"][0]
    view = await seen(
        await client.post(f"/sessions/{view.header['session']['id']}/rewind", json={"step": 0}, headers=ASKING)
    )
    await check_view(client, view, f"/sessions/{view.header['session']['id']}")


async def test_the_points_that_a_page_keeps_and_those_of_views_are_the_whole_curve(
    client: httpx.AsyncClient, address: str
) -> None:
    kept: dict[int, float] = {}
    for steps in (1, 300, 1, 400, 900, 1):
        asked = max(kept, default=1)
        await client.post(f"{address}/train", json={"steps": steps})
        history = (await seen(await client.get(f"{address}/view", params={"history_from": asked}))).header["history"]
        points = zip(history["metrics"]["step"], history["metrics"]["loss"], strict=True)
        kept = {step: loss for step, loss in kept.items() if step < asked and (step - 1) % history["stride"] == 0}
        kept |= dict(points)
    whole = (await seen(await client.get(f"{address}/view"))).header["history"]["metrics"]
    assert kept == dict(zip(whole["step"], whole["loss"], strict=True))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("inputs", [1, 2], ids=["a line", "a plane"])
async def test_where_gates_of_deeper_layers_are_open_comes_as_bits(
    client: httpx.AsyncClient, inputs: int, dtype: str
) -> None:
    hidden = [{"units": 3}, {"units": 5}]
    body: dict[str, Any] = {"model": {"inputs": inputs, "hidden": hidden, "output": {"units": 3}, "dtype": dtype}}
    body["batch"] = {"x": [[-1.0] * inputs, [0.5] * inputs, [2.0] * inputs], "y": [0, 1, 2]}
    resolution = 11
    view = await seen(
        await client.post("/sessions", json=body, params={"map": f"0,,{resolution}"}, headers=ASKING), 201
    )
    (told,) = view.header["map"]["open"]
    assert (told["layer"], told["shape"][0], told["shape"][-1]) == (2, 5, resolution)
    rows = int(np.prod(told["shape"][:-1]))
    start = told["byte_offset"]
    bits = np.frombuffer(view.values, np.uint8)[start : start + rows * 2].reshape(rows, 2)
    is_open = np.unpackbits(bits, axis=1, count=resolution).reshape(told["shape"])
    units = [f"2:{unit}" for unit in range(5)]
    address = f"/sessions/{view.header['session']['id']}/decision-map"
    expected = await got(client, address, resolution=resolution, unit=units)
    for unit, plane in enumerate(expected["units"]):
        np.testing.assert_array_equal(is_open[unit].reshape(-1), (np.array(plane["z"]) > 0).reshape(-1))


async def test_without_features_a_map_has_the_two_that_tell_the_classes_apart(client: httpx.AsyncClient) -> None:
    # Only the third and the fourth column have to do with the class, the others vary inside it.
    x = [[0, 5, 1, 0.1], [1, 5, 1.1, 0], [0, 5, 3, 2], [1, 5, 3.1, 2.1]]
    body = {**SESSION, "model": {**SESSION["model"], "inputs": 4}, "batch": {"x": x, "y": [0, 0, 1, 1]}}
    for name in ("dataset", "parameters"):
        body.pop(name, None)
    body["initializer"] = {"name": "he"}
    told = (await seen(await client.post("/sessions", json=body, params={"map": ",,5"}, headers=ASKING), 201)).header
    assert (told["map"]["x_feature"], told["map"]["y_feature"]) == (2, 3)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sample": "-1"}, "invalid"),
        ({"sample": "two"}, "invalid"),
        ({"long_way": "perhaps"}, "invalid"),
        ({"history_from": "0"}, "invalid"),
        ({"map": "0,1"}, "invalid"),
        ({"map": "a,b,c"}, "invalid"),
        ({"map": "0,1,1"}, "invalid"),
        ({"map": "2,0,4"}, "unknown_feature"),
        ({"map": "0,7,4"}, "unknown_feature"),
        ({"map": "0,1,41"}, "too_large"),
    ],
)
async def test_a_bad_question_is_a_problem_and_changes_nothing(
    client: httpx.AsyncClient, address: str, query: dict[str, str], code: str
) -> None:
    before = await got(client, address)
    moves = [
        await client.post(f"{address}/step", params=query, headers=ASKING),
        await client.patch(address, json={"l2": 0.5}, params=query, headers=ASKING),
        await client.post(f"{address}/rewind", json={"step": 0}, params=query, headers=ASKING),
        await client.get(f"{address}/view", params=query),
        await client.post("/sessions", json=SESSION, params=query, headers=ASKING),
    ]
    for answer in moves:
        check_problem(answer, 422, code)
    assert await got(client, address) == before


async def test_an_unknown_step_is_a_problem(client: httpx.AsyncClient, address: str) -> None:
    check_problem(await client.get(f"{address}/view", params={"step": 2}), 422, "unknown_step")
    check_problem(await client.get(f"{address}/view", params={"step": 0}), 422, "invalid")
    check_problem(await client.get("/sessions/none/view"), 404, "unknown_session")


async def test_a_stale_version_gets_no_view_and_changes_nothing(client: httpx.AsyncClient, address: str) -> None:
    view = await seen(await client.post(f"{address}/step", headers=ASKING))
    stale = {**ASKING, "If-Match": f'"{view.header["session"]["version"] - 1}"'}
    check_problem(await client.post(f"{address}/step", headers=stale), 412, "stale_version")
    check_problem(await client.patch(address, json={"l2": 0.5}, headers=stale), 412, "stale_version")
    check_problem(await client.post(f"{address}/rewind", json={"step": 0}, headers=stale), 412, "stale_version")
    assert (await seen(await client.get(f"{address}/view"))).header["session"]["step"] == 1


async def test_no_training_goes_on(client: httpx.AsyncClient, address: str) -> None:
    assert (await seen(await client.get(f"{address}/view"))).header["training"] is None


async def test_a_view_says_how_large_each_layer_is(client: httpx.AsyncClient) -> None:
    view = await seen(await client.post("/sessions", json=SESSION, headers=ASKING), 201)
    step = await got(client, f"/sessions/{view.header['session']['id']}/trace")
    below, *layers = view.header["norms"]
    assert below == {"W": None, "a": pytest.approx(np.linalg.norm(step["batch"]["x"])), "dz": None, "dW": None}
    assert layers == [
        {role: pytest.approx(np.linalg.norm(layer[role])) for role in ("W", "a", "dz", "dW")}
        for layer in step["layers"]
    ]


async def test_a_view_comes_as_bytes_where_a_client_knows_no_other_type(client: httpx.AsyncClient) -> None:
    at = f"/sessions/{(await client.post('/sessions', json=SESSION)).json()['id']}/view"
    own, common = [await client.get(at, headers={"Accept": accept}) for accept in ("*/*", BINARY)]
    assert (own.headers["content-type"], common.headers["content-type"]) == (VIEW, BINARY)
    assert decoded(common.content).header["frames"] == decoded(own.content).header["frames"]
