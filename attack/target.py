"""The server that is attacked: our own, in a process and on a data directory of its own."""

import json
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.live_server import COMMAND, environment_with

API = "/api/v1"
ANSWER_SECONDS = 60
# What a line of its log begins with, unless it belongs to the one before.
LEVEL = re.compile(r"\S+Z (?=WARNING|ERROR)")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in small letters) and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Target:
    """A server under attack.

    Parameters
    ----------
    pid : of its process.
    """

    port: int
    pid: int

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own. Bytes travel as they are, everything else as JSON."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            kind = {} if sent is None else {"Content-Type": "application/json"}
            connection.request(method, f"{API}{path}", sent, {**kind, **(headers or {})})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def created(self, request: dict[str, Any]) -> str:
        """The id of a new session."""
        answer = self.ask("POST", "/sessions", request)
        assert answer.status == 201, answer.body[:500]
        return str(answer.document["id"])

    @property
    def megabytes(self) -> float:
        """What its process holds in memory at this moment."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found, status
        return int(found[1]) / 1000


def allow(files: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


@contextmanager
def attacked(most_files: int | None = None, **settings: object) -> Iterator[Target]:
    """A server with these settings, for example `attacked(max_rows=10)`, that runs until the context ends.

    Parameters
    ----------
    most_files : open files that the system allows it, as `ulimit -n` says.
    """
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [str(COMMAND), "--no-browser", "--port", "0", "--data-dir", directory],
            env=environment_with(**settings) | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            # Its log is not measured; a pipe that nobody reads would stop it.
            stderr=log,
            text=True,
            preexec_fn=None if most_files is None else partial(allow, most_files),
        )
        try:
            assert process.stdout is not None
            greeting = process.stdout.readline()
            found = re.search(r"http://\S+:(\d+)", greeting)
            assert found, f"the server said {greeting!r}"
            yield Target(int(found[1]), process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.seek(0)
            lines = [line for line in log.read().decode(errors="replace").splitlines() if LEVEL.match(line)]
            for words, count in Counter(re.sub(r"\d+", "…", LEVEL.sub("", line)) for line in lines).most_common():
                print(f"the server has logged {count} times: {words[:300]}", file=sys.stderr)
