"""Clients that ask for long answers and never read them, and what the server keeps for them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from attack.stalls import TRACED
from attack.table import Row
from attack.target import API, attacked
from attack.wire import line

READERS = 20
MEMORY_MB = 200
# Besides the answers on their way: what is computed at the same time, and what allocators keep.
MOST_MB = 350
SECONDS = 15


def rows() -> Iterator[Row]:
    with attacked(memory_mb=MEMORY_MB) as target:
        session = target.created(TRACED)
        before = target.megabytes
        most = 0.0
        with ExitStack() as stack:
            for _ in range(READERS):
                asked = f"GET {API}/sessions/{session}/trace?detail=micro HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                stack.enter_context(line(target.port, asked.encode()))
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                most = max(most, target.megabytes)
                time.sleep(0.05)
            answer = target.ask("POST", f"/sessions/{session}/step?detail=summary")
        step = answer.document["step"]
        yield Row(f"memory: {READERS} readers that never read", most - before, MOST_MB, "MB", f"step {step}")
