"""A machine with a small disk and a server that is started again whenever it is killed."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from chaos.clocked import AHEAD_SECONDS
from tests.live_server import environment_with
from tests.small_disk import SmallDisk

DISK, DATABASE = "disk", "sessions.sqlite3"
SETTINGS = {
    "store_busy_timeout_ms": 2000,
    "min_free_bytes": 8_000_000,
    "tidy_every_seconds": 0.2,
    # So that a wrong clock meets a sweep.
    "sweep_every_seconds": 0.5,
}
# Longer than a change waits for the lock, and than several sweeps take.
LASTS_SECONDS = 2.5
# Within this time whatever is to happen has happened, and a server answers, on a busy machine too.
HAPPENS_SECONDS = 300.0

Fault = Callable[[], Awaitable[None]]
BOTH = "killed while "


class Machine:
    """What it calls faults are what happens to machines. Each makes sure that it has really happened.

    Parameters
    ----------
    directory : its own, with `disk` in it.
    disk : what is mounted there; None: it is as large as that of this machine, and nobody fills it.
    """

    def __init__(self, directory: Path, disk: SmallDisk | None) -> None:
        self._directory = directory / DISK / "data"
        self.disk = disk
        self._seen = self._directory if disk is None else disk.path / "data"
        # What a command begins with that finds the disk.
        self._inside = [] if disk is None else disk.inside
        # Not on its disk, which has no room left at times.
        self._log, self._wrong_clock = directory / "log", directory / "wrong-clock"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server: asyncio.subprocess.Process | None = None
        self._kills = 0
        # How many of its servers have ended, and how the last one did.
        self._ends, self._last_code = 0, 0

    @property
    def faults(self) -> dict[str, Fault]:
        """By name. The server is killed while something else is wrong, too, and starts again meanwhile."""
        lasting = {"the database is locked": self._locked, "the clock is wrong": self._wrong_time}
        if self.disk is not None:
            lasting["the disk is full"] = self._full
        return {
            "killed": self.kill,
            **{name: self._for_a_while(fault, is_killed=False) for name, fault in lasting.items()},
            "the directory is removed": self._remove_directory,
            **{f"{BOTH}{name}": self._for_a_while(fault, is_killed=True) for name, fault in lasting.items()},
        }

    def at(self, number: int) -> tuple[str, Fault]:
        """What happens next: two alone, then one where the server has to start in the middle of another."""
        faults = list(self.faults.items())
        alone = [fault for fault in faults if not fault[0].startswith(BOTH)]
        together = [fault for fault in faults if fault[0].startswith(BOTH)]
        turn, place = divmod(number, 3)
        return together[turn % len(together)] if place == 2 else alone[(2 * turn + place) % len(alone)]

    async def run(self) -> None:
        """Start the server whenever it has ended, until cancelled. The socket is open all the time: clients wait."""
        command = [*self._inside, sys.executable, "-m", "chaos.clocked", str(self._wrong_clock), "--no-browser"]
        try:
            with self._log.open("ab") as log:
                while True:
                    self._server = await asyncio.create_subprocess_exec(
                        *command,
                        f"--data-dir={self._directory}",
                        f"--fd={self._listener.fileno()}",
                        pass_fds=[self._listener.fileno()],
                        env=environment_with(**SETTINGS),
                        stdout=log,
                        stderr=log,
                    )
                    self._last_code = await self._server.wait()
                    self._ends += 1
        finally:
            if self._server is not None and self._server.returncode is None:
                self._server.kill()
                await self._server.wait()
            self._listener.close()

    def complaint(self) -> str | None:
        """What the server never should do, whatever happens: end by itself, or meet a mistake of its own."""
        if self._ends > self._kills:
            return f"the server ended by itself, with {self._last_code}: {self._last_words()}"
        if "Traceback" in self._log.read_text(errors="replace"):
            return f"the server has met a mistake of its own: {self._last_words()}"
        return None

    def _last_words(self) -> str:
        return self._log.read_text(errors="replace")[-2_000:]

    async def kill(self) -> None:
        """As the kernel does where memory is short."""
        assert self._server is not None
        killed, self._kills = self._server, self._kills + 1
        killed.send_signal(signal.SIGKILL)
        code = await killed.wait()
        assert code == -signal.SIGKILL, f"it had ended before it was killed, with {code}"

    def _for_a_while(self, fault: Callable[[], AbstractAsyncContextManager[None]], *, is_killed: bool) -> Fault:
        async def happens() -> None:
            async with fault():
                await asyncio.sleep(LASTS_SECONDS / 2)
                if is_killed:
                    await self.kill()
                    # It starts meanwhile.
                    await self._clock()
                await asyncio.sleep(LASTS_SECONDS / 2)

        return happens

    @asynccontextmanager
    async def _full(self) -> AsyncIterator[None]:
        """Somebody else takes every byte of the disk, and what the server gives back too."""
        assert self.disk is not None

        async def keep_full(disk: SmallDisk) -> None:
            while True:
                disk.fill()
                await asyncio.sleep(0.05)

        taking = asyncio.create_task(keep_full(self.disk))
        try:
            yield
        finally:
            taking.cancel()
            with suppress(asyncio.CancelledError):
                await taking
            self.disk.empty()

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        """Another process writes for longer than the server waits. Where the disk is, since SQLite follows links."""
        other = await asyncio.create_subprocess_exec(
            *self._inside,
            *(sys.executable, "-m", "chaos.writer", str(self._directory / DATABASE)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert other.stdout is not None
        try:
            async with asyncio.timeout(HAPPENS_SECONDS):
                assert await other.stdout.readline() == b"locked\n"
            yield
        finally:
            await other.communicate(b"")

    async def _remove_directory(self) -> None:
        """Somebody removes the data directory."""
        # Its number may be given to the next file, so it stays open.
        with (self._seen / DATABASE).open("rb") as removed:
            shutil.rmtree(self._seen, ignore_errors=True)
            assert os.fstat(removed.fileno()).st_nlink == 0, "the database is still there"

    @asynccontextmanager
    async def _wrong_time(self) -> AsyncIterator[None]:
        """The clock is wrong, and later right again."""
        right = await self._clock()
        self._wrong_clock.touch()
        try:
            yield
            gained = await self._clock() - right
            assert gained > AHEAD_SECONDS / 2, f"the clock of the server has gained only {gained:.0f} s"
        finally:
            self._wrong_clock.unlink()

    async def _clock(self) -> float:
        """The time that the server's answers carry."""
        async with httpx.AsyncClient(base_url=self.address, timeout=HAPPENS_SECONDS) as api:
            answer = await api.get("/api/v1/health/live")
        return parsedate_to_datetime(answer.headers["date"]).timestamp()
