"""Live training: what a client of the stream may say, and the training that it starts.

The client sends JSON: {"type": "train", "steps", "frames_per_second", "dtype", "version"}, then {"type": "pause"} and
{"type": "resume"}. The server sends JSON {"type": "metrics", "step", "version", "metrics"}, binary frames
(server/wire.py) of the step that comes next, {"type": "paused", "step", "version"}, and at the end {"type": "done",
"step", "version"}; what goes wrong is {"type": "problem", "problem": problem document}. Nothing is reported that is not
stored. After a pause the training goes on from wherever the session is then.
"""

import asyncio
from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

from server.limits import at_most
from server.outbox import Outbox
from server.playground import Playground
from server.problems import Problem, from_exception, invalid
from server.scheduling import Pace
from server.schemas.session import StreamMessage, StreamPause, StreamResume, StreamTrain
from server.sessions.record import Session
from server.wire import Shown, frame

MESSAGES: TypeAdapter[StreamTrain | StreamPause | StreamResume] = TypeAdapter(StreamMessage)
POINTS_PER_TRAINING = 250


class Stream:
    """One client's stream on one session.

    Parameters
    ----------
    path : of the stream, for problem documents.
    """

    def __init__(self, playground: Playground, session_id: str, path: str) -> None:
        self.outbox = Outbox(playground.settings.max_metric_points)
        self._playground = playground
        self._session_id = session_id
        self._path = path
        self._may_run = asyncio.Event()
        self._may_run.set()
        self._training: asyncio.Task[None] | None = None

    def receive(self, text: str) -> None:
        """Do what a message says; one that says nothing sensible is answered with a problem."""
        try:
            message = MESSAGES.validate_json(text)
        except ValidationError as error:
            self.outbox.notice({"type": "problem", "problem": invalid(error.errors(), self._path)})
            return
        match message:
            case StreamTrain():
                self._start(message)
            case StreamPause():
                self._may_run.clear()
            case StreamResume():
                self._may_run.set()

    def stop(self) -> None:
        """Stop the training after what is stored."""
        if self._training is not None:
            self._training.cancel()

    def _start(self, message: StreamTrain) -> None:
        if self._training is not None and not self._training.done():
            self._refuse(
                Problem(409, "already_training", "This stream is training already; wait for done before the next.")
            )
            return
        self._may_run.set()
        self._training = asyncio.create_task(self._guarded(message))

    async def _guarded(self, message: StreamTrain) -> None:
        try:
            await self._train(message)
        except Exception as error:
            # Whatever it is, the reader hears of it, as from a route; unexpected ones are logged.
            self._refuse(error)
        await self.outbox.emptied()

    def _refuse(self, error: Exception) -> None:
        self.outbox.notice({"type": "problem", "problem": from_exception(error, self._path)})

    async def _train(self, message: StreamTrain) -> None:
        playground, settings = self._playground, self._playground.settings
        at_most("steps of a training", message.steps, settings.max_steps_per_stream, "max_steps_per_stream")
        every = max(1, -(-message.steps // POINTS_PER_TRAINING))
        pace = Pace(settings.train_slice_ms)
        frames = FrameClock(
            min(message.frames_per_second, settings.max_stream_frames_per_second), asyncio.get_running_loop().time
        )
        version, left = message.version, message.steps
        while left:
            if not self._may_run.is_set():
                await self._pause(message)
                version = None
            # The session is closed between two slices, so that others can look at it.
            async with playground.desk.opened(self._session_id, version) as session:
                count = min(pace.steps, left)
                points = await playground.desk.slice(session, pace, count, every)
                await playground.desk.save(session)
                left -= count
                version = session.head.version
                self.outbox.metrics(points, version)
                if frames.is_due() or left == 0:
                    await self._show(session, message)
                if left == 0:
                    self.outbox.notice({"type": "done", "step": session.trainer.taken, "version": version})

    async def _pause(self, message: StreamTrain) -> None:
        async with self._playground.desk.opened(self._session_id) as session:
            await self._show(session, message)
            self.outbox.notice({"type": "paused", "step": session.trainer.taken, "version": session.head.version})
        await self._may_run.wait()

    async def _show(self, session: Session, message: StreamTrain) -> None:
        trainer = session.trainer

        def picture() -> bytes:
            return frame(Shown(trainer.trace(), session.run.model, trainer.taken + 1), message.dtype)

        self._playground.remember(trainer.program)
        self.outbox.frame(await self._playground.slices.run(trainer.values_per_step, picture))


class FrameClock:
    """Says when the next frame is due.

    Parameters
    ----------
    per_second : frames; 0: none is ever due.
    now : seconds.
    """

    def __init__(self, per_second: float, now: Callable[[], float]) -> None:
        self._interval = 1 / per_second if per_second > 0 else None
        self._now = now
        self._due = now()

    def is_due(self) -> bool:
        """Whether a frame is due; if so, the next one is due an interval from now."""
        if self._interval is None or self._now() < self._due:
            return False
        self._due = self._now() + self._interval
        return True
