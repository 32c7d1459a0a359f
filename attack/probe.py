"""How long others wait for the smallest answer there is while something else goes on.

``python -m attack.probe PORT PID`` asks again and again until its input ends, then prints the longest wait in
milliseconds. Time in which the thread that answers (PID), the probe or one other thread of the server was ready and
waited for a processor does not count, where the system measures it: a stall is time that the server costs itself. The
other thread may hold the interpreter's lock meanwhile, so that the one that answers has to wait with it.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

ALIVE = "/api/v1/health/live"
PAUSE_SECONDS = 0.002


class Waits:
    """What a probe has seen; `longest` is there when it has ended."""

    longest = 0.0


@contextmanager
def probed(port: int, pid: int) -> Iterator[Waits]:
    """Ask beside what is done inside, in a process of its own: a busy client would be measured with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "attack.probe", str(port), str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    waits = Waits()
    try:
        # It has connected.
        process.stdout.readline()
        yield waits
        process.stdin.close()
        waits.longest = float(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def waits_of(pid: int) -> dict[str, float]:
    """Seconds that this process and each thread of a server have waited for a processor so far."""
    waits = {}
    for path in (Path("/proc/self/schedstat"), *Path(f"/proc/{pid}/task").glob("*/schedstat")):
        # A thread may have ended.
        with suppress(OSError):
            waits[path.parent.name] = int(path.read_text().split()[1]) / 1e9
    return waits


def held_up(pid: int, before: dict[str, float], after: dict[str, float]) -> float:
    """Seconds in which nothing went on between two moments because others had the processors."""
    waited = {name: after[name] - before.get(name, 0.0) for name in after}
    ours = waited.pop("self", 0.0) + waited.pop(str(pid), 0.0)
    return ours + max(waited.values(), default=0.0)


def main(port: int, pid: int) -> None:
    ended = threading.Thread(target=sys.stdin.read, daemon=True)
    ended.start()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    longest = 0.0
    for number in range(sys.maxsize):
        before = waits_of(pid)
        start = time.perf_counter()
        connection.request("GET", ALIVE)
        connection.getresponse().read()
        if number == 0:
            print("connected", flush=True)
        else:
            taken = time.perf_counter() - start
            longest = max(longest, taken - held_up(pid, before, waits_of(pid)))
        if not ended.is_alive():
            break
        time.sleep(PAUSE_SECONDS)
    print(f"{1000 * longest:.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
