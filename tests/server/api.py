"""How tests speak to the API."""

import re
from typing import Any

import httpx
from fastapi import FastAPI

MODEL: dict[str, Any] = {"inputs": 2, "hidden": [{"units": 8}], "output": {"units": 3}}
SESSION: dict[str, Any] = {
    "model": MODEL,
    "dataset": {"name": "three_blobs", "rows": 100},
    "batch_size": 32,
    "seed": 3,
}
TRACE: dict[str, Any] = {
    "model": {"inputs": 2, "hidden": [{"units": 3}], "output": {"units": 2}},
    "batch": {"x": [[0, 1], [1, 1], [-1, 0.5]], "y": [1, 0, 1]},
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
    "seed": 7,
}
JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv"}
# A zero with a sign, in any text that holds numbers.
MINUS_ZERO = re.compile(r"(?<![\w.+-])-0(\.0*)?(e[+-]?\d+)?(?![\w.])")


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A client of this application, with addresses relative to /api/v1."""
    # As over a network: an exception becomes its answer.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test/api/v1")


def check_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that has to be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:backprop-playground:problem:{code}"
    assert document["instance"] == answer.request.url.path
    assert document["title"] and document["detail"].endswith(".")
    assert isinstance(document["params"], dict)
    if status == 503:
        (seconds,) = answer.headers.get_list("retry-after")
        assert int(seconds) >= 1
    return document
