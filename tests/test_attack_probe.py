"""What the probe of `make attack` takes for a stall: time that the server costs itself, and not the machine's."""

import os

import pytest

from attack.probe import Times, stall, times_of

START = {"self": Times(1.0, 1.0), "7": Times(5.0, 2.0), "8": Times(9.0, 3.0), "9": Times(0.5, 1.0)}


def after(**more: tuple[float, float]) -> dict[str, Times]:
    """Names begin with t: by so many seconds they have run and waited more."""
    added = {name.removeprefix("t"): seconds for name, seconds in more.items()}
    ran_and_waited = {name: added.get(name, (0.0, 0.0)) for name in {**START, **added}}
    return {
        name: Times(START.get(name, Times(0, 0)).ran + ran, START.get(name, Times(0, 0)).waited + waited)
        for name, (ran, waited) in ran_and_waited.items()
    }


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({}, 1.0),
        # The thread that answers computes.
        ({"t7": (1.0, 0.0)}, 1.0),
        # It waits for a processor, or the probe does.
        ({"t7": (0.25, 0.5)}, 0.5),
        ({"self": (0.25, 0.5)}, 0.5),
        # Another thread holds the lock and computes, or waits meanwhile for a processor.
        ({"t8": (1.0, 0.0)}, 1.0),
        ({"t8": (0.25, 0.75)}, 0.25),
        # It waits while the one that answers computes: that is no excuse.
        ({"t7": (1.0, 0.0), "t8": (0.0, 1.0)}, 1.0),
        ({"t7": (0.75, 0.0), "t8": (0.0, 1.0)}, 0.75),
        # One that has begun meanwhile; of several the one that waited longest.
        ({"t8": (0.0, 0.125), "t10": (0.0, 0.5)}, 0.5),
    ],
)
def test_waiting_for_a_processor_is_no_stall(more: dict[str, tuple[float, float]], seconds: float) -> None:
    assert stall(1.0, 7, START, after(**more)) == seconds


def test_the_times_are_read_where_the_system_has_them() -> None:
    times = times_of(os.getpid())
    assert all(one.ran >= 0 and one.waited >= 0 for one in times.values())
    assert not times or {"self", str(os.getpid())} <= times.keys()
