"""Prints the table of ratios. Always ends well: a busy machine is no mistake of the code.

Usage: python -m benchmarks.speed [--json] [engine] [scale] [server] [watching] [pages] [page] [labs] [visits]
"""

import argparse
import sys
from collections.abc import Callable, Iterable

from benchmarks import labs, many, page, pages, requests, steps, visits, watching
from benchmarks.table import Row, as_json, as_text

PARTS: dict[str, Callable[[], Iterable[Row]]] = {
    "engine": steps.rows,
    "scale": many.rows,
    "server": requests.rows,
    "watching": watching.rows,
    "pages": pages.rows,
    "page": page.rows,
    "labs": labs.rows,
    "visits": visits.rows,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all by default")
    parser.add_argument("--json", action="store_true", help="for programs")
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    rows: list[Row] = []
    for name in chosen.parts or PARTS:
        print(f"measuring the {name} ...", file=sys.stderr, flush=True)
        rows += PARTS[name]()
    print(as_json(rows) if chosen.json else as_text(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
