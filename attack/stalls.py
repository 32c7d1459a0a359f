"""One request, and how long everybody else waits meanwhile."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from attack.probe import probed
from attack.table import Row
from attack.target import Target, attacked
from attack.wire import LONG_BODY, PONG, TEXT, frame, line, opening, pour

MOST_MS = 100
# The least of some tries: a machine that was busy for a moment is no fault of the server.
TRIES = 3
# A little below the largest body that a server takes.
BODY_BYTES = 1_950_000

# Prepares what is needed, and answers the request that is measured.
Attack = Callable[[Target], Callable[[], object]]

SMALL: dict[str, Any] = {
    "model": {"inputs": 2, "hidden": [{"units": 4}], "output": {"units": 2}},
    "batch": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]},
}
UNKNOWN = "/sessions/AAAAAAAAAAAAAAAAAAAAAA"


def rows() -> Iterator[Row]:
    """The longest wait beside each attack."""
    with attacked() as target:
        for name, attack in ATTACKS.items():
            yield Row(f"stall: {name}", min(_waits(target, attack)), MOST_MS, "ms")


def _waits(target: Target, attack: Attack) -> Iterator[float]:
    for _ in range(TRIES):
        action = attack(target)
        with probed(target.port, target.pid) as seen:
            action()
        yield seen.longest
        if seen.longest <= MOST_MS:
            return


def body(document: object, filler: str) -> bytes:
    """JSON with fillers, separated by commas, in the place of "...": as many as the size of a body allows."""
    text = json.dumps(document)
    count = (BODY_BYTES - len(text)) // (len(filler) + 1)
    return text.replace('"..."', ",".join([filler] * count)).encode()


def members(document: object, value: str) -> bytes:
    """The same with members of an object in the place of "...": 0, all under other names."""
    text = json.dumps(document)
    count = (BODY_BYTES - len(text)) // (len(value) + 11)
    return text.replace('"...": 0', ",".join(f'"n{number}":{value}' for number in range(count))).encode()


def sends(method: str, path: str, sent: object) -> Attack:
    """An attack that is one request."""
    return lambda target: lambda: target.ask(method, path, sent)


def patches(sent: bytes) -> Attack:
    """A PATCH of a session that is there."""

    def prepare(target: Target) -> Callable[[], object]:
        session = target.created(SMALL)
        return lambda: target.ask("PATCH", f"/sessions/{session}", sent)

    return prepare


LARGE_MODEL = {"inputs": 64, "hidden": [{"units": 64}, {"units": 32}], "output": {"units": 10}}
DIGITS = {"model": LARGE_MODEL, "dataset": {"name": "digits"}}


def decision_map(target: Target) -> Callable[[], object]:
    wide = {"inputs": 2, "hidden": [{"units": 45}], "output": {"units": 2}}
    session = target.created({**SMALL, "model": wide})
    units = "&".join(f"unit=1:{unit}" for unit in range(45))
    return lambda: target.ask("GET", f"/sessions/{session}/decision-map?resolution=200&{units}")


def answered(path: str, request: dict[str, Any]) -> Attack:
    """A large answer about a session."""

    def prepare(target: Target) -> Callable[[], object]:
        session = target.created(request)
        return lambda: target.ask("GET", f"/sessions/{session}/{path}")

    return prepare


# 5,000 rows through 100 units: 4 million numbers in a trace.
TRACED = {
    "model": {"inputs": 2, "hidden": [{"units": 60}, {"units": 60}], "output": {"units": 2}},
    "dataset": {"name": "two_moons", "rows": 5_000, "held_out_fraction": 0},
}


def many_edits(target: Target, count: int) -> str:
    """A session with this many edits, each of all parameters, or with as many of them as the server takes."""
    session = target.created(DIGITS)
    document = target.ask("GET", f"/sessions/{session}").document
    weights = document["parameters"]["W1"]
    for _ in range(count):
        if target.ask("PATCH", f"/sessions/{session}", {"parameters": {"W1": weights}}).status != 200:
            break
    return session


def deletion(target: Target) -> Callable[[], object]:
    session = many_edits(target, 150)
    return lambda: target.ask("DELETE", f"/sessions/{session}")


def pushed_out(target: Target) -> Callable[[], object]:
    """A session with edits that is not ready any more: others have taken its place."""
    session = many_edits(target, 101)
    for _ in range(200):
        target.created(DIGITS)
    return lambda: target.ask("POST", f"/sessions/{session}/step?detail=summary")


def flooded(flood: bytes) -> Attack:
    """A socket that sends the same frame again and again."""

    def prepare(target: Target) -> Callable[[], object]:
        session = target.created(SMALL)

        def send() -> None:
            with line(target.port, opening(session)) as connection:
                connection.recv(1_000)
                pour(connection, flood, 3_000_000)

        return send

    return prepare


def raw(*sent: bytes) -> Attack:
    """Bytes that are no client's."""

    def prepare(target: Target) -> Callable[[], object]:
        def send() -> None:
            with line(target.port) as connection, suppress(OSError):
                connection.sendall(b"".join(sent))
                connection.recv(1_000)

        return send

    return prepare


