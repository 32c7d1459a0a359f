"""The page's files in memory: read, compressed and hashed once for every version on the disk."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from starlette.datastructures import Headers
from starlette.responses import Response

from server.page.bundle import BROTLI, DIST
from server.page.preloads import imports_of

# Not from the machine's own table, which calls scripts plain text on some systems.
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}

# A shorter file hardly gets shorter.
LEAST_COMPRESSED = 300

# Their folder is named after what they hold.
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    """One version of a file, ready to be sent.

    `compressed`: its shorter forms by their content coding, the shortest first. `imports`: what a script imports, as
    paths inside the page.
    """

    version: tuple[int, int]
    text: bytes
    compressed: dict[str, bytes]
    media_type: str
    etag: str
    imports: tuple[str, ...]
    is_kept_for_ever: bool = False
    vary: str = "Accept-Encoding"

    @classmethod
    def of(cls, name: str, text: bytes, version: tuple[int, int], brotli: bytes | None = None) -> "File":
        """`brotli`: the text in that form, where the build has made it."""
        media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        compressed = {} if brotli is None else {"br": brotli}
        if len(text) >= LEAST_COMPRESSED:
            compressed["gzip"] = gzip.compress(text, compresslevel=9, mtime=0)
        # Weak: the same tag stands for the compressed forms too.
        etag = f'W/"{hashlib.sha256(text).hexdigest()[:16]}"'
        imports = imports_of(name, text.decode()) if name.endswith(".js") else ()
        return cls(version, text, compressed, media_type, etag, imports, name.startswith(f"{DIST}/"))

    def answer(self, headers: Headers) -> Response:
        """304 for a browser that has it, else the text, compressed where the browser can read that."""
        common = {"etag": self.etag, "vary": self.vary}
        if self.is_kept_for_ever:
            common["cache-control"] = FOR_EVER
        if self.etag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=common)
        accepted = codings(headers.get("accept-encoding", ""))
        for coding, text in self.compressed.items():
            if coding in accepted:
                return Response(text, headers={**common, "content-encoding": coding}, media_type=self.media_type)
        return Response(self.text, headers=common, media_type=self.media_type)


def codings(accepted: str) -> set[str]:
    """The content codings that `Accept-Encoding` names, without those that it refuses ("br;q=0")."""
    weighed = [part.replace(" ", "").lower().partition(";q=") for part in accepted.split(",")]
    return {coding for coding, _, weight in weighed if not re.fullmatch(r"0(\.0*)?", weight)}


class Folder:
    """The files of a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._files: dict[str, File] = {}

    def file(self, name: str) -> File | None:
        """The file as it is on the disk now; None where there is none, or only one that is nobody's business."""
        parts = name.split("/")
        if any(part == "" or part.startswith(".") for part in parts) or {"\\", ":", "\0"} & set(name):
            return None
        path = self.directory.joinpath(*parts)
        try:
            status = path.stat()
        except OSError:  # not there, or no name that a file can have
            return None
        if not S_ISREG(status.st_mode):
            return None
        version = (status.st_mtime_ns, status.st_size)
        file = self._files.get(name)
        if file is None or file.version != version:
            file = self._files[name] = File.of(name, path.read_bytes(), version, self._brotli(path))
        return file

    def _brotli(self, path: Path) -> bytes | None:
        """What the build has compressed of a file of the bundle."""
        made = path.with_name(path.name + BROTLI)
        return made.read_bytes() if made.is_relative_to(self.directory / DIST) and made.is_file() else None

    def imported_by(self, name: str) -> tuple[str, ...]:
        """What a script imports; nothing where there is no such script."""
        file = self.file(name)
        return file.imports if file else ()
