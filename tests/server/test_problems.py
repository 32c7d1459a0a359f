"""Every error is a problem document that says what was wrong and what to do."""

import inspect
import json
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.errors import EngineError
from server.app import create_app
from server.http.problems import STORE_PROBLEMS, from_exception, response_of
from server.problems import Problem
from server.sessions.store.protocol import SessionStore, StoreError
from server.sessions.store.sqlite import SqliteStore
from server.settings import Settings
from tests.server.api import JSON, SESSION, TRACE, check_problem, client_of

ROOT = Path(__file__).parents[2]


def with_batch(**batch: Any) -> dict[str, Any]:
    return {**TRACE, "batch": {**TRACE["batch"], **batch}}


def with_model(**model: Any) -> dict[str, Any]:
    return {**TRACE, "model": {**TRACE["model"], **model}}


def with_weights(**changed: Any) -> dict[str, Any]:
    return {**TRACE, "parameters": {"W1": [[1] * 3] * 2, "b1": [0] * 3, "W2": [[1] * 2] * 3, "b2": [0] * 2, **changed}}


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (with_batch(x=[[1], [2], [3]]), "shape", "(rows, 2)"),
        (with_batch(x=[[1, 2], [3], [4, 5]]), "ragged", "same length"),
        (with_batch(x=[[1, 2]]), "shape", "one label per row"),
        (with_batch(x=[], y=[]), "empty", "at least one"),
        (with_batch(x=[[0, 1, -1], [1, 1, 0.5]]), "transposed", "send x.T."),
        (with_batch(y=[0, 1, 2]), "label", "0 to 1"),
        (with_batch(y=[[0], [1], [2]]), "label", "Label 2 in row 2"),
        (with_batch(y=[[0], [0.5], [1]]), "label", "Label 0.5 in row 1"),
        (with_batch(y=[["0"], ["1"], ["1"]]), "invalid", "number"),
        (with_batch(y=[0, 1, -1]), "label", "0 to 1"),
        (with_batch(y=[0, 1, 0.5]), "label", "0.5"),
        (with_batch(y=[[0.5, 0.2], [1, 0], [0, 1]]), "distribution", "add up to 1"),
        (with_batch(x=[[True, 1], [1, 1], [1, 1]]), "invalid", "number"),
        (with_batch(x=[["1", 1], [1, 1], [1, 1]]), "invalid", "number"),
        (with_batch(x=[[None, 1], [1, 1], [1, 1]]), "invalid", "number"),
        (with_model(hidden=[{"units": 3, "activation": "swish"}]), "unknown_name", "relu"),
        (with_model(hidden=[{"units": 3, "slope": 1}]), "unknown_name", "derivative_at_zero"),
        (with_model(hidden=[{"units": 3, "derivative_at_zero": 2}]), "range", "0 to 1"),
        (with_model(hidden=[{"units": 0}]), "range", "at least 1"),
        (with_model(output={"units": 1}), "range", "at least 2"),
        (with_model(output={"units": 2, "activation": "sigmoid"}), "pair", "binary_cross_entropy"),
        (with_model(loss="hinge"), "unknown_name", "cross_entropy"),
        (with_model(dtype="float128"), "unknown_name", "float64"),
        (with_model(l2=-1), "range", "positive"),
        (with_model(dropout=0.5), "invalid", "not permitted"),
        (with_model(inputs=100_000), "too_large", "at most 1024"),
        (with_model(hidden=[{"units": 2}] * 50), "too_large", "at most 8"),
        (with_model(hidden=[{"units": 100_000}]), "too_large", "at most 512"),
        ({**TRACE, "optimizer": {"name": "lion"}}, "unknown_name", "sgd"),
        ({**TRACE, "optimizer": {"name": "sgd", "momentum": 1}}, "unknown_name", "learning_rate"),
        ({**TRACE, "optimizer": {"name": "sgd", "learning_rate": -1}}, "range", "positive"),
        ({**TRACE, "initializer": {"name": "magic"}}, "unknown_name", "xavier"),
        ({**TRACE, "initializer": {"name": "normal", "std": 0}}, "range", "positive"),
        ({**TRACE, "parameters": {"W1": [[1]]}}, "parameters", "W1, b1, W2, b2"),
        (with_weights(W1=[[1, 2], [3, 4], [5, 6]]), "transposed", "(3, 2); this model needs (2, 3)"),
        (with_weights(W2=[[1, 2, 3], [4, 5, 6]]), "transposed", "send W2.T."),
        (with_weights(W1=[[1, 2]] * 3, W2=[[1, 2, 3]] * 2), "transposed", "send W1.T and W2.T."),
        (with_weights(b1=[[0], [0]]), "shape", "(2, 1); this model needs (3,)"),
        ({**TRACE, "given": {"z1": [[0] * 3] * 2}}, "shape", "(2, 3); this model needs (3, 3)"),
        ({**TRACE, "given": {"z2": [[0] * 3] * 2}}, "transposed", "send z2.T."),
        ({**TRACE, "parameters": {}, "initializer": {"name": "he"}}, "parameters_twice", "one of them"),
        ({**TRACE, "seed": -1}, "invalid", "greater than or equal to 0"),
    ],
)
async def test_bad_input_is_explained(client: httpx.AsyncClient, body: dict[str, Any], code: str, said: str) -> None:
    document = check_problem(await client.post("/trace", json=body), 422, code)
    assert said in document["detail"]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("path", ["/trace", "/sessions"])
