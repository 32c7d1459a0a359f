"""Kills, fills, locks, removes and misleads a server of our own while twenty people work, and tells what was lost.

Usage: python -m chaos [how often]. Ends with 1 where anything acknowledged was lost or changed, where the server did
not serve again by itself, or where nothing has happened to anybody.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx

from benchmarks.table import in_markdown
from chaos.client import Client, Lost
from chaos.machine import DISK, Machine
from tests.small_disk import can_mount, small_disk

CLIENTS = 20
DISK_BYTES = 60_000_000
# Within this time all have made a change again, however busy the machine is with other things.
RECOVERY_SECONDS = 300.0
# What hardly anybody may notice: the database is back within a moment, and what a wrong clock would take stays.
QUIET = ("the directory is removed", "the clock is wrong")


class Report:
    """What happened how often, how long all needed to go on, and what they were told meanwhile."""

    def __init__(self) -> None:
        self.recoveries: defaultdict[str, list[float]] = defaultdict(list)
        self.refused: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def unnoticed(self) -> list[str]:
        """What has happened to nobody."""
        return [name for name in self.recoveries if not (self.refused[name] or name in QUIET)]

    def as_text(self) -> str:
        lines = [("what happened", "times", "slowest recovery", "what clients were told meanwhile")]
        for name, seconds in self.recoveries.items():
            told = ", ".join(f"{code} {count}" for code, count in self.refused[name].most_common())
            lines.append((name, str(len(seconds)), f"{max(seconds):.1f} s", told or "nothing"))
        return in_markdown(lines)


async def everybody_goes_on(machine: Machine, clients: list[Client], works: list[asyncio.Task[None]]) -> float:
    """Seconds until each client has had a change acknowledged that it has asked for from now on. Raises Lost."""
    start = time.monotonic()
    while late := [client.seed for client in clients if client.last_asked < start]:
        for work in works:
            if work.done():
                work.result()
        if time.monotonic() - start > RECOVERY_SECONDS:
            raise Lost(f"clients {late} cannot go on. {machine.complaint() or ''}")
        await asyncio.sleep(0.05)
    if (complaint := machine.complaint()) is not None:
        raise Lost(complaint)
    return time.monotonic() - start


def refusals(clients: list[Client]) -> Counter[str]:
    return sum((client.refused for client in clients), Counter[str]())


async def run(machine: Machine, times: int) -> None:
    """Do something to the machine, this many times. Raises Lost."""
    if machine.disk is None:
        print("This system lets nobody mount a small disk, so none is filled.", file=sys.stderr)
    chance, report = random.Random(1), Report()
    running = asyncio.create_task(machine.run())
    async with httpx.AsyncClient(base_url=f"{machine.address}/api/v1", limits=httpx.Limits(keepalive_expiry=1)) as api:
        clients = [Client(seed, api) for seed in range(CLIENTS)]
        works: list[asyncio.Task[None]] = []
        try:
            await asyncio.gather(*(client.begin() for client in clients))
            works = [asyncio.create_task(client.work()) for client in clients]
            await everybody_goes_on(machine, clients, works)
            for number in range(times):
                name, fault = machine.at(number)
                await asyncio.sleep(chance.random())
                before = refusals(clients)
                await fault()
                seconds = await everybody_goes_on(machine, clients, works)
                report.recoveries[name].append(seconds)
                report.refused[name] += refusals(clients) - before
                print(f"{number + 1:3} {name}: all go on after {seconds:.1f} s", file=sys.stderr, flush=True)
            for client in clients:
                client.is_over = True
            await asyncio.gather(*works)
            for client in clients:
                await client.compare()
                await client.check_deleted()
        finally:
            for work in works:
                work.cancel()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    print(report.as_text())
    acknowledged, compared = (sum(getattr(client, name) for client in clients) for name in ("acknowledged", "compared"))
    deleted = sum(len(client.deleted) for client in clients)
    print(
        f"\n{acknowledged} changes of {CLIENTS} clients were acknowledged, none was lost or changed: all {compared}"
        f" runs have the numbers of runs that nothing happened to, and all {deleted} that were deleted are gone"
    )
    if unnoticed := report.unnoticed():
        raise Lost(f"nobody has noticed that {', '.join(unnoticed)}: has it happened?")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("times", nargs="?", type=int, default=100, help="how often something happens (default 100)")
    times = parser.parse_args().times
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (directory / DISK).mkdir()
        disk = stack.enter_context(small_disk(directory / DISK, DISK_BYTES)) if can_mount() else None
        try:
            asyncio.run(run(Machine(directory, disk), times))
        except (Lost, TimeoutError, httpx.HTTPError) as error:
            print(f"not well: {error or 'what was to happen did not'} ({type(error).__name__})", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
