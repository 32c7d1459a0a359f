"""A pytest plugin: collects once, then runs the tests against every mutant in a process of its own."""

import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from mutations import numbers, primitives
from mutations.bending import NO_CHANGE, OMITTED, Bending, Place
from mutations.mutant import Mutant

# A mutant that no test has caught in so much processor time has survived. How busy the machine is makes no difference.
PROCESSOR_SECONDS = 60
# By the clock it gets so many times as long.
WAITING = 30
# Kinds that are broken by more nodes in a program.
BENT = ("rule", "loss", "layer", "optimizer", "measure")
# Tests that hold the promise about what is broken come first; all others follow.
FIRST_FILES = {
    "primitive": ["test_primitives"],
    "primitive by products": ["test_numeric_rewrites"],
    "rule": ["test_gradients", "test_losses"],
    "optimizer": ["test_optimizers", "test_against_pytorch"],
    "activation": ["test_activations", "test_gradients"],
    "loss": ["test_losses", "test_against_pytorch", "test_gradients"],
    "layer": ["test_against_pytorch"],
    "measure": ["test_accuracy"],
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant; killer: the test that caught it, None: it survived."""

    mutant: Mutant
    killer: str | None
    duration_s: float


class MutationLoop:
    """Takes the place of pytest's loop over the tests.

    Parameters
    ----------
    wanted : parts of what mutants are called; all of them where it is empty.
    """

    def __init__(self, wanted: Sequence[str] = ()) -> None:
        self._wanted = wanted
        self.verdicts: list[Verdict] = []
        self.about_structure: list[str] = []

    def pytest_configure(self) -> None:
        # Not before pytest has prepared itself for its plugins.
        from hypothesis import Phase, settings

        # Mutants must leave nothing behind, and the same ones have to die of the same tests every time.
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", database=None, phases=phases, derandomize=True, deadline=None)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        mutants = self._chosen([*numbers.mutants(), *primitives.mutants()])
        if not self._wanted or any(kind in text for kind in BENT for text in self._wanted):
            control = self._run_control(session.items)
            self.about_structure = control["failed"]
            places = sorted((kind, name, where) for kind, name, where in control["places"])
            mutants += self._chosen(_bends(places))
        for number, mutant in enumerate(mutants, start=1):
            started = time.monotonic()
            killer = self._run_mutant(mutant, session.items)
            self.verdicts.append(Verdict(mutant, killer, time.monotonic() - started))
            told = "SURVIVED" if killer is None else f"killed by {killer}"
            print(f"{number}/{len(mutants)} {mutant}: {told}", file=sys.__stderr__, flush=True)
        return True

    def _chosen(self, mutants: Iterable[Mutant]) -> list[Mutant]:
        return [mutant for mutant in mutants if not self._wanted or any(text in str(mutant) for text in self._wanted)]

    def _run_control(self, items: Sequence[pytest.Item]) -> dict[str, Any]:
        """Bend every place without changing a number: which places there are, which tests look at more."""

        def run() -> dict[str, Any]:
            bending = Bending(None, NO_CHANGE)
            bending.apply()
            failed = [item.nodeid for item in items if _fails(item)]
            return {"failed": failed, "places": sorted(bending.seen)}

        answer = _in_a_process_of_its_own(run, 5 * PROCESSOR_SECONDS)
        assert answer is not None, "the run without any mistake did not end"
        return answer

    def _run_mutant(self, mutant: Mutant, items: Sequence[pytest.Item]) -> str | None:
        ignored = set(self.about_structure) if mutant.kind in BENT else set()
        chosen = sorted((item for item in items if item.nodeid not in ignored), key=lambda item: _rank(mutant, item))

        def run() -> dict[str, Any]:
            mutant.apply()
            return {"killer": next((item.nodeid for item in chosen if _fails(item)), None)}

        answer = _in_a_process_of_its_own(run, PROCESSOR_SECONDS)
        return None if answer is None else answer["killer"]


def _bends(places: Iterable[Place]) -> Iterator[Mutant]:
    for kind, name, where in places:
        # A loss has no sign of its own to lose; ten of them share most of their nodes.
        hows = {"rule": ("negated", "doubled", "zeroed", OMITTED), "optimizer": ("negated", "doubled")}
        for how in hows.get(kind, ("doubled",)):
            yield Mutant(kind, name, f"{where} {how}", Bending((kind, name, where), how).apply)


def _rank(mutant: Mutant, item: pytest.Item) -> tuple[int, bool]:
    first = FIRST_FILES[mutant.kind]
    is_about_it = re.search(rf"\b{re.escape(mutant.name)}\b", item.name) is not None
    return (first.index(item.path.stem) if item.path.stem in first else len(first), not is_about_it)


def _fails(item: pytest.Item) -> bool:
    # No next item: every fixture is torn down, since the next test may stand in another file.
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _in_a_process_of_its_own(run: Callable[[], dict[str, Any]], processor_seconds: int) -> dict[str, Any] | None:
    """What run returns in a copy of this process, or None where it takes too long."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
        # A mutant may also wait for ever without computing anything.
        signal.alarm(WAITING * processor_seconds)
        os.write(writing, json.dumps(run()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read()
    os.waitpid(process, 0)
    return json.loads(answer) if answer else None