CSV = "a,b,label\n" + "".join(f"{n},{n * 7 % 13}.25,{'AB'[n % 2]}\n" for n in range(4_900))
LONG_CSV = "a,b,c,label\n" + "".join(f"{n},{n * 7 % 13}.25,-{n}e-3,{'AB'[n % 2]}\n" for n in range(60_000))
ZEROS = "0"
GRADIENT_CHECK = {**SMALL, "parameters_to_check": ["..."]}
MODEL_OF_NOTHING = {**SMALL, "model": {**SMALL["model"], "hidden": ["..."]}}
PATCHES: Mapping[str, bytes] = {
    "derivative_at_zero": body({"derivative_at_zero": ["..."]}, '""'),
    "activation_numbers": body({"activation_numbers": ["..."]}, "0"),
    "data.set": body({"data": {"set": ["..."]}}, "0"),
    "data.set of empty rows": body({"data": {"set": ["..."]}}, "{}"),
    "data.remove": body({"data": {"remove": ["..."]}}, "-1"),
    "unknown fields": members({"...": 0}, "0"),
    "parameters": members({"parameters": {"...": 0}}, "0"),
    "future": body({"l2": 0, "future": {"step": 1, "edits": ["..."]}}, "0"),
}

ATTACKS: Mapping[str, Attack] = {
    "nothing": lambda target: lambda: target.ask("GET", "/models"),
    "POST /sessions, hidden of 0": sends("POST", "/sessions", body(MODEL_OF_NOTHING, ZEROS)),
    "POST /sessions, mistakes": sends(
        "POST", "/sessions", body({**SMALL, "model": {**SMALL["model"], "mistakes": ["..."]}}, "0")
    ),
    "POST /sessions, options of the data set": sends(
        "POST", "/sessions", members({**SMALL, "dataset": {"name": "xor", "...": 0}}, "[]")
    ),
    "POST /trace, given": sends("POST", "/trace", members({**SMALL, "given": {"...": 0}}, "{}")),
    "POST /trace, 2 MB of numbers": sends(
        "POST", "/trace", body({**SMALL, "batch": {"x": [["..."]], "y": [0]}}, "0.123456789")
    ),
    "POST /sessions, 2 MB of numbers": sends(
        "POST", "/sessions", body({**SMALL, "batch": {"x": ["..."], "y": [0]}}, "[0.5,1]")
    ),
    "POST /gradient-check, parameters_to_check": sends("POST", "/gradient-check", body(GRADIENT_CHECK, "0")),
    "POST /gradient-check, known parameters": sends("POST", "/gradient-check", body(GRADIENT_CHECK, '"W1"')),
    "POST /diagnose, cases": sends("POST", "/diagnose", body({"cases": ["..."]}, "0")),
    "POST /diagnose, results": sends(
        "POST",
        "/diagnose",
        members({"cases": [{"parameters": {}, "batch": {"x": 0, "y": 0}, "results": {"...": 0}}]}, '"0.5"'),
    ),
    "POST /diagnose, numbers": sends(
        "POST",
        "/diagnose",
        body(
            {"cases": [{"parameters": {"W1": [["..."]], "b1": [0]}, "batch": {"x": 0, "y": 0}, "results": {"dW1": 0}}]},
            "0",
        ),
    ),
    "POST /trace, escaped quotes": sends("POST", "/trace", b'["' + b'\\"' * 190_000 + b"[" * 110_000),
    "POST /diagnose/read, a name without an end": sends("POST", "/diagnose/read", {"text": "grad" * 49_000 + "W1 = 3"}),
    "POST /diagnose/read, answers": sends("POST", "/diagnose/read", members({"text": "", "answers": {"...": 0}}, "0")),
    "POST /diagnose/read, text": sends("POST", "/diagnose/read", body({"text": "x"}, "")[:-2] + b"=1 " * 600_000),
    "POST /experiments/depth, activations": sends("POST", "/experiments/depth", body({"activations": ["..."]}, "0")),
    "POST /datasets, 1.3 MB of CSV": lambda target: (
        lambda: target.ask("POST", "/datasets", LONG_CSV.encode(), {"Content-Type": "text/csv"})
    ),
    "POST /datasets, 5,000 rows of CSV": lambda target: (
        lambda: target.ask("POST", "/datasets", CSV.encode(), {"Content-Type": "text/csv"})
    ),
    "POST /datasets, base64": lambda target: (
        lambda: target.ask("POST", "/datasets", {"base64": base64.b64encode(LONG_CSV.encode()[:1_400_000]).decode()})
    ),
    "POST /datasets, columns": sends("POST", "/datasets", members({"csv": "a,b\n1,2\n", "columns": {"...": 0}}, "0")),
    **{f"PATCH, {name}": patches(sent) for name, sent in PATCHES.items()},
    "PATCH of no session": sends("PATCH", UNKNOWN, PATCHES["data.set"]),
    "GET decision map, 200 x 200 of 45 units": decision_map,
    "GET trace, micro": answered("trace?detail=micro", TRACED),
    "GET trace, layers": answered("trace", TRACED),
    "GET trace, the long way": answered("trace?detail=micro&expand=true", TRACED),
    "GET view": answered("view?map=0,1,200", TRACED),
    "GET data": answered("data", {**TRACED, "model": {**TRACED["model"], "hidden": []}}),
    "GET export as a script": answered("export?format=numpy", DIGITS),
    "DELETE with 150 large edits": deletion,
    "cold read of 101 edits": pushed_out,
    "WebSocket, messages of two letters": flooded(frame(TEXT, b"ab")),
    "WebSocket, pongs": flooded(frame(PONG, b"")),
    "POST /trace, chunks of one byte": raw(
        LONG_BODY.replace(b"Content-Length: 1900000", b"Transfer-Encoding: chunked"), b"1\r\n \r\n" * 300_000
    ),
    "GET, 15,000 headers": raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"a:\r\n" * 15_000 + b"\r\n"),
    "POST /diagnose, a number of 30,000 digits": sends(
        "POST",
        "/diagnose",
        {"cases": [{"parameters": {"W1": [["1" * 30_000 + "_1"]], "b1": [0]}, "batch": {"x": [[0]], "y": [0]}}]},
    ),
    "POST /diagnose/read, columns of R": sends("POST", "/diagnose/read", {"text": "[,1]\n" * 39_000}),
}
