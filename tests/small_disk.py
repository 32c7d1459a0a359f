"""A disk of a few megabytes that can really be full, for a server of its own."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.live_server import COMMAND, environment_with

# As no user but oneself, in a space where only this process sees the disk.
ALONE = ["unshare", "--user", "--map-root-user", "--mount"]
MOUNT = 'mount -t tmpfs -o size="$1" none "$0" && echo mounted && exec sleep 3600'


def can_mount() -> bool:
    """Whether this system lets a test have a disk of its own."""
    try:
        tried = subprocess.run([*ALONE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, timeout=20)
    except OSError:
        return False
    return tried.returncode == 0


class SmallDisk:
    """A mounted disk.

    Parameters
    ----------
    directory : where processes inside find it.
    holder : the process that has it.
    """

    def __init__(self, directory: Path, holder: subprocess.Popen[str]) -> None:
        self._directory = directory
        self._holder = holder
        # What a command begins with to see it.
        self.inside = ["nsenter", f"--target={holder.pid}", "--user", "--mount", "--preserve-credentials"]
        # The same from outside.
        self.path = Path(f"/proc/{holder.pid}/root{directory}")

    @property
    def free(self) -> int:
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def fill(self) -> None:
        """Take every byte that is left."""
        with suppress(OSError), (self.path / "somebody-elses").open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    def empty(self) -> None:
        """Give back what `fill` has taken."""
        (self.path / "somebody-elses").unlink()

    def serve(self, **settings: object) -> tuple[subprocess.Popen[bytes], str]:
        """A server whose data directory it is, and its address; the caller that starts it ends it."""
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            arguments = ["--no-browser", "--data-dir", str(self._directory), "--fd", str(listener.fileno())]
            server = subprocess.Popen(
                [*self.inside, str(COMMAND), *arguments], pass_fds=[listener.fileno()], env=environment_with(**settings)
            )
        return server, address


@contextmanager
def small_disk(directory: Path, nbytes: int) -> Iterator[SmallDisk]:
    """A disk of this many bytes, which is gone afterwards."""
    holder = subprocess.Popen(
        [*ALONE, "sh", "-c", MOUNT, str(directory), str(nbytes)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "mounted\n"
        yield SmallDisk(directory, holder)
    finally:
        holder.kill()
        holder.communicate()
