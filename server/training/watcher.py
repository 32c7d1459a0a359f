"""What a socket on a session hears and says.

The client sends JSON:

- {"type": "show", "sample", "long_way", "map", "history_from"}: what its views hold from now on, in the words of the
  query of `GET .../view`; a view answers it;
- {"type": "seen"}, said of each view that was looked at, if it is said at all: then no more than three views are on
  their way, so that they do not pile up in a browser that is slow, or hidden;
- {"type": "train", "steps" (null: until paused), "steps_per_second" (null: all the engine gives), "frames_per_second",
  "version"}: the session trains. A training belongs to its session, not to the socket: a second `train`, by whichever
  watcher, takes the place of the first, so that "100 steps" pressed while it trains at 10 a second takes 100 more steps
  from where it is then, as fast as the second one says;
- {"type": "pause"} and {"type": "resume"}: any watcher may.

The server sends:

- binary views (server/steps/views.py) after every change of the session by anybody, with the newest state alone:
  a slow reader misses the views between. Points of the learning curve come once, in the view that follows them;
- {"type": "paused", "step", "version"} and {"type": "done", "step", "version"}, each after the view of that state;
- {"type": "problem", "problem": problem document}: to the socket whose message made no sense, or to all watchers when a
  training could not go on.

Nothing is reported that is not stored. A training goes on while somebody watches. A client that says nothing may
watch for ever; one that does not answer pings is closed, and so is one that lets too many notices lie or says nothing
but nonsense. Messages above the rate are listened to later.
"""

import asyncio
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from engine.edits import Edit
from engine.errors import EngineError
from engine.run import RunSpec
from engine.training import Trainer
from server.http.json import to_json
from server.http.problems import from_exception, invalid
from server.limits import at_most
from server.problems import Problem
from server.sessions.channel import Subscription
from server.sessions.service import Sessions
from server.sessions.showing import Showing, next_view, whole_view
from server.sessions.store.protocol import UnknownKey
from server.settings import Settings
from server.steps.view_schemas import ViewQuery
from server.training.job import Order
from server.training.schemas import Pause, Resume, Seen, Show, SocketMessage, Train
from server.training.trainings import Trainings

MESSAGES: TypeAdapter[Show | Seen | Train | Pause | Resume] = TypeAdapter(SocketMessage)
# A view that takes long is followed by a pause of so many times as long, which belongs to the steps.
VIEW_REST = 3
# Views on their way to a client that says what it has seen; more than one, for the sake of distant networks.
MOST_UNSEEN = 3


class NotText(Problem):
    """A message came as bytes."""


def understood(said: str | bytes) -> Show | Seen | Train | Pause | Resume:
    """The message in what was said.

    Raises
    ------
    NotText, ValidationError
    """
    if isinstance(said, bytes):
        raise NotText(415, "not_text", "This socket takes messages as text, each one JSON object. These are bytes.")
    return MESSAGES.validate_json(said)


class Sender(Protocol):
    """The two ways out of a WebSocket."""

    async def send_text(self, data: str) -> None: ...

    async def send_bytes(self, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """The state that a watcher was shown last."""

    step: int
    run: RunSpec
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, trainer: Trainer) -> "Shown":
        return cls(trainer.taken, trainer.run, trainer.course.edits)

    def history_from(self, trainer: Trainer) -> int:
        """The first step whose point of the learning curve may be another one now: edits cut the curve where they are.

        The point of the step that was next is one: it was shown before that step was taken.
        """
        pairs = zip_longest(trainer.course.edits, self.edits)
        cut = next((new or old for new, old in pairs if new is not old), None)
        return 1 + (self.step if cut is None else min(self.step, cut.step))


