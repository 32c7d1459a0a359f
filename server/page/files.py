"""The page's files, answered from memory: read, compressed and hashed once for every version on the disk."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.page.bundle import DIST, Bundle
from server.page.preloads import imports_of, with_preloads

INDEX = "index.html"

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

# What is shorter hardly gets shorter.
LEAST_COMPRESSED = 300

# In index.html; the page compares it with what later answers say.
VERSION = '<meta name="version" content="{}">'

# Their folder is named after what they hold.
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    """One version of a file, ready to be sent. `imports`: what a script imports, as paths inside the page."""

    version: tuple[int, int]
    text: bytes
    compressed: bytes | None
    media_type: str
    etag: str
    imports: tuple[str, ...]
    is_kept_for_ever: bool = False

    @classmethod
    def of(cls, name: str, text: bytes, version: tuple[int, int]) -> "File":
        media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        compressed = gzip.compress(text, compresslevel=9, mtime=0) if len(text) >= LEAST_COMPRESSED else None
        # Weak: the same tag stands for the compressed form too.
        etag = f'W/"{hashlib.sha256(text).hexdigest()[:16]}"'
        imports = imports_of(name, text.decode()) if name.endswith(".js") else ()
        return cls(version, text, compressed, media_type, etag, imports, name.startswith(f"{DIST}/"))

    def answer(self, headers: Headers) -> Response:
        """304 for whoever has it, else the text, compressed for whoever can read that."""
        common = {"etag": self.etag, "vary": "Accept-Encoding"}
        if self.is_kept_for_ever:
            common["cache-control"] = FOR_EVER
        if self.etag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=common)
        if self.compressed is not None and "gzip" in headers.get("accept-encoding", ""):
            return Response(self.compressed, headers={**common, "content-encoding": "gzip"}, media_type=self.media_type)
        return Response(self.text, headers=common, media_type=self.media_type)


class PageFiles:
    """Answers for the files of the page; everything else goes on to the application.

    It stands before the routes, which need not be asked for any of the files of a visit.
    """

    def __init__(self, app: ASGIApp, directory: Path, bundle: Bundle, version: str) -> None:
        self.app = app
        self._directory = directory
        self._bundle = bundle
        self._version = version
        self._files: dict[str, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            name = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
            file = self._page() if name in ("", INDEX) else self._file(name)
        answer = self.app if file is None else file.answer(Headers(scope=scope))
        await answer(scope, receive, send)

    def _file(self, name: str) -> File | None:
        """The file as it is on the disk now; None where there is none, or only one that is nobody's business."""
        parts = name.split("/")
        if any(part == "" or part.startswith(".") for part in parts) or {"\\", ":", "\0"} & set(name):
            return None
        path = self._directory.joinpath(*parts)
        try:
            status = path.stat()
        except OSError:  # not there, or no name that a file can have
            return None
        if not S_ISREG(status.st_mode):
            return None
        version = (status.st_mtime_ns, status.st_size)
        file = self._files.get(name)
        if file is None or file.version != version:
            file = self._files[name] = File.of(name, path.read_bytes(), version)
        return file

    def _page(self) -> File | None:
        """The page: that of the bundle, or else with a link to each of its modules."""
        bundled = self._bundle.index()
        index = self._file(bundled or INDEX)
        if index is None:
            return None
        text = index.text.decode().replace(VERSION.format(""), VERSION.format(self._version))
        if bundled is None:
            text = with_preloads(text, self._imported_by)
        # No file has an empty name.
        page = self._files.get("")
        if page is None or page.text != text.encode():
            page = self._files[""] = File.of(INDEX, text.encode(), index.version)
        return page

    def _imported_by(self, name: str) -> tuple[str, ...]:
        file = self._file(name)
        return file.imports if file else ()
