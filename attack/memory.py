"""What clients can make a server keep: large sessions, many different networks, answers that nobody takes."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import product
from typing import Any

from attack.stalls import SMALL
from attack.table import Row
from attack.target import API, Target, attacked
from attack.wire import line

BUDGET_MB = 60
# Besides the budget: what is computed at the moment, what interpreter and allocator keep, programs at hand.
BESIDES_MB = 80
SESSIONS, NETWORKS, SILENT, SECONDS = 64, 100, 400, 20
AT_ONCE, BODIES = 100, 40

LARGE: dict[str, Any] = {
    "model": {"inputs": 64, "hidden": [{"units": 32}, {"units": 16}], "output": {"units": 10}},
    "dataset": {"name": "digits"},
}
# A trace of 700 KB as JSON: an answer that is made and sent in one go.
SHORT = {
    "model": {"inputs": 2, "hidden": [{"units": 20}], "output": {"units": 2}},
    "dataset": {"name": "two_moons", "rows": 300, "held_out_fraction": 0},
}


def rows() -> Iterator[Row]:
    for name, attack in ATTACKS.items():
        with attacked(memory_mb=BUDGET_MB) as target:
            before = target.megabytes
            note = attack(target)
            yield Row(f"memory: {name}", target.megabytes - before, BUDGET_MB + BESIDES_MB, "MB", note)
    with attacked(memory_mb=BUDGET_MB) as target:
        yield from checks_at_once(target)
    for name, asked in LONG.items():
        with attacked(memory_mb=BUDGET_MB) as target:
            yield at_once(target, name, asked)


def at_once(target: Target, name: str, asked: str) -> Row:
    """What a server needs that is asked for something long of many large sessions at the same time."""
    ids = [target.created({**LARGE, "seed": seed}) for seed in range(AT_ONCE)]
    for session_id in ids:
        target.ask("POST", f"/sessions/{session_id}/train", {"steps": 2})
    before = most = target.megabytes
    with ExitStack() as stack:
        for session_id in ids:
            stack.enter_context(line(target.port, asked.replace("ID", session_id).encode()))
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            most = max(most, target.megabytes)
            time.sleep(0.1)
        note = f"a newcomer's step is {_steps(target, target.created(SMALL))}"
    return Row(f"memory: {AT_ONCE} large sessions, {name}", most - before, BESIDES_MB, "MB", note)


def checks_at_once(target: Target) -> Iterator[Row]:
    """Slow checks of little text, and then bodies of two megabytes that are read and wait behind them."""
    before = target.megabytes
    with ExitStack() as stack:
        for name, body, count in (("of 600 bytes", SLOW_CHECK, AT_ONCE), ("of 2 MB", long_check(), BODIES)):
            most = 0.0
            for _ in range(count):
                # Closed before it was sent: too many bodies are there.
                with suppress(OSError):
                    stack.enter_context(line(target.port, posted("/gradient-check", body)))
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                most = max(most, target.megabytes)
                time.sleep(0.1)
            note = f"a newcomer's step is {_steps(target, target.created(SMALL))}"
            yield Row(f"memory: {count} gradient checks {name}", most - before, BUDGET_MB + BESIDES_MB, "MB", note)


def posted(path: str, body: bytes) -> bytes:
    head = f"POST {API}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def long_check() -> bytes:
    """Few bytes for a number, and as many numbers as the limits allow."""
    row = "[" + "0," * 189 + "1]"
    x, y = ",".join([row] * 5_000), ",".join(["0"] * 5_000)
    model = '{"inputs":190,"hidden":[],"output":{"units":1,"activation":"identity"},"loss":"squared_error"}'
    return f'{{"model":{model},"limit":5,"curve_points":0,"batch":{{"x":[{x}],"y":[{y}]}}}}'.encode()


def large_sessions(target: Target) -> str:
    ids = [target.created({**LARGE, "seed": seed}) for seed in range(SESSIONS)]
    for session_id in ids:
        answer = target.ask("POST", f"/sessions/{session_id}/step?detail=summary")
        assert answer.document["step"] == 1, answer.body[:500]
    return f"all of them go on: {all(_steps(target, session_id) == 2 for session_id in ids)}"


def many_networks(target: Target) -> str:
    """No two of them have a program in common."""
    activations = ("relu", "tanh", "sigmoid", "elu")
    for number, chosen in zip(range(NETWORKS), product(activations, repeat=7), strict=False):
        hidden = [{"units": 2 + number % 5, "activation": activation} for activation in chosen]
        model = {**SMALL["model"], "hidden": hidden}
        session_id = target.created({**SMALL, "model": model, "optimizer": {"name": "adam"}})
        assert _steps(target, session_id) == 1
        target.ask("POST", f"/sessions/{session_id}/train", {"steps": 3})
        target.ask("GET", f"/sessions/{session_id}/view?long_way=true&map=0,1,40")
    return ""


def silent_readers(target: Target) -> str:
    """Each asks for short answers, one after the other, and takes none."""
    asked = f"GET {API}/sessions/{target.created(SHORT)}/trace HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    most = 0.0
    with ExitStack() as stack:
        for _ in range(SILENT):
            try:
                stack.enter_context(line(target.port, asked * 8))
            except OSError:
                # Closed before it was sent.
                continue
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            most = max(most, target.megabytes)
            time.sleep(0.1)
        return f"{most:.0f} MB in all at most; a newcomer's step is {_steps(target, target.created(SMALL))}"


def _steps(target: Target, session_id: str) -> int:
    return int(target.ask("POST", f"/sessions/{session_id}/step?detail=summary").document["step"])


# A model of 160,000 parameters.
SLOW_CHECK = json.dumps(
    {
        "model": {
            "inputs": 2,
            "hidden": [{"units": 400, "activation": "tanh"}] * 2,
            "output": {"units": 1, "activation": "identity"},
            "loss": "squared_error",
        },
        "limit": 400,
        "curve_points": 0,
        "batch": {"x": [[0, 1]] * 40, "y": [0] * 40},
    }
).encode()
SLICE = json.dumps({"tensor": "W1", "index": [0, 0], "values": [value / 100 for value in range(100)]}).encode()
LONG = {
    "a slice of the loss of each at once": posted("/sessions/ID/slice", SLICE).decode(),
    "9,999 steps of each at once": (
        f"POST {API}/sessions/ID/train HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        'Content-Length: 15\r\n\r\n{"steps": 9999}'
    ),
    "an earlier step of each at once": (f"GET {API}/sessions/ID/view?step=2 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
}
ATTACKS: dict[str, Callable[[Target], str]] = {
    f"{SESSIONS} sessions of 64-32-16-10, a step each": large_sessions,
    f"{NETWORKS} different networks of 8 layers": many_networks,
    f"{SILENT} clients that take no answer": silent_readers,
}
