"""The server with a clock that can be moved: each SIGUSR1 sets it eight days ahead, or right again.

Usage: python -m chaos.clocked, with the arguments of `backprop-playground`
"""

import signal
import sys
import time

AHEAD_SECONDS = 8 * 86_400.0


class Clock:
    """Stands in the place of `time.time`."""

    def __init__(self) -> None:
        self._right = time.time
        self._ahead = 0.0

    def __call__(self) -> float:
        return self._right() + self._ahead

    def move(self) -> None:
        """Ahead, or back."""
        self._ahead = AHEAD_SECONDS - self._ahead


def main() -> int:
    clock = Clock()
    # Before anything of the server is imported.
    time.time = clock
    signal.signal(signal.SIGUSR1, lambda *_: clock.move())
    from server.cli import main as serve

    return serve(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
