"""Opens the embedded session store."""

from collections.abc import Callable
from contextlib import suppress

from server.sessions.store.protocol import SessionStore, StoreBroken, StoreBusy, StoreFull
from server.sessions.store.space import Space
from server.sessions.store.sqlite import SqliteStore
from server.settings import Settings

DATABASE = "sessions.sqlite3"
# A server that starts waits this long for another one that is bringing the tables to a newer form.
STARTING_MS = 60_000.0


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
            space=Space(settings.max_store_bytes, settings.min_free_bytes, settings.reserve_bytes),
        )

    return open_store


def make_usable(settings: Settings, clock: Callable[[], float]) -> None:
    """Bring the tables of an older version to their newest form, before anybody uses them.

    Raises
    ------
    StoreRefused, StoreBroken : the database cannot be used, now or later. A disk that is full may have room later.
    """
    with suppress(StoreFull, StoreBusy):
        sqlite_of(settings, clock)(STARTING_MS).close()
