"""Experiments over HTTP: progress, then the result; bounded, kept, and given up when nobody waits."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from engine.experiments import BornDead, Depth, Progress, result_of
from server.app import create_app
from server.experiments.runner import Runner
from server.memory import Memory
from server.scheduling import Slices
from server.settings import Settings
from server.stopping import Stopping
from tests.server.api import MODEL, check_problem, client_of

SMALL: dict[str, dict[str, Any]] = {
    "replicas": {"model": MODEL, "dataset": {"name": "three_blobs", "rows": 30}, "seeds": 3, "steps": 4},
    "depth": {"layers": 3, "width": 5, "seeds": 2},
    "born-dead": {"widths": [2, 3], "nets": 20},
    "initialization": {"hidden_layers": 2, "width": 8, "epochs": 2, "rows": 60},
    "exact-zeros": {"hidden": [8], "rows": 60},
    "derivative-at-zero": {"seeds": 3, "steps": 5},
}


def lines_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jsonl"
    # Otherwise nginx with TLS would hand on the progress with the result.
    assert answer.headers["x-accel-buffering"] == "no"
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("name", SMALL)
async def test_an_experiment_answers_progress_and_then_its_result(client: httpx.AsyncClient, name: str) -> None:
    *progress, last = lines_of(await client.post(f"/experiments/{name}", json=SMALL[name]))
    assert last["type"] == "result", last
    assert last["is_cached"] is False
    assert {line["type"] for line in progress} <= {"progress"}
    assert all(0 < line["done"] <= line["total"] for line in progress)


async def test_the_lines_come_as_a_text_where_a_client_knows_no_other_type(client: httpx.AsyncClient) -> None:
    # Computed, and then as it was kept.
    for is_cached in (False, True):
        answer = await client.post("/experiments/depth", json=SMALL["depth"], headers={"Accept": "text/plain"})
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert json.loads(answer.text.splitlines()[-1])["is_cached"] is is_cached
    for accept in ("*/*", "application/jsonl, text/plain"):
        lines_of(await client.post("/experiments/depth", json=SMALL["depth"], headers={"Accept": accept}))


async def test_result_is_that_of_the_engine(client: httpx.AsyncClient) -> None:
    answer = await client.post("/experiments/born-dead", json={"widths": [2], "nets": 100, "seed": 4})
    (found,) = lines_of(answer)[-1]["result"]["widths"]
    (wanted,) = result_of(BornDead(widths=(2,), nets=100, seed=4).run()).widths
    assert found["dead"]["count"] == wanted.dead.count
    assert found["bound"] == wanted.bound


async def test_a_seed_has_the_loss_of_a_session_with_that_seed(client: httpx.AsyncClient) -> None:
    body = {**SMALL["replicas"], "batch_size": 8, "optimizer": {"name": "adam"}, "steps": 7}
    result = lines_of(await client.post("/experiments/replicas", json={**body, "seed": 5}))[-1]["result"]
    assert result["seeds"] == [5, 6, 7]
    given = {key: body[key] for key in ("model", "dataset", "batch_size", "optimizer")}
    for seed, loss in zip(result["seeds"], result["final_loss"], strict=True):
        session = (await client.post("/sessions", json={**given, "seed": seed})).json()
        trained = (await client.post(f"/sessions/{session['id']}/train", json={"steps": 7})).json()
        assert trained["metrics"]["loss"][-1] == pytest.approx(loss, rel=1e-9)


async def test_the_same_request_is_answered_from_memory(client: httpx.AsyncClient) -> None:
    first, again, other = [
        lines_of(await client.post("/experiments/depth", json={**SMALL["depth"], "seed": seed})) for seed in (1, 1, 2)
    ]
    assert [line["type"] for line in again] == ["result"]
    assert again[-1] == {**first[-1], "is_cached": True}
    assert other[-1]["is_cached"] is False
    assert other[-1]["result"] != first[-1]["result"]


async def test_numbers_that_are_not_finite_are_words(client: httpx.AsyncClient) -> None:
    model = {"inputs": 1, "output": {"units": 1, "activation": "identity"}, "loss": "squared_error"}
    body = {"model": model, "batch": {"x": [[1000]], "y": [1]}, "steps": 400, "seeds": 2}
    result = lines_of(await client.post("/experiments/replicas", json=body))[-1]["result"]
    assert result["diverged"] == 2
    assert result["loss"]["mean"][-1] in ("NaN", "Infinity")


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("depth", {"layers": 5000}, "range"),
        ("depth", {"activations": ["softsign"]}, "unknown_name"),
        ("depth", {"layers": "many"}, "invalid"),
        ("depth", {"colour": "red"}, "invalid"),
        ("born-dead", {"nets": 10**30}, "range"),
        ("born-dead", {"widths": [64], "layers": 100, "nets": 100_000}, "too_large"),
        ("initialization", {"initializers": ["zeros"]}, "unknown_name"),
        ("exact-zeros", {"dtypes": ["float8"]}, "unknown_name"),
        ("derivative-at-zero", {"derivatives": [2]}, "range"),
        ("replicas", {"model": MODEL}, "dataset_or_batch"),
        ("replicas", {**SMALL["replicas"], "model": {**MODEL, "dtype": "float16"}}, "unknown_name"),
        ("replicas", {**SMALL["replicas"], "model": {**MODEL, "inputs": 3}}, "model_does_not_fit"),
        ("replicas", {**SMALL["replicas"], "initializer": {"name": "magic"}}, "unknown_name"),
        ("replicas", {**SMALL["replicas"], "steps": 10**9}, "range"),
    ],
)
async def test_what_has_no_meaning_is_refused_before_the_answer_begins(
    client: httpx.AsyncClient, name: str, body: dict[str, Any], code: str
) -> None:
    check_problem(await client.post(f"/experiments/{name}", json=body), 422, code)


@pytest.mark.parametrize("setting", ["max_experiment_operations", "max_experiment_values"])
async def test_cost_is_bounded_by_settings(tmp_path: Path, setting: str) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, **{setting: 100}))) as client:  # type: ignore[arg-type]
        for name, body in SMALL.items():
            document = check_problem(await client.post(f"/experiments/{name}", json=body), 422, "too_large")
            assert document["params"]["setting"] == setting


async def test_results_in_memory_are_bounded(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, memory_mb=0))) as client:
        for _ in range(2):
            assert not lines_of(await client.post("/experiments/depth", json=SMALL["depth"]))[-1]["is_cached"]


class Endless:
    """An experiment that ends when it is closed."""

    operations, values = 1.0, 1

    def __init__(self) -> None:
        self.parts, self.is_closed = 0, False

    def run(self) -> Any:
        try:
            while True:
                self.parts += 1
                yield Progress(1, 2)
        finally:
            self.is_closed = True


def laboratory(stopping: Stopping | None = None, **settings: Any) -> Runner:
    chosen = Settings(**settings)
    return Runner(chosen, Slices(chosen, stopping), Memory(chosen.memory_mb))


async def nobody_is_gone() -> bool:
    return False


async def test_an_experiment_is_given_up_when_its_client_is_gone() -> None:
    endless = Endless()

    async def is_gone() -> bool:
        return endless.parts > 3

    lines = [line async for line in laboratory().lines(b"", endless, "/", is_gone)]
    assert endless.is_closed
    assert all(b'"progress"' in line for line in lines)


async def test_an_experiment_is_given_up_when_its_task_is_cancelled() -> None:
    endless, room = Endless(), laboratory(max_experiments=1)

    async def read() -> None:
        async for _ in room.lines(b"", endless, "/", nobody_is_gone):
            pass

    task = asyncio.create_task(read())
    while endless.parts < 10:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert endless.is_closed
    # Its place is free again.
    room.admit(endless)


async def test_a_server_that_stops_says_so_and_stops_the_experiment() -> None:
    stopping, endless = Stopping(0), Endless()
    stopping.set()
    (line,) = [line async for line in laboratory(stopping).lines(b"", endless, "/here", nobody_is_gone)]
    document = json.loads(line)
    assert (document["type"], document["problem"]["code"]) == ("problem", "server_stopping")
    assert document["problem"]["instance"] == "/here"
    # It was not even begun, or it was ended.
    assert endless.is_closed or endless.parts == 0


async def test_one_experiment_too_many_gets_a_503(tmp_path: Path) -> None:
    app: FastAPI = create_app(Settings(data_dir=tmp_path, max_experiments=1))
    async with client_of(app) as client:
        with app.state.playground.experiments.runner.admit(Endless()):
            check_problem(await client.post("/experiments/depth", json=SMALL["depth"]), 503, "too_many_experiments")
        for _ in range(2):
            lines_of(await client.post("/experiments/depth", json=SMALL["depth"]))


async def test_of_many_that_come_at_the_same_moment_no_more_run_than_may(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, max_experiments=2))
    async with client_of(app) as client:
        bodies = [{"layers": 60, "width": 40, "seeds": 10, "seed": seed} for seed in range(12)]
        answers = await asyncio.gather(*(client.post("/experiments/depth", json=body) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [200] * 2 + [503] * 10
        assert app.state.playground.memory.held == 0
        # They have all left.
        lines_of(await client.post("/experiments/depth", json=SMALL["depth"]))


class Failing(Endless):
    """An experiment with a mistake in it."""

    def run(self) -> Any:
        yield Progress(1, 2)
        raise RuntimeError("the secret")


async def test_a_mistake_in_the_middle_ends_the_answer_with_a_problem_without_its_secrets() -> None:
    lines = [line async for line in laboratory().lines(b"", Failing(), "/here", nobody_is_gone)]
    document = json.loads(lines[-1])
    assert (document["type"], document["problem"]["code"]) == ("problem", "internal")
    assert b"secret" not in b"".join(lines)


async def test_other_requests_are_answered_while_an_experiment_runs(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    running = app.state.playground.experiments.runner.lines(b"", Depth(layers=40, seeds=20), "/", nobody_is_gone)

    async def read() -> list[bytes]:
        return [line async for line in running]

    task = asyncio.create_task(read())
    async with client_of(app) as client:
        answered = 0
        while not task.done():
            assert (await client.get("/health")).status_code == 200
            answered += 1
            await asyncio.sleep(0)
    assert b'"result"' in task.result()[-1]
    assert answered > 5
