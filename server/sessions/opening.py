"""Opens the embedded session store."""

from collections.abc import Callable

from server.sessions.sqlite import SqliteStore
from server.sessions.store import SessionStore, StoreBroken
from server.settings import Settings

DATABASE = "sessions.sqlite3"


def sqlite_of(settings: Settings, clock: Callable[[], float]) -> Callable[[float], SessionStore]:
    """Opens the embedded store in the data directory."""

    def open_store(busy_timeout_ms: float) -> SessionStore:
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreBroken(f"{settings.data_dir}: {error.strerror}") from error
        return SqliteStore(
            settings.data_dir / DATABASE,
            lifetime_seconds=settings.session_ttl_seconds,
            busy_timeout_ms=busy_timeout_ms,
            max_sessions=settings.max_sessions,
            clock=clock,
        )

    return open_store