class Watcher:
    """One socket on a session.

    Parameters
    ----------
    path : of the socket, for problem documents.
    """

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        showing: Showing,
        trainings: Trainings,
        session_id: str,
        path: str,
        subscription: Subscription,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._showing = showing
        self._trainings = trainings
        self._session_id = session_id
        self._path = path
        self._subscription = subscription
        self._ask = ViewQuery().request(settings)
        self._shown: Shown | None = None
        self._frames_per_second: float | None = None
        self._unseen = 0
        # Whether this client says what it has seen.
        self._says_seen = False
        self._faults = 0
        # Seconds that the view before took to make.
        self._cost = 0.0

    async def hear(self, text: str | bytes) -> None:
        """Do what a message says; one that says nothing sensible is answered with a problem.

        Raises
        ------
        Problem : this one and those before it make no sense.
        """
        try:
            await self._do(understood(text))
        except ValidationError as error:
            self._fault(invalid(error.errors(), self._path))
        except NotText as error:
            self._fault(from_exception(error, self._path))
        except Exception as error:
            self._refuse(error)
            self._faults = 0
        else:
            self._faults = 0
        # Who does not read what is answered is not listened to meanwhile.
        await self._subscription.read()

    async def _do(self, message: Show | Seen | Train | Pause | Resume) -> None:
        trainings, settings = self._trainings, self._settings
        match message:
            case Show():
                self._ask, self._shown = message.request(settings), None
                self._subscription.asked()
            case Seen():
                # Before it said so for the first time, nothing was waited for.
                self._unseen = max(0, self._unseen - 1) if self._says_seen else 0
                self._says_seen = True
                if self._unseen == MOST_UNSEEN - 1:
                    self._subscription.hurry()
            case Train(steps=steps, steps_per_second=speed, frames_per_second=rate, version=version):
                at_most("steps of a training", steps or 1, settings.max_steps_per_stream, "max_steps_per_stream")
                await trainings.train(self._session_id, Order(steps, speed), version, self._path)
                self._frames_per_second = rate
            case Pause():
                await trainings.pause(self._session_id)
            case Resume():
                trainings.resume(self._session_id, self._path)

    async def tell(self, sender: Sender) -> None:
        """Send what there is to be told, until cancelled.

        Raises
        ------
        UnknownKey : the session is gone.
        TimeoutError : the other side takes nothing any more.
        """
        # A full buffer would hold pings back too, so that nobody else notices.
        patience = 2 * self._settings.ping_seconds
        while True:
            is_changed, notices = await self._subscription.news(self._pause())
            view = await self._view() if is_changed else None
            async with asyncio.timeout(patience):
                if view is not None:
                    self._unseen += 1
                    await sender.send_bytes(view)
                for document in notices:
                    await sender.send_text(to_json(document).decode())

    def _pause(self) -> float | None:
        """Seconds after a view without another one; None: until one is asked for, or a notice needs one."""
        if self._says_seen and self._unseen >= MOST_UNSEEN:
            return None
        rate = most = self._settings.max_stream_frames_per_second
        training = self._trainings.running(self._session_id)
        if self._frames_per_second is not None and training is not None and not training.is_paused:
            rate = min(self._frames_per_second, most)
        return max(1 / rate, self._cost * VIEW_REST) if rate else None

    async def _view(self) -> bytes | None:
        seen = self._shown
        try:
            async with self._sessions.looked(self._session_id, may_refuse=False) as session:
                now = Shown.of(session.trainer)
                # A page that knows the same run needs to hear of the step alone.
                is_known = seen is not None and seen.run is now.run and seen.edits is now.edits
                first = self._ask.history_from if seen is None else seen.history_from(session.trainer)
                ask = replace(self._ask, history_from=first)
                self._showing.check(session, ask)
                made = await self._showing.shown(
                    session, ask, next_view if is_known else whole_view, self._note_cost, may_refuse=False
                )
                self._shown = now
                return made
        except UnknownKey:
            raise
        except (EngineError, Problem) as error:
            # The session does not have it any more: the socket hears why, and goes on with what every session has.
            self._refuse(error)
            self._ask = ViewQuery(history_from=self._ask.history_from).request(self._settings)
            self._subscription.asked()
        except Exception as error:
            self._refuse(error)
        return None

    def _note_cost(self, seconds: float) -> None:
        self._cost = seconds

    def _fault(self, problem: dict[str, Any]) -> None:
        self._faults += 1
        most = self._settings.max_faults
        if self._faults > most:
            detail = f"More than {most} messages made no sense, one after the other, so the server stops listening."
            raise Problem(400, "too_many_faults", detail, wanted=most)
        self._subscription.notice({"type": "problem", "problem": problem})

    def _refuse(self, error: Exception) -> None:
        self._subscription.notice({"type": "problem", "problem": from_exception(error, self._path)})
