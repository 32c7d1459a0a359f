"""The views that were made last: the one that answers a change is wanted again at once, on the socket of that page."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST = 16


class RecentViews:
    """A few views by what they are a function of."""

    def __init__(self) -> None:
        self._views: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The view that was made for this key, or a new one."""
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = make()
            if len(self._views) > MOST:
                self._views.popitem(last=False)
        return view
