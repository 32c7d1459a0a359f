"""Attacks servers of our own and prints what the others noticed of it. Ends with 1 where a limit was missed.

Usage: python -m attack [family ...]
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable

from attack import connections, memory, readers, stalls
from attack.table import Row, as_text

# Each family starts the servers that it attacks, ends them, and is done in two minutes.
FAMILIES: dict[str, Callable[[], Iterable[Row]]] = {
    "connections": connections.rows,
    "stalls": stalls.rows,
    "readers": readers.rows,
    "memory": memory.rows,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m attack", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="family", help=f"any of {', '.join(FAMILIES)}; all by default")
    chosen = parser.parse_args().families or list(FAMILIES)
    unknown = set(chosen) - set(FAMILIES)
    if unknown:
        parser.error(f"there is no family {', '.join(sorted(unknown))}; choose from {', '.join(FAMILIES)}")
    rows: list[Row] = []
    for name in chosen:
        start = time.monotonic()
        for row in FAMILIES[name]():
            rows.append(row)
            print(
                f"{time.monotonic() - start:4.0f} s  {row.attack}: {row.seen:.0f} {row.unit}",
                file=sys.stderr,
                flush=True,
            )
    print(as_text(rows))
    return 0 if all(row.is_ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
