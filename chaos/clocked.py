"""The server with a clock that can be moved: it is eight days ahead while a certain file is there.

Usage: python -m chaos.clocked FILE, with the arguments of `backprop-playground`
"""

import os
import sys
import time
from collections.abc import Callable

AHEAD_SECONDS = 8 * 86_400.0


def movable(right: Callable[[], float], file: str) -> Callable[[], float]:
    """What stands in the place of `time.time`."""
    return lambda: right() + (AHEAD_SECONDS if os.path.exists(file) else 0.0)


def main() -> int:
    file, *arguments = sys.argv[1:]
    # Before anything of the server is imported.
    time.time = movable(time.time, file)
    from server.cli import main as serve

    return serve(arguments)


if __name__ == "__main__":
    sys.exit(main())
