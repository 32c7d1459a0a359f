"""The view that comes with the page is the one that a session of the same recipe is answered with."""

import base64
import json
import math
import re
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.app import create_app
from server.settings import Settings

ELEMENT = re.compile(r'<script type="application/json" id="first-view">(.*)</script>')
VIEW = "application/vnd.backprop.view"


def client_of(tmp_path: Path, **settings: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(Settings(data_dir=tmp_path, **settings)))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def parts_of(view: bytes) -> tuple[dict[str, Any], bytes]:
    end = 8 + int.from_bytes(view[4:8], "little")
    return json.loads(view[8:end]), view[end:]


def grid_of(values: bytes, told: dict[str, Any], dtype: str) -> np.ndarray:
    shape = told["shape"]
    return np.frombuffer(values, dtype, math.prod(shape), told["byte_offset"]).reshape(shape)


async def first_of(client: httpx.AsyncClient) -> dict[str, Any]:
    element = ELEMENT.search((await client.get("/")).text)
    assert element is not None
    found: dict[str, Any] = json.loads(element[1])
    return found


async def test_its_numbers_are_those_of_a_session_of_its_recipe(tmp_path: Path) -> None:
    async with client_of(tmp_path) as client:
        first = await first_of(client)
        answer = await client.post(
            "/api/v1/sessions",
            params={"sample": first["sample"], "map": "0,1,40"},
            json=first["recipe"],
            headers={"Accept": VIEW},
        )
    header, values = parts_of(base64.b64decode(first["view"]))
    expected, expected_values = parts_of(answer.content)
    for one in (header, expected):
        for name in ("id", "version", "expires_at"):
            del one["session"][name]
    coarse, exact = header.pop("map"), expected.pop("map")
    assert values[: coarse["z"]["byte_offset"]] == expected_values[: exact["z"]["byte_offset"]]
    assert header == expected
    z = [grid_of(of, told["z"], "<f4") for of, told in ((values, coarse), (expected_values, exact))]
    np.testing.assert_array_equal(*z)
    told = coarse["probabilities"]
    q = grid_of(values, told, "u1")
    p = told["low"] + (told["high"] - told["low"]) * q / 255
    np.testing.assert_allclose(
        p, grid_of(expected_values, exact["probabilities"], "<f4"), atol=(told["high"] - told["low"]) / 509
    )
    assert [coarse["x"], coarse["y"]] == [[axis[0], axis[-1]] for axis in (exact["x"], exact["y"])]


async def test_its_programs_are_those_that_the_server_answers(tmp_path: Path) -> None:
    async with client_of(tmp_path) as client:
        first = await first_of(client)
        await client.post("/api/v1/sessions", json=first["recipe"])
        (fingerprint,) = first["programs"]
        answered = (await client.get(f"/api/v1/programs/{fingerprint}")).json()
    header, _ = parts_of(base64.b64decode(first["view"]))
    assert {frame["program"] for frame in header["frames"]} == {fingerprint}
    assert first["programs"][fingerprint] == answered


async def test_page_is_the_same_after_a_restart(tmp_path: Path) -> None:
    tags = []
    for name in ("one", "two"):
        async with client_of(tmp_path / name) as client:
            tags.append((await client.get("/")).headers["etag"])
    assert tags[0] == tags[1]


async def test_a_server_that_refuses_the_recipe_serves_the_page_without_it(tmp_path: Path) -> None:
    async with client_of(tmp_path, max_inputs=1) as client:
        page = await client.get("/")
    assert page.status_code == 200
    assert ELEMENT.search(page.text) is None


async def test_no_session_is_made_for_it(tmp_path: Path) -> None:
    async with client_of(tmp_path, max_sessions=1) as client:
        first = await first_of(client)
        assert (await client.post("/api/v1/sessions", json=first["recipe"])).status_code == 201


@pytest.mark.parametrize("path", ["/", "/index.html", "/?embed=1&present=1"])
async def test_it_comes_whatever_the_page_is_asked_with(tmp_path: Path, path: str) -> None:
    async with client_of(tmp_path) as client:
        assert ELEMENT.search((await client.get(path)).text) is not None
