"""POST /trace with values of one's own: what would follow from them."""

from typing import Any

import httpx

from tests.server.api import TRACE, check_problem


async def traced(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/trace", json={**TRACE, **changes})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_what_is_given_is_taken_as_it_is(client: httpx.AsyncClient) -> None:
    plain = await traced(client)
    z = [[1.0, -1.0, 0.0], [0.5, 0.25, -2.0], [3.0, 3.0, 3.0]]
    found = await traced(client, given={"z1": z})
    assert found["layers"][0]["z"] == z
    assert found["layers"][0]["a"] == [[max(0.0, value) for value in row] for row in z]
    assert found["layers"][0]["W"] == plain["layers"][0]["W"]
    assert found["loss"] != plain["loss"]


async def test_another_gradient_changes_no_value_before_it(client: httpx.AsyncClient) -> None:
    plain = await traced(client)
    found = await traced(client, given={"dz2": [[0, 0]] * 3})
    assert (found["loss"], found["layers"][1]["z"]) == (plain["loss"], plain["layers"][1]["z"])
    assert found["layers"][1]["dW"] == [[0.0, 0.0]] * 3
    assert found["updated"]["W1"] == plain["layers"][0]["W"]


async def test_what_cannot_be_given_is_explained(client: httpx.AsyncClient) -> None:
    for given, code in (
        ({"W1": [[0, 0, 0]] * 2}, "unknown_name"),
        ({"z9": [[0]]}, "unknown_name"),
        ({"z1": [[0, 0]]}, "shape"),
    ):
        check_problem(await client.post("/trace", json={**TRACE, "given": given}), 422, code)
