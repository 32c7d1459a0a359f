"""The checks, for those that ask over HTTP."""

from typing import Any

from engine.vocabulary import Vocabulary
from server.checks.gradient_check import bytes_of, gradients_checked
from server.checks.gradient_check_schemas import GradientCheckRequest
from server.checks.loss_slice import loss_slice
from server.checks.loss_slice_schemas import SliceRequest
from server.scheduling import Slices
from server.sessions.service import Sessions
from server.settings import Settings
from server.waiting.shares import Shares


class Checks:
    """Gradients beside differences of the loss.

    Parameters
    ----------
    room : for checks that go on.
    """

    def __init__(
        self, settings: Settings, slices: Slices, sessions: Sessions, vocabulary: Vocabulary, room: Shares
    ) -> None:
        self._room = room
        self._settings = settings
        self._slices = slices
        self._sessions = sessions
        self._vocabulary = vocabulary

    async def gradients(self, request: GradientCheckRequest) -> dict[str, Any]:
        """Gradients beside differences of the loss, with nothing stored."""
        async with self._room.place(bytes_of(request)):
            return await gradients_checked(request, self._settings, self._slices, self._vocabulary)

    async def slice(self, session_id: str, request: SliceRequest) -> dict[str, Any]:
        """The loss of a session's next step along one number."""
        return await loss_slice(session_id, request, self._sessions, self._settings, self._slices, self._room)
