"""How long others wait for the smallest answer there is while something else goes on.

``python -m attack.probe PORT`` asks again and again until its input ends, then prints the longest wait in milliseconds.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

ALIVE = "/api/v1/health/live"
PAUSE_SECONDS = 0.002


class Waits:
    """What a probe has seen; `longest` is there when it has ended."""

    longest = 0.0


@contextmanager
def probed(port: int) -> Iterator[Waits]:
    """Ask beside what is done inside, in a process of its own: a busy client would be measured with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "attack.probe", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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


def main(port: int) -> None:
    ended = threading.Thread(target=sys.stdin.read, daemon=True)
    ended.start()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    longest = 0.0
    for number in range(sys.maxsize):
        start = time.perf_counter()
        connection.request("GET", ALIVE)
        connection.getresponse().read()
        if number == 0:
            print("connected", flush=True)
        else:
            longest = max(longest, time.perf_counter() - start)
        if not ended.is_alive():
            break
        time.sleep(PAUSE_SECONDS)
    print(f"{1000 * longest:.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
