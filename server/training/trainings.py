"""All trainings: started, changed, paused and ended by those who watch."""

import asyncio
from dataclasses import replace
from functools import partial

from server.http.problems import from_exception
from server.problems import Problem
from server.sessions.channel import Channel
from server.sessions.service import Sessions
from server.settings import Settings
from server.steps.views import Running
from server.stopping import ServerStopping
from server.training.job import Job, Order


class Trainings:
    """At most one training a session. It belongs to the session: any watcher may change it, and the last one ends it.

    A paused training takes no place among those that run.
    """

    def __init__(self, settings: Settings, sessions: Sessions, channel: Channel) -> None:
        self._settings = settings
        self._sessions = sessions
        self._channel = channel
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def count(self) -> int:
        """How many run."""
        return len(self._tasks)

    def running(self, session_id: str) -> Running | None:
        """The training that a session is in, a paused one too."""
        job = self._jobs.get(session_id)
        return None if job is None else job.running

    async def train(self, session_id: str, order: Order, version: int | None, path: str) -> None:
        """Train; where a training runs already, this one takes its place.

        Parameters
        ----------
        version : refuse to start unless the session has this version; None: whichever it has.
        path : for problem documents.

        Raises
        ------
        StaleVersion, UnknownKey, Problem : nothing has changed then.
        """
        async with self._sessions.opened(session_id, version):
            pass
        self._start(session_id, order, path)

    async def pause(self, session_id: str) -> None:
        """Stop after what is stored and wait; all watchers hear where the session is, also where nothing ran."""
        job = self._jobs.get(session_id)
        if job is not None:
            job.is_paused = True
            job.halt()
            await self._ended([session_id])
        if self._jobs.get(session_id) in (job, None):
            async with self._sessions.opened(session_id) as session:
                where = {"type": "paused", "step": session.trainer.taken, "version": session.head.version}
            self._channel.notice(session_id, where)

    def resume(self, session_id: str, path: str) -> None:
        """Go on after a pause, from wherever the session is now."""
        job = self._jobs.get(session_id)
        if job is None:
            raise Problem(409, "not_training", "No training of this session is paused. Start one with train.")
        if job.is_paused:
            self._start(session_id, replace(job.order, until=job.until), path)

    def left(self, session_id: str) -> None:
        """A watcher has gone; with the last one the training ends, after what is stored."""
        if session_id in self._jobs and not self._channel.watchers(session_id):
            self._jobs.pop(session_id).halt()

    async def close(self) -> None:
        """End all of them."""
        for job in self._jobs.values():
            job.halt()
        await self._ended(list(self._tasks))

    def _check_place(self, session_id: str) -> None:
        if len(self._tasks.keys() - {session_id}) >= self._settings.max_streams:
            raise Problem(
                503,
                "too_many_streams",
                f"This server is already running as many trainings as it can: {self._settings.max_streams}. "
                "Try again in a moment.",
                wanted=self._settings.max_streams,
            )

    def _start(self, session_id: str, order: Order, path: str) -> None:
        self._check_place(session_id)
        before, self._jobs[session_id] = (
            self._jobs.get(session_id),
            Job(session_id, order, self._sessions, self._settings),
        )
        if before is not None:
            before.halt()
        task = asyncio.create_task(self._run(self._jobs[session_id], self._tasks.get(session_id), path))
        self._tasks[session_id] = task
        task.add_done_callback(partial(self._gone, session_id))

    def _gone(self, session_id: str, task: asyncio.Task[None]) -> None:
        # The next training of the session may have come already; it waited for this one.
        if self._tasks[session_id] is task:
            del self._tasks[session_id]

    async def _ended(self, session_ids: list[str]) -> None:
        tasks = [self._tasks[session_id] for session_id in session_ids if session_id in self._tasks]
        if tasks:
            await asyncio.wait(tasks)

    async def _run(self, job: Job, before: asyncio.Task[None] | None, path: str) -> None:
        """Train after the training before has ended, and let the watchers know of the end."""
        if before is not None:
            await asyncio.wait([before])
        try:
            end = await job.run()
        except ServerStopping:
            # Every socket says so itself.
            pass
        except Exception as error:
            # Whatever it is, the watchers hear of it, as from a route; unexpected ones are logged. They see where the
            # session is now, or that it is gone.
            self._channel.changed(job.session_id)
            self._over(job, {"type": "problem", "problem": from_exception(error, path)})
        else:
            if end is not None:
                self._over(job, {"type": "done", "step": end[0], "version": end[1]})

    def _over(self, job: Job, notice: dict[str, object]) -> None:
        if self._jobs.get(job.session_id) is job:
            del self._jobs[job.session_id]
            self._channel.notice(job.session_id, notice)