async def test_numbers_that_are_none_are_refused(client: httpx.AsyncClient, path: str, word: str) -> None:
    body = json.dumps({"model": TRACE["model"], "batch": {"x": [[0, "HERE"]], "y": [0]}}).replace('"HERE"', word)
    answer = await client.post(path, content=body, headers=JSON)
    document = check_problem(answer, 422, "invalid")
    assert document["params"]["place"] == "body.batch.x.0.1"
    assert all(set(issue) == {"type", "loc", "msg"} for issue in document["errors"])


async def test_a_number_of_any_length_is_refused_in_words(client: httpx.AsyncClient) -> None:
    document = check_problem(await client.post("/trace", json=with_model(inputs=10**30)), 422, "too_large")
    assert document["params"]["found"] == str(10**30)


async def test_a_flood_of_wrong_numbers_gets_a_short_answer(client: httpx.AsyncClient) -> None:
    answer = await client.post("/trace", json=with_batch(x=[["wrong", "wrong"]] * 5_000))
    check_problem(answer, 422, "invalid")
    assert len(answer.content) < 4000


@pytest.mark.parametrize("body", ["", "[", "{", "nonsense"])
async def test_a_body_that_is_no_json_is_explained(client: httpx.AsyncClient, body: str) -> None:
    answer = await client.post("/trace", content=body, headers=JSON)
    check_problem(answer, *((400, "not_json") if body else (422, "invalid")))


@pytest.mark.parametrize("body", ["[", '{"scope": 3}', '{"scope": {"kind": "sample"}}', '{"steps": 3}', "3"])
async def test_a_wrong_step_request_is_explained(client: httpx.AsyncClient, session: dict[str, Any], body: str) -> None:
    answer = await client.post(f"/sessions/{session['id']}/step", content=body, headers=JSON)
    check_problem(answer, *((400, "not_json") if body == "[" else (422, "invalid")))
    check_problem(await client.post(f"/sessions/{session['id']}/step?detail=all"), 422, "invalid")
    assert (await client.get(f"/sessions/{session['id']}")).json()["step"] == 0


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_refused(client: httpx.AsyncClient, chunked: bool) -> None:
    async def chunks() -> Any:
        for _ in range(30):
            yield b" " * 100_000

    body: Any = chunks() if chunked else b" " * 3_000_000
    answer = await client.post("/trace", content=body, headers=JSON)
    assert check_problem(answer, 413, "body_too_large")["params"] == {"wanted": 2_000_000}
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/trace", 405, "method_not_allowed"),
        ("GET", "/programs/sha256:0", 404, "unknown_program"),
        ("GET", "/sessions/nobody", 404, "unknown_session"),
        ("DELETE", "/sessions/nobody", 404, "unknown_session"),
        ("POST", "/sessions/nobody/step", 404, "unknown_session"),
        ("GET", "/sessions/nobody/trace", 404, "unknown_session"),
        ("GET", "/sessions/nobody/decision-map", 404, "unknown_session"),
        ("GET", "/sessions/nobody/history", 404, "unknown_session"),
        ("GET", "/sessions/nobody/data", 404, "unknown_session"),
        ("GET", "/sessions/nobody/export", 404, "unknown_session"),
        ("GET", "/datasets/nothing", 404, "unknown_dataset"),
        ("GET", "/datasets/own-nothing", 404, "unknown_dataset"),
        ("GET", "/datasets/xor?rows=5", 422, "unknown_option"),
        ("GET", "/datasets/circles?rows=9000", 422, "too_large"),
        ("GET", "/datasets/circles?noise=nan", 422, "invalid"),
        ("GET", "/sessions/nobody/decision-map?resolution=9999", 422, "too_large"),
    ],
)
async def test_what_is_not_there_is_named(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    check_problem(await client.request(method, path), status, code)


async def test_a_mistake_of_ours_is_a_problem_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(data_dir=tmp_path))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret")

    monkeypatch.setattr("server.steps.service.trace_of", fail)
    async with client_of(app) as client:
        answer = await client.post("/trace", json=TRACE)
    check_problem(answer, 500, "internal")
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-cache")
    assert "secret" not in answer.text


