"""A machine with a small disk and a server that is started again whenever it ends."""

import asyncio
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.live_server import environment_with
from tests.small_disk import SmallDisk

SETTINGS = {
    "store_busy_timeout_ms": 2000,
    "min_free_bytes": 8_000_000,
    "tidy_every_seconds": 0.2,
    # So that a wrong clock meets a sweep.
    "sweep_every_seconds": 0.5,
}


class Machine:
    """Its methods do to it what happens to machines.

    Parameters
    ----------
    directory : on its disk.
    disk : None: it is as large as that of this machine, and nobody fills it.
    """

    def __init__(self, directory: Path, disk: SmallDisk | None) -> None:
        self._directory = directory / "data"
        self.disk = disk
        self._seen = self._directory if disk is None else disk.path / "data"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Start the server again and again, until cancelled. The socket is open all the time: clients wait."""
        inside = [] if self.disk is None else self.disk.inside
        command = [*inside, sys.executable, "-m", "chaos.clocked", "--no-browser"]
        try:
            while True:
                self._server = await asyncio.create_subprocess_exec(
                    *command,
                    f"--data-dir={self._directory}",
                    f"--fd={self._listener.fileno()}",
                    pass_fds=[self._listener.fileno()],
                    env=environment_with(**SETTINGS),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                await self._server.wait()
        finally:
            if self._server is not None and self._server.returncode is None:
                self._server.kill()
                await self._server.wait()
            self._listener.close()

    async def kill(self) -> None:
        """As the kernel does where memory is short."""
        self._signal(signal.SIGKILL)

    async def fill_disk(self) -> None:
        """Somebody else takes every byte of the disk, and gives them back later."""
        assert self.disk is not None
        self.disk.fill()
        await asyncio.sleep(1.5)
        self.disk.empty()

    async def hold_lock(self) -> None:
        """Another process writes for longer than the server waits."""
        try:
            other = sqlite3.connect(self._seen / "sessions.sqlite3", isolation_level=None, timeout=5)
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            # The database is not there at this moment, or others are quicker; the next time it is.
            return
        await asyncio.sleep(2.5)
        other.execute("ROLLBACK")
        other.close()

    async def remove_directory(self) -> None:
        """Somebody removes the data directory."""
        shutil.rmtree(self._seen, ignore_errors=True)

    async def move_clock(self) -> None:
        """The clock is wrong, and later right again."""
        self._signal(signal.SIGUSR1)
        await asyncio.sleep(1.5)
        self._signal(signal.SIGUSR1)

    def _signal(self, number: signal.Signals) -> None:
        if self._server is not None and self._server.returncode is None:
            self._server.send_signal(number)
