"""How those who watch a session hear that it has changed."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol


class Subscription:
    """What one watcher has not heard yet.

    That the session has changed is one piece of news, however often it has: a slow watcher misses states between and
    never the newest one. Notices are all kept, in their order; a watcher that lets too many of them lie is `lost`.

    Parameters
    ----------
    most : notices that may wait for the watcher to take them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.lost = asyncio.Event()
        self._is_changed = False
        self._notices: list[dict[str, Any]] = []
        self._news, self._urgent, self._read = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._read.set()

    def changed(self) -> None:
        """The session is another one than before."""
        self._is_changed = True
        self._news.set()

    def asked(self) -> None:
        """The watcher wants to see the session now."""
        self.changed()
        self.hurry()

    def hurry(self) -> None:
        """A change need not wait any longer."""
        self._urgent.set()

    def notice(self, document: dict[str, Any]) -> None:
        """Something that the watcher hears word by word, after the state that it is about."""
        if len(self._notices) >= self._most:
            # Some of the notices alone would mislead the watcher.
            self._notices.clear()
            self.lost.set()
        if self.lost.is_set():
            return
        self._notices.append(document)
        self._read.clear()
        self._news.set()
        self.hurry()

    async def news(self, pause: float | None) -> tuple[bool, list[dict[str, Any]]]:
        """Wait for news: whether the session has changed, and the notices.

        Parameters
        ----------
        pause : seconds in which a change alone is no news yet; None: a change alone is none.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._urgent.wait()
        await self._news.wait()
        for event in (self._news, self._urgent):
            event.clear()
        self._read.set()
        is_changed, self._is_changed = self._is_changed, False
        notices, self._notices = self._notices, []
        return is_changed, notices

    async def read(self) -> None:
        """Wait until every notice is taken: who does not read makes none that would have to be kept."""
        await self._read.wait()


class Channel(Protocol):
    """Carries news of sessions to those who watch them.

    `LocalChannel` carries them inside this process. Where several processes share a store, one that publishes to all
    of them takes its place; it has to carry no more than an id and, for a notice, a small JSON document.
    """

    def changed(self, session_id: str) -> None:
        """The session is stored in another state than before, or gone."""

    def notice(self, session_id: str, document: dict[str, Any]) -> None:
        """Tell all watchers of a session something."""

    def watchers(self, session_id: str) -> int:
        """How many watch this session."""

    def watched(self) -> list[str]:
        """The sessions that somebody watches."""

    def subscribed(self, session_id: str) -> AbstractContextManager[Subscription]:
        """A subscription to the news of a session, while inside."""


class LocalChannel:
    """The channel of one process. Publishing only marks: what the watchers do about it, they do later.

    Parameters
    ----------
    most_notices : that wait for one watcher.
    """

    def __init__(self, most_notices: int) -> None:
        self._most_notices = most_notices
        self._subscriptions: dict[str, set[Subscription]] = {}

    def changed(self, session_id: str) -> None:
        for subscription in self._subscriptions.get(session_id, ()):
            subscription.changed()

    def notice(self, session_id: str, document: dict[str, Any]) -> None:
        for subscription in self._subscriptions.get(session_id, ()):
            subscription.notice(document)

    def watchers(self, session_id: str) -> int:
        return len(self._subscriptions.get(session_id, ()))

    def watched(self) -> list[str]:
        return list(self._subscriptions)

    @contextmanager
    def subscribed(self, session_id: str) -> Iterator[Subscription]:
        subscription = Subscription(self._most_notices)
        self._subscriptions.setdefault(session_id, set()).add(subscription)
        try:
            yield subscription
        finally:
            others = self._subscriptions[session_id]
            others.discard(subscription)
            if not others:
                del self._subscriptions[session_id]
