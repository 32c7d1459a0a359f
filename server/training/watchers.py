"""How many may watch, a session and in all."""

from collections.abc import Iterator
from contextlib import contextmanager

from server.problems import Problem
from server.sessions.channel import Channel, Subscription
from server.settings import Settings


class Watchers:
    """Counts the open sockets."""

    def __init__(self, settings: Settings, channel: Channel) -> None:
        self._settings = settings
        self._channel = channel
        self.count = 0

    @contextmanager
    def place(self, session_id: str) -> Iterator[Subscription]:
        """A place among those who watch a session, while inside."""
        most, most_here = self._settings.max_watchers, self._settings.max_watchers_per_session
        if self.count >= most:
            raise Problem(
                503,
                "too_many_watchers",
                f"This server already has {most} pages open, as many as it can. Close one, or try again in a moment.",
                wanted=most,
            )
        if self._channel.watchers(session_id) >= most_here:
            raise Problem(
                503,
                "too_many_watchers_here",
                f"This session is already open in {most_here} windows, as many as it can be. Close one, and try again.",
                wanted=most_here,
            )
        self.count += 1
        try:
            with self._channel.subscribed(session_id) as subscription:
                yield subscription
        finally:
            self.count -= 1
