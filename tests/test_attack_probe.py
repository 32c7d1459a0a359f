"""What the probe of `make attack` takes for a stall: time that the server costs itself, and not the machine's."""

import os

from attack.probe import held_up, waits_of


def test_waiting_for_a_processor_is_no_stall() -> None:
    before = {"self": 1.0, "7": 2.0, "8": 3.0, "9": 1.0}
    after = {"self": 1.5, "7": 2.25, "8": 3.125, "9": 1.0625}
    # The probe, the thread that answers, and the one of the others that waited longest: it may hold the lock.
    assert held_up(7, before, after) == 0.5 + 0.25 + 0.125
    assert held_up(7, before, before) == 0


def test_a_thread_that_has_begun_meanwhile_counts_from_its_beginning() -> None:
    assert held_up(7, {"self": 1.0, "7": 1.0}, {"self": 1.0, "7": 1.0, "8": 0.5}) == 0.5


def test_the_waits_are_read_where_the_system_has_them() -> None:
    waits = waits_of(os.getpid())
    assert all(seconds >= 0 for seconds in waits.values())
    assert not waits or {"self", str(os.getpid())} <= waits.keys()
