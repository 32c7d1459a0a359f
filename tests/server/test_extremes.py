"""Numbers that no machine holds, in the place of each number that a client can send: refused, or taken, in words."""

import copy
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from tests.server.api import MODEL, TRACE

# Beyond 53, 63 and 64 bits, and the largest and smallest floats.
EXTREMES = (-1, 0.5, 2**53 + 1, 2**63, 2**64, 10**30, 10**400, 1e308, -1e308, 5e-324)
DATA = {"name": "two_moons", "rows": 20, "noise": 0.1, "seed": 1, "held_out_fraction": 0.2}
SMALL = {**MODEL, "output": {"units": 2}}
GRADIENTS = {"W1": [[1], [2]], "b1": [0]}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/sessions"): {
        "model": {"inputs": 2, "hidden": [{"units": 3, "derivative_at_zero": 0}], "output": {"units": 2}, "l2": 0.1},
        "dataset": DATA,
        "optimizer": {"name": "adam", "learning_rate": 0.01, "beta1": 0.9},
        "initializer": {"name": "normal", "std": 0.1, "bias": 0.0},
        "batch_size": 4,
        "seed": 3,
        "path": {"step": 3, "edits": [{"step": 1, "patch": {"l2": 0.1}}]},
    },
    ("PATCH", "/here"): {
        "optimizer": {"name": "momentum", "learning_rate": 0.1},
        "l2": 0.1,
        "derivative_at_zero": 0.5,
        "batch_size": 3,
        "data": {"set": [{"row": 0, "x": [0, 1], "y": 1}], "remove": [2], "add": {"x": [[1, 2]], "y": [0]}},
        "future": {"step": 9, "edits": []},
    },
    ("POST", "/here/train"): {"steps": 3},
    ("POST", "/here/rewind"): {"step": 0},
    ("POST", "/here/step"): {"scope": {"kind": "sample", "sample": 0}},
    ("POST", "/here/slice"): {"tensor": "W1", "index": [0, 0], "values": [0.1, 0.2], "h": 0.1, "sample": 0},
    ("POST", "/trace"): {**TRACE, "given": {"z1": [[1, 2, 3]] * 3}},
    ("POST", "/gradient-check"): {
        "model": SMALL,
        "batch": {"x": [[0, 1], [1, 1]], "y": [0, 1]},
        "h": 1e-5,
        "limit": 3,
        "curve": {"parameter": "W1", "index": [0, 0]},
        "curve_points": 5,
    },
    ("POST", "/diagnose/cases"): {"model": SMALL, "seed": 1},
    ("POST", "/diagnose"): {
        "cases": [
            {
                "l2": 0.1,
                "parameters": GRADIENTS,
                "batch": {"x": [[0, 1]], "y": [0]},
                "results": {"dW1": [[1], [2]]},
                "inputs_after": {"parameters": GRADIENTS, "x": [[0, 1]]},
            }
        ]
    },
    ("POST", "/experiments/replicas"): {
        "model": SMALL,
        "dataset": DATA,
        "seeds": 2,
        "steps": 2,
        "seed": 1,
        "batch_size": 2,
        "points": 2,
        "initializer": {"name": "normal", "std": 0.1},
    },
    ("POST", "/experiments/depth"): {"layers": 3, "width": 3, "seeds": 1, "seed": 1, "points": 2},
    ("POST", "/experiments/born-dead"): {"widths": [2], "nets": 5, "layers": 3, "seed": 1},
    ("POST", "/experiments/derivative-at-zero"): {
        "hidden": 2,
        "derivatives": [0.5],
        "bias": 0.1,
        "seeds": 2,
        "steps": 2,
        "learning_rate": 0.1,
    },
}


def places_of_numbers(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, int | float):
        yield place
    elif isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places_of_numbers(part, (*place, name))


def with_number(body: dict[str, Any], place: tuple[Any, ...], number: float) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    holder: Any = changed
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = number
    return changed


@pytest.mark.parametrize(("method", "path"), BODIES, ids=[path.strip("/") for _, path in BODIES])
async def test_no_number_is_a_mistake_of_the_server(client: httpx.AsyncClient, method: str, path: str) -> None:
    body = BODIES[method, path]
    session = (await client.post("/sessions", json=BODIES["POST", "/sessions"])).json()["id"]
    address = path.replace("/here", f"/sessions/{session}")
    assert (await client.request(method, address, json=body)).is_success
    for place in places_of_numbers(body):
        for number in EXTREMES:
            # Rounding to 0 is no mistake of a server; elsewhere in the tests it is one of the engine.
            with np.errstate(under="ignore"):
                answer = await client.request(method, address, json=with_number(body, place, number))
            assert answer.status_code < 500 and '"internal"' not in answer.text, (place, number, answer.text[:300])
    assert (await client.get(f"/sessions/{session}")).is_success