async def test_limits_say_which_setting_moves_them(client: httpx.AsyncClient) -> None:
    document = check_problem(await client.post("/trace", json=with_model(inputs=5000)), 422, "too_large")
    assert document["params"]["setting"] == "max_inputs" and "inputs" in document["detail"]


async def test_too_many_values_are_refused_before_they_are_made(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, max_values_per_trace=100))) as client:
        check_problem(await client.post("/trace", json=TRACE), 422, "too_large")
        check_problem(await client.post("/sessions", json=SESSION), 422, "too_large")


async def test_the_long_way_is_limited_by_its_own_size(tmp_path: Path) -> None:
    model = {"inputs": 2, "hidden": [], "output": {"units": 40}}
    body = {"model": model, "batch": {"x": [[0, 1]] * 20, "y": [0] * 20}}
    async with client_of(create_app(Settings(data_dir=tmp_path, max_values_per_trace=20_000))) as client:
        assert (await client.post("/trace", json=body)).status_code == 200
        # 20 Jacobians of 40 times 40 numbers.
        check_problem(await client.post("/trace?expand=true", json=body), 422, "too_large")
        session = (await client.post("/sessions", json=body)).json()
        check_problem(await client.get(f"/sessions/{session['id']}/trace?expand=true"), 422, "too_large")


class FailingStore(SqliteStore):
    """Works until it is told which error every write shall give."""

    error: StoreError | None = None

    def write(self, *arguments: Any) -> Any:
        if FailingStore.error is not None:
            raise FailingStore.error
        return super().write(*arguments)


@pytest.mark.parametrize("kind", list(STORE_PROBLEMS), ids=lambda kind: kind.__name__)
async def test_a_failing_store_is_explained_and_the_step_has_not_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[StoreError]
) -> None:
    monkeypatch.setattr("server.sessions.store.opening.SqliteStore", FailingStore)
    error = kind(7) if kind.__name__ == "StaleVersion" else kind("out of order")  # type: ignore[arg-type]
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        path = f"/sessions/{(await client.post('/sessions', json=SESSION)).json()['id']}"
        before = (await client.post(f"{path}/step")).json()
        monkeypatch.setattr(FailingStore, "error", error)
        status, code, _ = STORE_PROBLEMS[kind]
        for request in ("step", "train", "rewind"):
            body = {"step": None, "train": {"steps": 3}, "rewind": {"step": 0}}[request]
            check_problem(await client.post(f"{path}/{request}", json=body), status, code)
        monkeypatch.setattr(FailingStore, "error", None)
        after = (await client.get(path)).json()
        assert (after["step"], after["parameters"]) == (1, before["updated"])


async def test_a_disk_that_is_full_answers_507_and_keeps_what_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SmallStore(SqliteStore):
        def __init__(self, path: Path, **settings: Any) -> None:
            super().__init__(path, **settings, max_pages=40)

    monkeypatch.setattr("server.sessions.store.opening.SqliteStore", SmallStore)
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        created: list[str] = []
        answer = await client.post("/sessions", json=SESSION)
        while answer.status_code == 201:
            created.append(answer.json()["id"])
            answer = await client.post("/sessions", json=SESSION)
        check_problem(answer, 507, "disk_full")
        assert created
        for session_id in created:
            assert (await client.get(f"/sessions/{session_id}")).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
async def test_health_tells_that_the_store_cannot_be_used(tmp_path: Path, path: str) -> None:
    (tmp_path / "sessions.sqlite3").write_bytes(b"no database" * 1000)
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        answer = await client.get(path)
        check_problem(answer, 503, "store_broken")
        assert int(answer.headers["retry-after"]) > 0
        # What needs no store goes on.
        assert (await client.get("/health/live")).json()["status"] == "ok"
        assert (await client.post("/trace", json=TRACE)).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/health/live"])
async def test_health_tells_the_version(client: httpx.AsyncClient, path: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (await client.get(path)).json()["version"] == project["version"]


def test_a_store_has_all_that_a_session_store_promises() -> None:
    promised = {name: call for name, call in vars(SessionStore).items() if not name.startswith("_") and callable(call)}
    assert {"close"} < promised.keys()
    for name, call in promised.items():
        assert inspect.signature(getattr(SqliteStore, name)) == inspect.signature(call), name


def test_every_error_of_the_store_has_its_words() -> None:
    assert set(StoreError.__subclasses__()) == set(STORE_PROBLEMS)
    assert not issubclass(StoreError, EngineError)


def test_a_part_of_a_second_is_a_second_to_wait() -> None:
    problem = from_exception(Problem(503, "too_busy", "Try again in a moment.", retry_after=0.3), "/")
    assert response_of(problem).headers["retry-after"] == "1"
