"""The server: steps per second against an empty endpoint, and a class of 30 with 5 trainings beside it."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import numpy as np
from websockets.asyncio.client import connect

from benchmarks.connection import Connection, request_to
from benchmarks.load import Caller, rate
from benchmarks.serving import EMPTY, served
from benchmarks.table import Row
from server.steps.views import VIEW

# Requests in flight at once: enough that the server always has the next one waiting.
CONNECTIONS = 4
# Short turns, so that a machine that is busy for a second slows all of them alike.
ROUNDS, ROUND_SECONDS = 25, 0.12
TARGETS = {"summary": 0.4, "frame": 0.4, "layers": 0.25}

CLIENTS, STREAMS = 30, 5
CLASS_SECONDS = 10


def rows() -> Iterator[Row]:
    """All figures of the server."""
    with served() as port:
        yield from _throughput(port)
        yield from _views(port)
    with served() as port:
        yield from asyncio.run(_class(port))


def _recipe(units: tuple[int, int, int], dataset: str, batch_size: int | None) -> dict[str, Any]:
    inputs, hidden, outputs = units
    return {
        "model": {"inputs": inputs, "hidden": [{"units": hidden}], "output": {"units": outputs}},
        "dataset": {"name": dataset},
        "batch_size": batch_size,
        "optimizer": {"name": "sgd", "learning_rate": 0.05},
    }


# What the page shows after *Next*, by what it shows it of: recipe, and how often an empty answer fits into its time.
VIEWS = {
    "XOR": (_recipe((2, 3, 2), "xor", None), 5),
    "iris, batch 10": (_recipe((4, 8, 3), "iris", 10), 7),
    "64-32-10, batch 16": (_recipe((64, 32, 10), "digits", 16), 12),
}
MOST_VIEW_KB = 300


def session_request(seed: int) -> dict[str, Any]:
    """2-8-3 on a batch of 32 rows."""
    rng = np.random.default_rng(seed)
    return {
        "model": {"inputs": 2, "hidden": [{"units": 8}], "output": {"units": 3}},
        "seed": seed,
        "batch": {"x": rng.normal(size=(32, 2)).tolist(), "y": rng.integers(0, 3, 32).tolist()},
        "optimizer": {"name": "sgd", "learning_rate": 0.05},
    }


async def _sessions(port: int, requests: Iterable[dict[str, Any]]) -> list[str]:
    connection = await Connection.to(port)
    made = [await connection.post("/api/v1/sessions", request) for request in requests]
    connection.close()
    return [session["id"] for session in made]


# --- Requests per second ---------------------------------------------------------------------------------------------


def _throughput(port: int) -> list[Row]:
    ids = asyncio.run(_sessions(port, map(session_request, range(CONNECTIONS))))
    requests = {"empty": [request_to(EMPTY)] * CONNECTIONS}
    for detail in TARGETS:
        requests[detail] = [request_to(f"/api/v1/sessions/{session}/step?detail={detail}") for session in ids]
    rates = _in_turns(port, requests)
    return [
        Row(
            f"requests/s, step {detail} / empty endpoint",
            median(a / b for a, b in zip(rates[detail], rates["empty"], strict=True)),
            target,
            "higher",
            f"{max(rates[detail]):.0f}/s, empty {max(rates['empty']):.0f}/s",
        )
        for detail, target in TARGETS.items()
    ]


def _in_turns(port: int, requests: Mapping[str, list[bytes]]) -> dict[str, list[float]]:
    """Answers per second of each kind of request, round after round; a connection for each of its kind."""
    callers = [Caller(port) for _ in range(CONNECTIONS)]
    rates: dict[str, list[float]] = {name: [] for name in requests}
    for _ in range(ROUNDS):
        for name, per_connection in requests.items():
            rates[name].append(rate(callers, per_connection, ROUND_SECONDS))
    for caller in callers:
        caller.close()
    return rates


def _views(port: int) -> Iterator[Row]:
    """What a press of *Next* costs, as often as an empty answer would: one answer with all that the page then shows."""
    for name, (recipe, target) in VIEWS.items():
        ids = asyncio.run(_sessions(port, [recipe] * CONNECTIONS))
        requests = {"empty": [request_to(EMPTY)] * CONNECTIONS}
        for kind, query in (("view", ""), ("mapped", "&map=0,1,40")):
            paths = [f"/api/v1/sessions/{session}/step?history_from=1000000{query}" for session in ids]
            requests[kind] = [request_to(path, accept=VIEW) for path in paths]
        size = asyncio.run(_size(port, requests["view"][0]))
        rates = _in_turns(port, requests)
        yield _turns(f"view after a step, {name} / empty endpoint", rates, "view", "empty", target)
        yield _turns(f"the same with a map of 40 x 40 / without, {name}", rates, "mapped", "view", 3)
        yield Row(f"a view, {name}, in KB", size / 1000, MOST_VIEW_KB)


def _turns(title: str, rates: Mapping[str, list[float]], name: str, to: str, target: float) -> Row:
    value = median(b / a for a, b in zip(rates[name], rates[to], strict=True))
    return Row(title, value, target, note=f"{max(rates[name]):.0f}/s, {max(rates[to]):.0f}/s")


async def _size(port: int, request: bytes) -> int:
    connection = await Connection.to(port)
    _, body = await connection.send(request)
    connection.close()
    return len(body)


# --- A class ---------------------------------------------------------------------------------------------------------


async def _class(port: int) -> list[Row]:
    """Everybody takes one step a second, while some sessions train live."""
    ids = await _sessions(port, map(session_request, range(CLIENTS + STREAMS)))
    errors: list[str] = []
    trained = [0] * STREAMS
    streams = [asyncio.create_task(_stream(port, ids[CLIENTS + n], trained, n, errors)) for n in range(STREAMS)]
    clients = await asyncio.gather(*(_client(port, ids[n], n / CLIENTS, errors) for n in range(CLIENTS)))
    for task in streams:
        task.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    seconds = [second for client in clients for second in client]
    percentiles = quantiles(seconds, n=100)
    title = f"{CLIENTS} clients at 1 step/s, {STREAMS} streams"
    return [
        Row(
            f"{title}: p99 in ms",
            percentiles[98] * 1000,
            100,
            note=f"median {percentiles[49] * 1000:.1f} ms, worst {max(seconds) * 1000:.1f} ms, {len(seconds)} steps; "
            f"the streams took {sum(trained) / CLASS_SECONDS:.0f} steps/s",
        ),
        Row(f"{title}: errors", len(errors), 0, note="; ".join(sorted(set(errors)))),
    ]


async def _client(port: int, session: str, delay: float, errors: list[str]) -> list[float]:
    connection = await Connection.to(port)
    request = request_to(f"/api/v1/sessions/{session}/step?detail=frame")
    seconds = []
    await asyncio.sleep(delay)
    for _ in range(CLASS_SECONDS):
        start = perf_counter()
        status, body = await connection.send(request)
        seconds.append(perf_counter() - start)
        if status != 200:
            errors.append(f"{status} {body[:80]!r}")
        await asyncio.sleep(max(0.0, 1 - (perf_counter() - start)))
    connection.close()
    return seconds


async def _stream(port: int, session: str, trained: list[int], number: int, errors: list[str]) -> None:
    start = json.dumps({"type": "train", "frames_per_second": 20})
    try:
        async with connect(f"ws://127.0.0.1:{port}/api/v1/sessions/{session}/stream") as websocket:
            await websocket.send(start)
            async for message in websocket:
                if isinstance(message, str):
                    errors.append(message)
                else:
                    header = json.loads(message[8 : 8 + int.from_bytes(message[4:8], "little")])
                    trained[number] = header["session"]["step"]
    except OSError as error:
        errors.append(str(error))
