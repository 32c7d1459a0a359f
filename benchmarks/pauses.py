"""How long the server's event loop stands still while it diagnoses, Python's garbage collector included."""

import asyncio
import gc
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import thread_time
from typing import Any

from benchmarks.trials import Trial
from engine.doctor.case import Answer
from engine.doctor.conventions import Conventions
from engine.vocabulary import STANDARD
from server.doctor.documents import cases_document
from server.doctor.schemas import DiagnoseRequest
from server.doctor.service import Doctor
from server.scheduling import Slices
from server.settings import Settings

TICK_SECONDS = 0.001


@dataclass(slots=True)
class Pauses:
    """The longest parts of one thread that nothing else in it could come between, in milliseconds of its core."""

    of_loop: list[float] = field(default_factory=list)
    of_collector: list[float] = field(default_factory=list)


def pauses_of(trials: Iterable[Trial]) -> Pauses:
    """The longest pause of each diagnosis, by a server with its default settings that has seen none before."""
    return asyncio.run(_measured(trials))


async def _measured(trials: Iterable[Trial]) -> Pauses:
    settings = Settings()
    doctor = Doctor(settings, Slices(settings), STANDARD)
    found = Pauses()
    # As the server does when it starts.
    gc.collect()
    gc.freeze()
    for _, _, answers, _ in trials:
        diagnosing = asyncio.create_task(doctor.diagnose(_request(answers)))
        collecting = _Collector()
        gc.callbacks.append(collecting)
        longest, before = 0.0, thread_time()
        while not diagnosing.done():
            await asyncio.sleep(TICK_SECONDS)
            now = thread_time()
            longest, before = max(longest, now - before), now
        gc.callbacks.remove(collecting)
        await diagnosing
        found.of_loop.append(1e3 * longest)
        found.of_collector.append(1e3 * collecting.longest)
    return found


class _Collector:
    """Hears when a collection begins and ends."""

    def __init__(self) -> None:
        self.longest = self._start = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._start = thread_time()
        else:
            self.longest = max(self.longest, thread_time() - self._start)


def _request(answers: list[Answer]) -> DiagnoseRequest:
    """What a learner sends whose layout is rows."""
    model = answers[0].case.model
    asked: dict[str, Any] = cases_document(model, Conventions("rows", model.reduction), [a.case for a in answers])
    cases = [
        {**case, "results": None if answer.raised else _results(answer), "raised": answer.raised}
        for case, answer in zip(asked["cases"], answers, strict=True)
    ]
    return DiagnoseRequest.model_validate({**asked, "cases": cases})


def _results(answer: Answer) -> dict[str, Any]:
    return {name: sent.values.tolist() for name, sent in answer.results.items() if sent.values is not None}
