"""The views that were made last: the one that answers a change is wanted again at once, on the socket of that page."""

from collections import deque
from collections.abc import Callable, Hashable

from engine.kept import Kept
from server.memory import VIEWS

MOST = 16


class RecentViews:
    """A few views by what they are a function of.

    Parameters
    ----------
    kept : where they lie, beside whatever else is kept. Many of them would drive out what is used for longer.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._keys: deque[Hashable] = deque()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The view that was made for this key, or a new one."""
        view: bytes | None = self._kept.use(VIEWS, key)
        if view is None:
            view = make()
            self._keys.append(key)
            if len(self._keys) > MOST:
                self._kept.take(VIEWS, self._keys.popleft())
            self._kept.put(VIEWS, key, view, len(view))
        return view
