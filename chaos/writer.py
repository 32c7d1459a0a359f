"""Another process that writes to the database of a server, and takes its time.

Usage: python -m chaos.writer FILE; says "locked" when it is the only one that may write, until its input ends.
"""

import sqlite3
import sys
import time


def main() -> None:
    # Never a new one: the server's own may just be on its way back.
    database = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True, timeout=0.01, isolation_level=None)
    while True:
        try:
            database.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError:
            time.sleep(0.01)
    print("locked", flush=True)
    sys.stdin.read()
    database.execute("ROLLBACK")


if __name__ == "__main__":
    main()
