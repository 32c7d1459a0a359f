"""Kills, fills, locks, removes and misleads a server of our own while twenty people work, and tells what was lost.

Usage: python -m chaos [how often]. Ends with 1 where anything acknowledged was lost or changed, or where the server did
not serve again by itself.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx

from chaos.client import Client, Lost
from chaos.machine import Machine
from tests.small_disk import can_mount, small_disk

CLIENTS = 20
DISK_BYTES = 60_000_000
# Within this time all have made a change again.
RECOVERY_SECONDS = 120.0


async def everybody_goes_on(clients: list[Client], works: list[asyncio.Task[None]]) -> float:
    """Seconds until each client has had a change acknowledged. Raises Lost, TimeoutError."""
    start = time.monotonic()
    before = [client.acknowledged for client in clients]
    async with asyncio.timeout(RECOVERY_SECONDS):
        while any(client.acknowledged == count for client, count in zip(clients, before, strict=True)):
            for work in works:
                if work.done():
                    work.result()
            await asyncio.sleep(0.05)
    return time.monotonic() - start


async def run(machine: Machine, times: int) -> None:
    """Do something to the machine, this many times."""
    faults = [machine.kill, machine.hold_lock, machine.remove_directory, machine.move_clock]
    if machine.disk is None:
        print("This system lets nobody mount a small disk, so none is filled.", file=sys.stderr)
    else:
        faults.append(machine.fill_disk)
    chance, done, slowest = random.Random(1), Counter[str](), Counter[str]()
    running = asyncio.create_task(machine.run())
    async with httpx.AsyncClient(base_url=f"{machine.address}/api/v1", limits=httpx.Limits(keepalive_expiry=1)) as api:
        clients = [Client(seed, api) for seed in range(CLIENTS)]
        works: list[asyncio.Task[None]] = []
        try:
            await asyncio.gather(*(client.begin() for client in clients))
            works = [asyncio.create_task(client.work()) for client in clients]
            await everybody_goes_on(clients, works)
            for number in range(times):
                fault = faults[number % len(faults)]
                await asyncio.sleep(chance.random())
                await fault()
                seconds = await everybody_goes_on(clients, works)
                done[fault.__name__] += 1
                slowest[fault.__name__] = max(slowest[fault.__name__], round(10 * seconds))
                print(f"{number + 1:3} {fault.__name__}: all go on after {seconds:.1f} s", file=sys.stderr, flush=True)
            for client in clients:
                client.is_over = True
            await asyncio.gather(*works)
            for client in clients:
                await client.compare()
        finally:
            for work in works:
                work.cancel()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    print(f"{'what happened':20} {'times':>5} {'slowest recovery':>17}")
    for name, count in done.items():
        print(f"{name:20} {count:5} {slowest[name] / 10:15.1f} s")
    acknowledged, failed = (sum(getattr(client, name) for client in clients) for name in ("acknowledged", "failed"))
    print(
        f"{acknowledged} changes of {CLIENTS} clients acknowledged, {failed} refused or without an answer; none lost, "
        "and every run has the numbers of one that nothing happened to"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("times", nargs="?", type=int, default=100, help="how often something happens (default 100)")
    times = parser.parse_args().times
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        disk = stack.enter_context(small_disk(directory, DISK_BYTES)) if can_mount() else None
        try:
            asyncio.run(run(Machine(directory, disk), times))
        except (Lost, TimeoutError) as error:
            print(f"not well: {error or 'the server does not serve all of them again'}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
