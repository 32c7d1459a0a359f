"""Who may open a training stream, and how many at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from server.problems import Problem
from server.settings import Settings


class Streams:
    """Counts the open streams and knows the pages that may open one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = 0

    def check_origin(self, origin: str | None, host: str | None) -> None:
        """Refuse another site's page: browsers let any page open a WebSocket to any server. Scripts send no Origin."""
        if origin is None or urlsplit(origin).netloc == host or origin in self._settings.allowed_origins:
            return
        raise Problem(
            403,
            "foreign_origin",
            f"Pages of {origin} may not use this server. Whoever runs it can allow them with BACKPROP_ALLOWED_ORIGINS.",
            origin=origin,
        )

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among the open streams, while inside."""
        if self._open >= self._settings.max_streams:
            raise Problem(
                503,
                "too_many_streams",
                f"This server has its {self._settings.max_streams} streams open. Close one, or try again in a moment.",
                wanted=self._settings.max_streams,
            )
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
