"""A session is brought along a path in one request: for a link, or to take back a change that cut steps off."""

from typing import Any

import httpx

from tests.server.api import SESSION, check_problem

RATE, WEIGHTS = {"optimizer": {"learning_rate": 0.02}}, {"parameters": {"b1": [0.5] * 8}}
# How the numbers of a session came about says what they are.
SAME = ("step", "furthest_step", "parameters", "optimizer", "edits")


def path_of(session: dict[str, Any]) -> str:
    return f"/sessions/{session['id']}"


def same(session: dict[str, Any]) -> dict[str, Any]:
    return {name: session[name] for name in SAME}


async def walked(client: httpx.AsyncClient, session: dict[str, Any]) -> dict[str, Any]:
    """Twelve steps with two edits, one request after the other."""
    for steps, patch in ((3, RATE), (4, WEIGHTS), (5, None)):
        await client.post(f"{path_of(session)}/train", json={"steps": steps})
        if patch is not None:
            assert (await client.patch(path_of(session), json=patch)).status_code == 200
    found: dict[str, Any] = (await client.get(path_of(session))).json()
    return found


PATH = {"step": 12, "edits": [{"step": 3, "patch": RATE}, {"step": 7, "patch": WEIGHTS}]}


async def test_a_session_that_is_created_with_a_path_is_the_one_that_went_it(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    expected = await walked(client, session)
    answer = await client.post("/sessions", json={**SESSION, "path": PATH})
    assert answer.status_code == 201, answer.text
    assert same(answer.json()) == same(expected)
    histories = [(await client.get(f"{path_of(one)}/history")).json() for one in (answer.json(), expected)]
    assert histories[0] == histories[1]


async def test_a_change_that_gives_the_future_again_stays_where_it_is(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    expected = await walked(client, session)
    await client.post(f"{path_of(session)}/rewind", json={"step": 5})
    before = (await client.get(path_of(session))).json()["parameters"]["b2"]
    cut = (await client.patch(path_of(session), json={"parameters": {"b2": [1, 2, 3]}})).json()
    assert cut["furthest_step"] == 5
    future = {"step": 12, "edits": [{"step": 7, "patch": WEIGHTS}]}
    answer = await client.patch(path_of(session), json={"parameters": {"b2": before}, "future": future})
    found = answer.json()
    assert (found["step"], found["furthest_step"], found["version"]) == (5, 12, cut["version"] + 1)
    there = (await client.post(f"{path_of(session)}/rewind", json={"step": 12})).json()
    assert there["parameters"] == expected["parameters"]


async def test_a_path_that_cannot_be_gone_changes_nothing(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    await client.post(f"{path_of(session)}/train", json={"steps": 5})
    before = (await client.get(path_of(session))).json()
    wrong = {"step": 9, "patch": {"parameters": {"b1": [1]}}}
    for future, code in (
        ({"step": 4}, "path_goes_back"),
        ({"step": 10, "edits": [wrong]}, "shape"),
        ({"step": 2_000_000}, "too_large"),
    ):
        check_problem(await client.patch(path_of(session), json={**RATE, "future": future}), 422, code)
        assert (await client.get(path_of(session))).json() == before


async def test_a_path_goes_forward(client: httpx.AsyncClient) -> None:
    edits = [{"step": 7, "patch": WEIGHTS}, {"step": 3, "patch": RATE}]
    for path in ({"step": 12, "edits": edits}, {"step": 5, "edits": edits[:1]}):
        answer = await client.post("/sessions", json={**SESSION, "path": path})
        check_problem(answer, 422, "invalid")
        assert "in their order" in answer.text
