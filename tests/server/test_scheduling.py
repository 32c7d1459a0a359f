"""Long work in slices: when steps are due, and who comes next."""

import asyncio
import time

import pytest

from server.scheduling import LONGEST_DEBT_SECONDS, LONGEST_TURN_SECONDS, Allowance, Beat, Slices
from server.settings import Settings


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def taken_in(seconds: float, per_second: float) -> list[tuple[float, int]]:
    """When a runner that is always in time takes how many steps."""
    clock = Clock()
    beat, taken = Beat(per_second, clock), []
    while clock.now + max(0, beat.seconds_left) <= 100 + seconds + 1e-9:
        clock.now += max(0, beat.seconds_left)
        steps = beat.steps
        assert steps is not None and steps > 0
        beat.took(steps)
        taken.append((clock.now - 100, steps))
    return taken


@pytest.mark.parametrize("per_second", [0.5, 1, 7, 10, 30, 49, 100, 333.3, 5000])
def test_as_many_steps_come_as_are_asked_for(per_second: float) -> None:
    taken = taken_in(4, per_second)
    # The first one comes at once, so that a press shows something.
    assert taken[0] == (0, 1)
    # Those of the last fiftieth of a second may still be due.
    assert sum(steps for _, steps in taken) == pytest.approx(4 * per_second + 1, abs=1 + per_second / 50)


def test_slow_steps_come_one_by_one_and_fast_ones_together() -> None:
    assert taken_in(3, 1) == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert {steps for _, steps in taken_in(1, 40)} == {1}
    assert max(steps for _, steps in taken_in(1, 1000)) > 10


def test_nothing_is_due_before_its_time() -> None:
    clock = Clock()
    beat = Beat(10, clock)
    beat.took(1)
    clock.now += 0.05
    assert (beat.steps, beat.seconds_left) == (0, pytest.approx(0.05))


def test_a_beat_without_a_number_never_waits() -> None:
    beat = Beat(None, Clock())
    beat.took(100)
    assert (beat.steps, beat.seconds_left) == (None, 0)


def test_what_could_not_be_taken_in_time_is_forgotten() -> None:
    clock = Clock()
    beat = Beat(100, clock)
    clock.now += 60
    beat.took(1)
    assert beat.steps is not None
    assert beat.steps <= LONGEST_DEBT_SECONDS * 100 + 1


@pytest.mark.parametrize("per_second", [0.5, 1, 100])
def test_an_allowance_lets_a_second_pass_at_once_and_then_so_many_a_second(per_second: float) -> None:
    clock = Clock()
    allowance = Allowance(per_second, clock)
    at_once = 0
    while not (seconds := allowance.take()):
        at_once += 1
    assert at_once == max(1, per_second)
    start = clock.now
    for _ in range(300):
        clock.now += seconds
        seconds = allowance.take()
    assert clock.now - start == pytest.approx(300 / per_second)
    clock.now += 1000
    assert [allowance.take() for _ in range(at_once)] == [0] * at_once
    assert allowance.take() > 0


@pytest.mark.parametrize("kind", ["run", "read"])
async def test_small_pieces_of_work_that_are_due_at_once_let_others_come_in_between(kind: str) -> None:
    slices = Slices(Settings())
    done = 0
    between: list[int] = []

    def work() -> None:
        nonlocal done
        time.sleep(LONGEST_TURN_SECONDS / 2)
        done += 1

    async def others() -> None:
        while done < 30:
            before = done
            await asyncio.sleep(0)
            between.append(done - before)

    await asyncio.gather(others(), *(getattr(slices, kind)(1, work) for _ in range(30)))
    # As many as fit into a turn, and one more that was begun before its end.
    assert done == sum(between) == 30 and max(between) <= 3


async def test_work_that_fails_counts_too_and_hinders_nobody() -> None:
    slices = Slices(Settings())

    def work() -> None:
        time.sleep(LONGEST_TURN_SECONDS)
        raise ValueError

    answers = await asyncio.gather(*(slices.run(1, work) for _ in range(5)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError] * 5
    assert await slices.run(1, lambda: 7) == 7
