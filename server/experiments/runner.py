"""Runs experiments beside everything else: bounded, slice by slice, each result kept for who asks for the same."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict
from functools import partial
from time import perf_counter
from typing import Any

from engine.experiments import Experiment, PausingRun, Progress
from server.http.json import to_json
from server.http.problems import from_exception
from server.limits import at_most
from server.memory import RESULTS, Memory
from server.problems import Problem
from server.scheduling import MANY, Slices
from server.settings import Settings

SECONDS_BETWEEN_LINES = 0.1
BYTES_PER_NUMBER = 8


class Runner:
    """The experiments of this server."""

    def __init__(self, settings: Settings, slices: Slices, memory: Memory) -> None:
        self._settings = settings
        self._slices = slices
        self._memory = memory
        self._running = 0

    def admit(self, experiment: Experiment[Any]) -> ExitStack:
        """A place for an experiment, and its memory, until this is closed.

        It is taken at once: of many that come at the same moment, none has begun when the last one asks.

        Raises
        ------
        Problem : it is too large, or one too many at the same time.
        """
        settings = self._settings
        operations = int(experiment.operations)
        at_most(
            "operations of an experiment", operations, settings.max_experiment_operations, "max_experiment_operations"
        )
        at_most("numbers in an experiment", experiment.values, settings.max_experiment_values, "max_experiment_values")
        if self._running >= settings.max_experiments:
            raise Problem(
                503,
                "too_many_experiments",
                f"This server is already running as many experiments as it can: {settings.max_experiments}. "
                "Try again in a moment.",
                wanted=settings.max_experiments,
            )
        place = ExitStack()
        place.enter_context(self._memory.held_for("experiments", BYTES_PER_NUMBER * experiment.values))
        self._running += 1
        place.callback(self._leave)
        return place

    def _leave(self) -> None:
        self._running -= 1

    def known(self, key: bytes) -> bytes | None:
        """The result of this very request, as JSON."""
        result: bytes | None = self._memory.kept.use(RESULTS, key)
        return result

    async def lines(
        self, key: bytes, experiment: Experiment[Any], path: str, is_gone: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """Of one that has a place: progress now and then, at the end the result, or the problem that it ended with.

        Parameters
        ----------
        path : of the request, for problem documents.
        is_gone : whether nobody reads any more; the experiment is then given up.
        """
        run = experiment.run()
        try:
            async for line in self._lines_of(key, run, is_gone):
                yield line
        except Exception as error:
            yield _line({"type": "problem", "problem": from_exception(error, path)})
        finally:
            # A thread may still be at its last part; the run ends with it.
            with suppress(ValueError):
                run.close()

    async def _lines_of(
        self, key: bytes, run: PausingRun[Any], is_gone: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        part = _Part(run, self._settings.train_slice_ms / 1000)
        last_line = float("-inf")
        while True:
            # A long part would keep everybody else waiting, so it gets a thread; the first one shows how long they are.
            values = MANY if part.is_long else 0
            progress = await self._slices.run_slice(values, part.advance)
            if progress is None:
                break
            if perf_counter() - last_line > SECONDS_BETWEEN_LINES:
                if await is_gone():
                    return
                last_line = perf_counter()
                yield _line({"type": "progress", "done": progress.done, "total": progress.total})
        # In a thread: it may have a hundred thousand numbers.
        work = partial(_json_of, part.result)
        result = await self._slices.run(MANY, work)
        self._memory.kept.put(RESULTS, key, result, len(result))
        yield result_line(result, is_cached=False)


class _Part:
    """Takes an experiment from pause to pause, for about as long as a slice."""

    def __init__(self, run: PausingRun[Any], slice_seconds: float) -> None:
        self._run = run
        self._slice_seconds = slice_seconds
        self.is_long = True
        self.result: Any = None

    def advance(self) -> Progress | None:
        """The progress after a slice; None at the end."""
        start = before = perf_counter()
        while True:
            try:
                progress = next(self._run)
            except StopIteration as end:
                self.result = end.value
                return None
            now = perf_counter()
            if now - start > self._slice_seconds or self.is_long:
                self.is_long = now - before > self._slice_seconds
                return progress
            before = now


def _json_of(result: Any) -> bytes:
    return to_json(asdict(result))


def result_line(result: bytes, *, is_cached: bool) -> bytes:
    """The last line of an answer."""
    return b'{"type":"result","is_cached":%s,"result":%s}\n' % (b"true" if is_cached else b"false", result)


def _line(document: dict[str, Any]) -> bytes:
    return to_json(document) + b"\n"
