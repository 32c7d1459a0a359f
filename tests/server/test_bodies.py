"""Bodies that cost more to read than they are worth: what can be many is bounded before it is looked at."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter
from pydantic_core import ValidationError

from server.app import create_app
from server.checks.gradient_check_schemas import GradientCheckRequest
from server.checks.loss_slice_schemas import SliceRequest
from server.datasets.schemas import OwnTable
from server.doctor.reading.schemas import ReadRequest
from server.doctor.schemas import CasesRequest, DiagnoseRequest
from server.experiments.schemas import REQUESTS
from server.http.bodies import BodyRoute
from server.http.problems import invalid
from server.models.numbers import PIECE, Matrix, Vector
from server.sessions.edit_schemas import SessionEdit
from server.sessions.schemas import RewindRequest, SessionRequest, StepRequest, TrainRequest
from server.settings import Settings
from server.steps.schemas import TraceRequest
from tests.server.api import JSON, MODEL, TRACE, check_problem, client_of

BODIES: tuple[type[BaseModel], ...] = (
    TraceRequest,
    GradientCheckRequest,
    SessionRequest,
    SessionEdit,
    TrainRequest,
    RewindRequest,
    SliceRequest,
    CasesRequest,
    DiagnoseRequest,
    ReadRequest,
    *REQUESTS.values(),
)
# Read by their routes themselves.
BY_HAND = (StepRequest, OwnTable)
MANY = 50_000


def lists_of(schema: Any) -> Iterator[dict[str, Any]]:
    """The lists of a core schema, wherever they stand."""
    if isinstance(schema, dict):
        if schema.get("type") == "list":
            yield schema
        for part in schema.values():
            yield from lists_of(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from lists_of(part)


def test_the_bodies_tested_here_are_those_that_routes_read() -> None:
    routes = list(body_routes(create_app(Settings())))
    assert {route.body_field.field_info.annotation for route in routes if route.body_field} == set(BODIES)
    assert all(isinstance(route, BodyRoute) for route in routes)


def body_routes(app: FastAPI) -> Iterator[Any]:
    """The routes with a body that FastAPI knows of, also those of included routers."""
    waiting = list(app.router.routes)
    while waiting:
        route = waiting.pop()
        waiting += getattr(getattr(route, "original_router", None), "routes", [])
        if getattr(route, "body_field", None) is not None:
            yield route


@pytest.mark.parametrize("body", [*BODIES, *BY_HAND], ids=lambda body: body.__name__)
def test_every_list_of_a_request_ends_at_its_first_fault(body: type[BaseModel]) -> None:
    found = list(lists_of(body.__pydantic_core_schema__))
    assert [schema for schema in found if not schema.get("fail_fast")] == []


def test_the_search_finds_lists() -> None:
    assert len(list(lists_of(SessionRequest.__pydantic_core_schema__))) > 5


WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/sessions", {"model": {**MODEL, "hidden": [0] * MANY}}),
    ("POST", "/sessions", {"model": {**MODEL, "hidden": [{"units": 1}] * (MANY // 2)}}),
    ("POST", "/sessions", {"model": {**MODEL, "mistakes": [0] * MANY}}),
    ("POST", "/sessions", {"model": MODEL, "path": {"step": 1, "edits": [0] * MANY}}),
    ("POST", "/trace", {**TRACE, "batch": {"x": [0] * MANY, "y": [0]}}),
    ("POST", "/trace", {**TRACE, "batch": {"x": [[0, 0]], "y": [0] * MANY}}),
    ("PATCH", "/sessions/none", {"derivative_at_zero": [""] * MANY}),
    ("PATCH", "/sessions/none", {"activation_numbers": [None] * MANY}),
    ("PATCH", "/sessions/none", {"data": {"set": [0] * MANY}}),
    ("PATCH", "/sessions/none", {"data": {"remove": [0] * MANY}}),
    ("PATCH", "/sessions/none", {"data": {"set": [{"row": 0, "x": [0, ""]}]}}),
    ("POST", "/gradient-check", {**TRACE, "parameters_to_check": [0] * MANY}),
    ("POST", "/gradient-check", {**TRACE, "parameters_to_check": ["W1"] * MANY}),
    ("POST", "/sessions/none/slice", {"tensor": "W1", "index": [0, 0], "values": [0] * MANY}),
    ("POST", "/diagnose", {"cases": [0] * MANY}),
    ("POST", "/experiments/depth", {"activations": [0] * MANY}),
    ("POST", "/experiments/born-dead", {"widths": [""] * MANY}),
]


async def test_many_wrong_items_are_a_few_faults(client: httpx.AsyncClient) -> None:
    for method, path, body in WRONG:
        answer = await client.request(method, path, json=body)
        document = answer.json()
        assert answer.status_code == 422, path
        assert document["params"].get("type") != "too_many_faults", path
        assert len(document["errors"]) <= 10, path
        assert len(answer.content) < 4_000, path


def names(count: int, value: object = 0) -> dict[str, object]:
    return {f"n{number}": value for number in range(count)}


MEMBERS: list[tuple[str, dict[str, Any]]] = [
    ("/trace", {**TRACE, **names(MANY // 2)}),
    ("/trace", {**TRACE, "parameters": names(MANY // 2, "")}),
    ("/trace", {**TRACE, "given": names(MANY // 2, {})}),
    ("/trace", {**TRACE, "optimizer": {"name": "sgd", **names(MANY // 2, "")}}),
    ("/sessions", {"model": MODEL, "dataset": {"name": "xor", **names(MANY // 2, [])}}),
    ("/diagnose/read", {"text": "", "answers": names(MANY // 2)}),
    ("/datasets", {"csv": "a,b\n1,2\n", "columns": names(MANY // 2)}),
]


async def test_many_wrong_names_are_counted_and_not_told(client: httpx.AsyncClient) -> None:
    for path, body in MEMBERS:
        document = check_problem(await client.post(path, json=body), 422, "invalid")
        assert document["params"] == {"place": "body", "type": "too_many_faults"}, path


@pytest.mark.parametrize(
    "body", ["[" * 60_000, '{"a":' * 60_000, '["",' * 200_000, '{"x":[' + "[]," * 120_000 + "[]]}"]
)
async def test_more_lists_names_and_texts_than_the_setting_allows_are_refused_unread(
    client: httpx.AsyncClient, body: str
) -> None:
    answer = await client.post("/trace", content=body, headers=JSON)
    # Fewer of them are read, and are no JSON.
    few = len(body) < 130_000
    check_problem(answer, 400 if few else 422, "not_json" if few else "too_large")


async def test_brackets_in_a_text_are_no_lists(tmp_path: Path) -> None:
    text = 'W1 = [[1, 2], [3, 4]]  # "{:}"\n' * 20
    async with client_of(create_app(Settings(data_dir=tmp_path, max_body_parts=100))) as client:
        assert (await client.post("/diagnose/read", json={"text": text})).status_code == 200
        answer = await client.post("/diagnose/read", json={"text": "", "answers": names(100, "")})
        document = check_problem(answer, 422, "too_large")
    assert document["params"]["setting"] == "max_body_parts"


@pytest.mark.parametrize(
    "body",
    [
        {**TRACE, "model": {**TRACE["model"], "loss": "x" * MANY}},
        {**TRACE, "model": {**TRACE["model"], "hidden": [{"units": 1, "activation": "x" * MANY}]}},
        {**TRACE, "optimizer": {"name": "sgd", "x" * MANY: 1}},
        {**TRACE, "x" * MANY: 1},
        {**TRACE, "parameters": {"x" * MANY: [1]}},
        {**TRACE, "given": {"x" * MANY: [1]}},
        {"model": MODEL, "dataset": {"name": "x" * MANY}},
    ],
)
async def test_a_long_name_is_not_said_again_in_full(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/sessions" if "dataset" in body else "/trace", json=body)
    assert answer.status_code in (404, 422)
    assert len(answer.content) < 4_000


def test_a_wrong_number_is_found_in_its_place_also_far_behind_in_a_long_list() -> None:
    for wrong in (True, "1", None, float("nan")):
        for place in (0, PIECE - 1, PIECE, 3 * PIECE - 1):
            cells: list[object] = [1.5] * (3 * PIECE)
            cells[place] = wrong
            assert where(Vector, cells) == (place,)
            rows = [cells[start : start + 100] for start in range(0, len(cells), 100)]
            assert where(Matrix, rows) == (place // 100, place % 100)
            assert where(Matrix, [[0.0], cells, [0.0]]) == (1, place)


def where(kind: Any, value: object) -> tuple[int | str, ...]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (fault,) = caught.value.errors()
    return fault["loc"]


def test_a_long_list_is_the_same_numbers() -> None:
    cells = list(range(2 * PIECE + 1))
    assert TypeAdapter(Vector).validate_python(cells) == cells
    rows = [[number, -number] for number in cells]
    assert TypeAdapter(Matrix).validate_python(rows) == rows


LONE = r"\ud800"
HALVES = (LONE.encode(), rb"x\udc00x", rb"\ud800A", "\ud800".encode(errors="surrogatepass"))
TEXTS: list[tuple[str, str]] = [
    ("/trace", json.dumps({**TRACE, "model": {**TRACE["model"], "loss": "HERE"}})),
    ("/trace", json.dumps({**TRACE, "parameters": {"HERE": [1]}})),
    ("/trace", json.dumps({**TRACE, "given": {"HERE": [1]}})),
    ("/sessions", json.dumps({"model": MODEL, "dataset": {"name": "HERE"}})),
    ("/sessions", json.dumps({"model": MODEL, "dataset": {"name": "xor", "corners": "HERE"}})),
    ("/gradient-check", json.dumps({**TRACE, "parameters_to_check": ["HERE"]})),
    ("/diagnose", json.dumps({"cases": [{"name": "HERE", "parameters": {}, "batch": {"x": 0, "y": 0}}]})),
    ("/diagnose", json.dumps({"cases": [{"parameters": {}, "batch": {"x": "HERE", "y": 0}}]})),
    ("/diagnose/read", json.dumps({"text": "W1 = 1 HERE"})),
    ("/diagnose/read", json.dumps({"text": "", "answers": {"HERE": "1"}})),
    ("/datasets", json.dumps({"csv": "a,HERE\n1,2\n"})),
    ("/datasets", json.dumps({"csv": "a,b\n1,2\n", "name": "HERE"})),
    ("/experiments/depth", json.dumps({"activations": ["HERE"]})),
    ("/sessions/none/slice", json.dumps({"tensor": "HERE", "index": [0]})),
]


async def test_half_a_character_is_refused_wherever_it_stands(client: httpx.AsyncClient) -> None:
    for half in HALVES:
        for path, text in TEXTS:
            answer = await client.post(path, content=text.encode().replace(b"HERE", half), headers=JSON)
            check_problem(answer, 422, "not_unicode")


async def test_half_a_character_is_refused_in_a_step(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    body = json.dumps({"scope": {"kind": "HERE"}}).replace("HERE", LONE)
    answer = await client.post(f"/sessions/{session['id']}/step", content=body, headers=JSON)
    check_problem(answer, 422, "not_unicode")


async def test_both_halves_are_a_character(client: httpx.AsyncClient) -> None:
    body = rb'{"csv": "a,b\n1,0\n2,1\n3,0\n4,1\n", "name": "\ud83d\ude00"}'
    assert (await client.post("/datasets", content=body, headers=JSON)).json()["title"] == "😀"


UNASKED = ("text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data", "")


@pytest.mark.parametrize("content_type", [*UNASKED, "text/html"])
async def test_json_is_read_where_it_is_said_to_be_json(
    client: httpx.AsyncClient, session: dict[str, Any], content_type: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    here = f"/sessions/{session['id']}"
    for method, path, body in (
        ("POST", "/trace", TRACE),
        ("POST", "/sessions", {"model": MODEL, "dataset": {"name": "three_blobs"}}),
        ("PATCH", here, {"l2": 0.5}),
        ("POST", f"{here}/step", {}),
        ("POST", f"{here}/train", {"steps": 1}),
        ("POST", "/diagnose/cases", {}),
        ("POST", "/experiments/depth", {}),
    ):
        answer = await client.request(method, path, content=json.dumps(body).encode(), headers=headers)
        document = check_problem(answer, 415, "unsupported_type")
        assert document["params"]["found"] == content_type.partition(";")[0]
    assert (await client.get(here)).json()["version"] == session["version"]


@pytest.mark.parametrize("content_type", UNASKED)
async def test_a_table_of_a_type_that_any_page_may_send_is_not_kept(
    client: httpx.AsyncClient, content_type: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await client.post("/datasets", content=b"a,b\n1,0\n2,1\n3,0\n4,1\n", headers=headers)
    check_problem(answer, 415, "unsupported_type")


@pytest.mark.parametrize("content_type", ["text/csv", "application/octet-stream", "text/tab-separated-values"])
async def test_a_table_is_the_bytes_of_a_file(client: httpx.AsyncClient, content_type: str) -> None:
    body = b"a,b\n1,0\n2,1\n3,0\n4,1\n"
    assert (await client.post("/datasets", content=body, headers={"Content-Type": content_type})).status_code == 201


async def test_a_request_without_a_body_needs_no_type(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    for headers in ({}, {"Content-Type": "text/plain"}):
        assert (await client.post(f"/sessions/{session['id']}/step", headers=headers)).status_code == 200


def test_a_problem_is_of_bounded_size() -> None:
    fault = {"type": "missing", "loc": ("y" * MANY, 1), "msg": "z" * MANY}
    assert len(json.dumps(invalid([fault] * MANY, "/" + "p" * MANY))) < 30_000


@pytest.mark.parametrize("ending", ["", '"', "\\"])
async def test_a_text_full_of_escaped_quotes_is_looked_through_once(client: httpx.AsyncClient, ending: str) -> None:
    # More brackets than parts are allowed, so that texts have to be told from them; each quote might begin one.
    body = b'["' + b'\\"' * 190_000 + b"[" * 110_000 + ending.encode()
    start = time.process_time()
    answer = await client.post("/trace", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    assert time.process_time() - start < 2
