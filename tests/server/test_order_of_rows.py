"""`"shuffle": false`: the batches of a session take the rows in the order of the file."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.sessions.codec.record import START, session_of
from server.sessions.creating import new_session
from server.sessions.schemas import SessionRequest
from server.sessions.store.packing import pack, unpack
from server.sessions.store.protocol import Head, Stored
from server.settings import Settings
from tests.server.api import CSV, SESSION, TRACE, check_problem, client_of

# One neuron, a = x1 w1 + x2 w2, from w = (0, 0) with the rate 1/2: w goes down by (a - y) x / 2.
NEURON: dict[str, Any] = {
    "model": {
        "inputs": 2,
        "output": {"units": 1, "activation": "identity"},
        "loss": "half_squared_error",
        "bias": False,
    },
    "parameters": {"W1": [[0], [0]]},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
    "batch_size": 1,
    "shuffle": False,
}
FORWARD = {"x": [[1, 1], [1, 0]], "y": [1, 0]}
BACKWARD = {"x": [[1, 0], [1, 1]], "y": [0, 1]}


async def begun(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/sessions", json={**NEURON, **changes})
    assert answer.status_code == 201, answer.text
    session: dict[str, Any] = answer.json()
    return session


async def trained(client: httpx.AsyncClient, session: dict[str, Any], steps: int) -> list[list[float]]:
    answer = (await client.post(f"/sessions/{session['id']}/train", json={"steps": steps})).json()
    weights: list[list[float]] = answer["session"]["parameters"]["W1"]
    return weights


@pytest.mark.parametrize(
    ("rows", "steps", "wanted"),
    [
        # a = 0, y = 1: w = (1/2, 1/2); a = 1/2, y = 0: w = (1/4, 1/2).
        (FORWARD, 2, [[0.25], [0.5]]),
        # a = 0, y = 0: w stays; a = 0, y = 1.
        (BACKWARD, 2, [[0.5], [0.5]]),
        # Once more through each: a = 3/4, then a = 3/8; a = 1/2, then a = 3/4.
        (FORWARD, 4, [[0.1875], [0.625]]),
        (BACKWARD, 4, [[0.375], [0.625]]),
    ],
)
async def test_one_update_a_row_gives_the_weights_of_a_calculation_by_hand(
    client: httpx.AsyncClient, rows: dict[str, Any], steps: int, wanted: list[list[float]]
) -> None:
    session = await begun(client, batch=rows)
    assert (session["shuffle"], session["batch_size"], session["steps_per_epoch"]) == (False, 1, 2)
    assert await trained(client, session, steps) == wanted


async def test_the_training_part_of_a_data_set_keeps_the_order_of_the_file(client: httpx.AsyncClient) -> None:
    model = {"inputs": 4, "output": {"units": 3}}
    body = {"model": model, "dataset": {"name": "iris"}, "batch_size": 7, "shuffle": False}
    session = (await client.post("/sessions", json=body)).json()
    path = f"/sessions/{session['id']}"
    rows = (await client.get(f"{path}/data")).json()["train"]
    seen = [(await client.post(f"{path}/step")).json()["batch"] for _ in range(session["steps_per_epoch"])]
    assert [x for batch in seen for x in batch["x"]] == rows["x"]
    # The file of the irises has its three kinds one after the other.
    assert [y for batch in seen for y in batch["y"]] == rows["y"] == sorted(rows["y"])


async def test_a_table_of_ones_own_is_taken_line_by_line(client: httpx.AsyncClient) -> None:
    table = "a,b,label\n3,1,no\n1,2,yes\n2,2,no\n5,7,yes\n"
    added = (await client.post("/datasets", content=table, headers=CSV)).json()
    dataset = {"name": added["name"], "held_out_fraction": 0, "scaling": "none"}
    body = {"model": {"inputs": 2, "output": {"units": 2}}, "dataset": dataset, "batch_size": 1, "shuffle": False}
    session = (await client.post("/sessions", json=body)).json()
    seen = [(await client.post(f"/sessions/{session['id']}/step")).json()["batch"]["x"] for _ in range(5)]
    assert seen == [[[3, 1]], [[1, 2]], [[2, 2]], [[5, 7]], [[3, 1]]]


async def test_rows_are_shuffled_where_nothing_is_said(client: httpx.AsyncClient) -> None:
    said, silent = [
        (await client.post("/sessions", json={**SESSION, **more})).json() for more in ({"shuffle": True}, {})
    ]
    assert said["shuffle"] is silent["shuffle"] is True
    usual = await trained(client, silent, 9)
    assert await trained(client, said, 9) == usual
    in_order = (await client.post("/sessions", json={**SESSION, "shuffle": False})).json()
    assert await trained(client, in_order, 9) != usual


async def test_the_order_changes_in_mid_run_is_noted_and_made_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, checkpoint_every_steps=5)
    async with client_of(create_app(settings)) as client:
        session = (await client.post("/sessions", json=SESSION)).json()
        path = f"/sessions/{session['id']}"
        await trained(client, session, 7)
        found = (await client.patch(path, json={"shuffle": False})).json()
        assert found["shuffle"] is False
        assert found["edits"] == [{"step": 7, "changes": {"shuffle": False}}]
        rows = (await client.get(f"{path}/data")).json()["train"]
        assert (await client.get(f"{path}/trace")).json()["batch"]["x"] == rows["x"][:32]
        end = await trained(client, session, 20)
        await client.post(f"{path}/rewind", json={"step": 3})
        assert (await client.get(path)).json()["shuffle"] is True
    async with client_of(create_app(settings)) as client:
        back = (await client.post(f"{path}/rewind", json={"step": 27})).json()
        assert (back["shuffle"], back["parameters"]["W1"]) == (False, end)


async def test_the_scripts_and_the_replicas_take_the_rows_in_the_same_order(client: httpx.AsyncClient) -> None:
    session = await begun(client, batch=FORWARD)
    await trained(client, session, 2)
    for kind in ("numpy", "pytorch"):
        script = (await client.get(f"/sessions/{session['id']}/export?format={kind}")).text
        assert "rows = rows_in_order(step, 1, 0)" in script and "permutation" not in script
    body = {name: NEURON[name] for name in ("model", "optimizer", "batch_size", "shuffle")}
    body |= {"batch": FORWARD, "steps": 2, "seeds": 2, "initializer": {"name": "zeros"}}
    lines = (await client.post("/experiments/replicas", json=body)).text.splitlines()
    # The second step sees the second row with a = 1/2: its loss is 1/8 from every seed.
    assert json.loads(lines[-1])["result"]["final_loss"] == [0.125, 0.125]


@pytest.mark.parametrize("wrong", ["no", 0, 1, None, "false"])
async def test_an_order_that_is_neither_true_nor_false_is_refused(client: httpx.AsyncClient, wrong: object) -> None:
    check_problem(await client.post("/sessions", json={**NEURON, "batch": FORWARD, "shuffle": wrong}), 422, "invalid")
    session = await begun(client, batch=FORWARD)
    check_problem(await client.patch(f"/sessions/{session['id']}", json={"shuffle": wrong}), 422, "invalid")


async def test_a_session_that_was_stored_before_there_was_a_choice_is_shuffled() -> None:
    body = {"model": TRACE["model"], "batch": TRACE["batch"], "batch_size": 2, "seed": 4}
    session = await new_session(SessionRequest.model_validate(body), None, Settings())  # type: ignore[arg-type]
    state, parts = session.changes()
    arrays, words = unpack(session.start())
    assert words.pop("is_shuffled") is True
    kept = {name: body for name, body in parts.items() if body is not None}
    read = session_of(session.id, Stored(Head(1, 0), state, {**kept, START: pack(arrays, words)}))
    for trainer in (read.trainer, session.trainer):
        trainer.train(11)
    assert (read.trainer.state == session.trainer.state).all()
