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
from typing import NamedTuple

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


class Times(NamedTuple):
    """Seconds that a thread has had a processor, and has waited for one."""

    ran: float
    waited: float


def times_of(pid: int) -> dict[str, Times]:
    """Those of this process ("self") and of each thread of a server, so far."""
    times = {}
    for path in (Path("/proc/self/schedstat"), *Path(f"/proc/{pid}/task").glob("*/schedstat")):
        # A thread may have ended.
        with suppress(OSError):
            ran, waited, _ = path.read_text().split()
            times[path.parent.name] = Times(int(ran) / 1e9, int(waited) / 1e9)
    return times


def stall(seconds: float, pid: int, before: dict[str, Times], after: dict[str, Times]) -> float:
    """How many of these seconds the server cost itself.

    The time in which one of its other threads waited counts only as far as none of its threads had a processor.
    """
    none = Times(0.0, 0.0)
    waited = {name: times.waited - before.get(name, none).waited for name, times in after.items()}
    left = seconds - waited.pop("self", 0.0) - waited.pop(str(pid), 0.0)
    ran = sum(times.ran - before.get(name, none).ran for name, times in after.items())
    return left - max(0.0, min(max(waited.values(), default=0.0), left - ran))


def main(port: int, pid: int) -> None:
    ended = threading.Thread(target=sys.stdin.read, daemon=True)
    ended.start()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    longest = 0.0
    for number in range(sys.maxsize):
        before = times_of(pid)
        start = time.perf_counter()
        connection.request("GET", ALIVE)
        connection.getresponse().read()
        if number == 0:
            print("connected", flush=True)
        else:
            longest = max(longest, stall(time.perf_counter() - start, pid, before, times_of(pid)))
        if not ended.is_alive():
            break
        time.sleep(PAUSE_SECONDS)
    print(f"{1000 * longest:.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
