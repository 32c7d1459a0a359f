"""How long others wait for the smallest answer there is while something else goes on.

``python -m attack.probe PORT PID`` asks again and again until its input ends, then prints the longest wait in
milliseconds. Time in which the thread that answers (PID) or the probe was ready and waited for a processor does not
count, where the system measures it: a stall is time that the server costs itself.
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


def held_up(pid: int) -> float:
    """Seconds that the thread of a server which answers, and this one, have waited for a processor so far."""
    waited = 0
    for path in (f"/proc/{pid}/task/{pid}/schedstat", "/proc/self/schedstat"):
        with suppress(OSError):
            waited += int(Path(path).read_text().split()[1])
    return waited / 1e9


def main(port: int, pid: int) -> None:
    ended = threading.Thread(target=sys.stdin.read, daemon=True)
    ended.start()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    longest = 0.0
    for number in range(sys.maxsize):
        start, before = time.perf_counter(), held_up(pid)
        connection.request("GET", ALIVE)
        connection.getresponse().read()
        if number == 0:
            print("connected", flush=True)
        else:
            longest = max(longest, time.perf_counter() - start - (held_up(pid) - before))
        if not ended.is_alive():
            break
        time.sleep(PAUSE_SECONDS)
    print(f"{1000 * longest:.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
