"""What a session store does. A shared one for several machines would be one more class."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class StoreError(Exception):
    """The store could not do what it was asked to; nothing was changed."""


class StoreFull(StoreError):
    """There is no room left on the disk."""


class StoreBusy(StoreError):
    """Another process holds the store for longer than this one may wait."""


class StoreBroken(StoreError):
    """The disk or the database does not work."""


class StoreDamaged(StoreError):
    """The stored bytes that a caller asked for have changed; everything else can be used."""


class StoreRefused(StoreError):
    """The database is not one that this version can use; it stays as it is."""


class StoreMoved(StoreError):
    """Somebody has removed the database or moved it away; `bring_back` makes it be there again."""


class UnknownKey(StoreError):
    """There is no such session or document, or it has expired."""


class NoRoom(StoreError):
    """As much is stored as is allowed.

    Parameters
    ----------
    retry_after : seconds until something may go that has not been used for long; None: not asked.
    """

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StaleVersion(StoreError):
    """The session has another version than the caller thinks.

    Parameters
    ----------
    current : the version that is stored.
    """

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


class DocumentKind(StrEnum):
    """What a document is. Data sets are somebody's own and count like sessions; programs can be made again."""

    DATASET = "dataset"
    PROGRAM = "program"


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
    state : what every change writes again.
    parts : what changes seldom, by name.
    """

    head: Head
    state: bytes
    parts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Census:
    """How much is stored, sessions and documents together.

    Parameters
    ----------
    expired : how many of all may go.
    now : what the clock said.
    """

    all: int
    expired: int
    now: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Evicted:
    """What went to make room.

    Parameters
    ----------
    never_used : sessions and documents that nobody had used after they were made.
    unused : those that nobody had used for long.
    """

    never_used: int = 0
    unused: int = 0


class SessionStore(Protocol):
    """Sessions by id, and documents by kind and name. Every call is one transaction.

    What has expired is there until it is swept: a clock that is wrong for a moment takes nothing away.

    Every method raises StoreFull, StoreBusy or StoreBroken when it cannot do its work, and then has changed nothing.
    """

    def create(self, session_id: str, state: bytes, parts: Mapping[str, bytes]) -> Head:
        """Store a new session as version 1. Raises NoRoom."""

    def head(self, session_id: str) -> Head:
        """The version. Raises UnknownKey."""

    def size(self, session_id: str) -> int:
        """How many bytes `read` would read. Raises UnknownKey."""

    def read(self, session_id: str) -> Stored:
        """The whole session. Raises UnknownKey."""

    def write(self, session_id: str, version: int, state: bytes, parts: Mapping[str, bytes | None]) -> Head:
        """Replace the state if the version is still this one, and the parts named (None deletes one).

        The session lives on for a whole lifetime from now. Raises UnknownKey, StaleVersion.
        """

    def together(self) -> AbstractContextManager[object]:
        """Makes all that is written inside one transaction: it is stored when the context is left without an error."""

    def touch(self, session_id: str, *, is_used: bool = False) -> Head:
        """Let the session live for a whole lifetime from now, its version unchanged. Raises UnknownKey.

        Parameters
        ----------
        is_used : somebody uses it, and does not only look at it.
        """

    def delete(self, session_id: str) -> None:
        """Forget a session. Raises UnknownKey."""

    def put_document(self, kind: DocumentKind, name: str, body: bytes) -> None:
        """Store a document for a whole lifetime from now, in the place of one of the same name. Raises NoRoom."""

    def document(self, kind: DocumentKind, name: str) -> bytes:
        """A document. Raises UnknownKey."""

    def touch_document(self, kind: DocumentKind, name: str) -> None:
        """Let a document live for a whole lifetime from now, if it is there: somebody uses it.

        Where that was noted not long ago, nothing is written.
        """

    def check_room(self) -> None:
        """Raise NoRoom or StoreFull where nothing new may be stored now."""

    def evict(self, spared: Collection[str], unused_seconds: float) -> Evicted:
        """Make room for some more: what was never used goes first, then what has long been unused, each the longest
        unused first.

        Parameters
        ----------
        spared : ids of sessions that stay in any case.

        Raises
        ------
        NoRoom : there is nothing that may go.
        """

    def census(self) -> Census:
        """Count what is stored."""

    def forget_expired(self, most: int, now: float | None = None) -> int:
        """Delete at most this many that have expired; answers how many that were. A damaged one hinders no other.

        Parameters
        ----------
        now : what the clock said when it was decided that they may go; None: what it says.
        """

    def wait_for_others(self, seconds: float) -> None:
        """Let calls from now on wait this long for other writers."""

    def tidy(self) -> None:
        """Housekeeping that may wait for the disk; to be called in a thread now and then."""

    def check(self) -> None:
        """Do what users do. Raises the errors that they would hear of."""

    def bring_back(self) -> None:
        """Let a store that is opened now find everything that this one knows; close this one afterwards."""

    def close(self) -> None:
        """Let go of what the store holds open."""
