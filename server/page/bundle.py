"""The bundle: the few files that the build makes of the page's sources, as long as it made them of these.

It stands in static/dist/ in a folder that is named after the hash of its sources. So a browser may keep its files for
ever, and what was made of other sources is never taken for the bundle of these.
"""

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

DIST = "dist"
# Beside each of its files stands the same in a shorter form, which takes too long to make for an answer.
BROTLI = ".br"
# Says which browser libraries there are, which need not be read.
VENDOR = "vendor"
VENDOR_STAMP = f"{VENDOR}/.stamp"

logger = logging.getLogger(__name__)


def sources(static: Path) -> Iterator[os.DirEntry[str]]:
    """Every file that the page is made of, except the browser libraries."""
    folders = [str(static)]
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                is_made = folder == str(static) and entry.name in (DIST, VENDOR)
                if is_made or entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    folders.append(entry.path)
                else:
                    yield entry


def fingerprint(static: Path) -> str:
    """Hash of the page: of its sources and of what says which libraries it uses. 16 hex digits."""
    digest = hashlib.sha256()
    stamp = static / VENDOR_STAMP
    for path in [*sorted(Path(entry.path) for entry in sources(static)), *([stamp] if stamp.is_file() else [])]:
        text = path.read_bytes()
        digest.update(f"{path.relative_to(static).as_posix()} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:16]


class Bundle:
    """Finds the bundle of the sources as they are now: they may change while the server runs."""

    def __init__(self, static: Path, is_wanted: bool = True) -> None:
        self._static = static
        self._is_wanted = is_wanted
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self._version = ""

    @property
    def version(self) -> str:
        """`fingerprint` of the sources; they are only read again when one of them has changed."""
        found = [(entry.path, entry.stat()) for entry in sources(self._static)]
        seen = frozenset((path, status.st_mtime_ns, status.st_size) for path, status in found)
        if seen != self._seen:
            self._version, self._seen = fingerprint(self._static), seen
            if self._is_wanted and not self._is_made():
                logger.warning(
                    "The page is served as its sources, one by one: there is no bundle of them. `make run` makes it."
                )
        return self._version

    def index(self) -> str | None:
        """Name of the bundle's page in the directory of the page; None where the sources are to be served."""
        version = self.version
        return f"{DIST}/{version}/index.html" if self._is_wanted and self._is_made() else None

    def _is_made(self) -> bool:
        return (self._static / DIST / self._version / "index.html").is_file()
