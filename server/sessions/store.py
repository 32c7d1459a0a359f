"""What a session store does. A shared one for several machines would be one more class."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class StoreError(Exception):
    """The store could not do what it was asked to; nothing was changed."""


class StoreFull(StoreError):
    """There is no room left on the disk."""


class StoreBusy(StoreError):
    """Another process holds the store for longer than this one may wait."""


class StoreBroken(StoreError):
    """The disk or the database does not work."""


class UnknownKey(StoreError):
    """There is no such session or document, or it has expired."""


class TooManySessions(StoreError):
    """As many sessions are stored as are allowed."""


class StaleVersion(StoreError):
    """The session has another version than the caller thinks.

    Parameters
    ----------
    current : the version that is stored.
    """

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a session without reading it.

    Parameters
    ----------
    expires_at : seconds since 1970.
    """

    version: int
    expires_at: float


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as it was last written.

    Parameters
    ----------
    state : what every change writes anew.
    parts : what changes seldom, by name.
    """

    head: Head
    state: bytes
    parts: Mapping[str, bytes]


class SessionStore(Protocol):
    """Sessions by id, and documents (data sets, programs) by kind and name. Every call is one transaction.

    Every method raises StoreFull, StoreBusy or StoreBroken when it cannot do its work, and then has changed nothing.
    """

    def create(self, session_id: str, state: bytes, parts: Mapping[str, bytes]) -> Head:
        """Store a new session as version 1. Raises TooManySessions."""

    def head(self, session_id: str) -> Head:
        """The version. Raises UnknownKey."""

    def read(self, session_id: str) -> Stored:
        """The whole session. Raises UnknownKey."""

    def write(self, session_id: str, version: int, state: bytes, parts: Mapping[str, bytes | None]) -> Head:
        """Replace the state if the version is still this one, and the parts named (None deletes one).

        The session lives on for a whole lifetime from now. Raises UnknownKey, StaleVersion.
        """

    def together(self) -> AbstractContextManager[object]:
        """Makes all that is written inside one transaction: it is stored when the context is left without an error."""

    def touch(self, session_id: str) -> Head:
        """Let the session live for a whole lifetime from now, its version unchanged. Raises UnknownKey."""

    def delete(self, session_id: str) -> None:
        """Forget a session. Raises UnknownKey."""

    def put_document(self, kind: str, name: str, body: bytes) -> None:
        """Store a document for a whole lifetime from now, in the place of one of the same name."""

    def document(self, kind: str, name: str) -> bytes:
        """A document, which then lives for a whole lifetime from now. Raises UnknownKey."""

    def forget_expired(self) -> int:
        """Delete what has expired; answers how many sessions."""

    def tidy(self) -> None:
        """Housekeeping that may wait for the disk; to be called in a thread now and then."""

    def check(self) -> None:
        """Raise if the store cannot be written."""

    def close(self) -> None:
        """Let go of what the store holds open."""
