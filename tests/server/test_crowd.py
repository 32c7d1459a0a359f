"""Which connections a crowd waits for, how long, and which make place: without a network, at a clock of the test."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from server.connections.crowd import Crowd, Wait
from server.memory import Memory
from server.settings import Settings


class Line:
    """A connection and its transport in one."""

    def __init__(self, waits_for: Wait | None = None, is_half_sent: bool = True, unsent: int = 0) -> None:
        self.waits_for = waits_for
        self.is_half_sent = is_half_sent
        self.unsent = unsent
        self.is_closed = self.is_closing_now = self.has_arrived = False

    @property
    def transport(self) -> asyncio.Transport:
        return cast(asyncio.Transport, self)

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.is_closing_now

    def close(self) -> None:
        self.is_closed = True

    abort = close


class World:
    """A crowd, its time, and what is left open."""

    def __init__(self, tmp_path: Path, **settings: Any) -> None:
        self.now = 0.0
        found = Settings(data_dir=tmp_path, **settings)
        self.memory = Memory(found.memory_mb)
        self.crowd = Crowd(found, self.memory, lambda: self.now)

    def come(self, *lines: Line) -> list[bool]:
        return [self.crowd.opened(line) for line in lines]

    def closes_after(self, line: Line) -> float:
        """Seconds from now until it is closed."""
        start = self.now
        while not line.is_closed:
            self.now += 0.5
            self.crowd.sweep()
            assert self.now < start + 1000
        return self.now - start


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, max_connections=16)


@pytest.mark.parametrize(("wait", "seconds"), [("head", 15), ("body", 30)])
def test_silence_ends_a_request_and_a_byte_in_time_lets_it_go_on(world: World, wait: Wait, seconds: float) -> None:
    slow, silent = Line(wait), Line(wait)
    world.come(slow, silent)
    for _ in range(100):
        world.now += seconds - 1
        world.crowd.heard(slow)
        world.crowd.sweep()
    assert (silent.is_closed, slow.is_closed) == (True, False)
    assert seconds < world.closes_after(slow) <= seconds + 0.5
    assert len(world.crowd) == 0


def test_who_is_being_answered_or_takes_an_answer_or_watches_is_not_waited_for(world: World) -> None:
    answered, watching, taking = Line(None), Line(None), Line("head", unsent=100_000)
    world.come(answered, watching, taking)
    while taking.unsent:
        world.now += 55
        taking.unsent -= 1000
        world.crowd.sweep()
    assert not any(line.is_closed for line in (answered, watching, taking))


@pytest.mark.parametrize(("is_closing", "seconds"), [(False, 60), (True, 10)])
def test_who_takes_nothing_is_closed_sooner_where_the_connection_ends(
    world: World, is_closing: bool, seconds: float
) -> None:
    stuck = Line(None, unsent=5)
    stuck.is_closing_now = is_closing
    world.come(stuck)
    world.crowd.sweep()
    assert world.memory.held == 5
    assert seconds < world.closes_after(stuck) <= seconds + 1


def test_where_answers_pile_up_the_one_who_has_taken_nothing_for_longest_goes(tmp_path: Path) -> None:
    world = World(tmp_path, memory_mb=0.001)
    slow, silent, quick = Line(None, unsent=200), Line(None, unsent=200), Line(None, unsent=90)
    world.come(slow, silent, quick)
    for line in (slow, silent, quick):
        world.now += 1
        world.crowd.piled_up(line)
    assert world.memory.sizes()["unsent"] == 490
    slow.unsent -= 50
    world.now += 1
    world.crowd.sweep()
    assert (world.memory.held, silent.is_closed) == (440, False)
    quick.unsent = 0
    world.crowd.taken(quick)
    assert world.memory.held == 350
    newcomer = Line(None, unsent=160)
    world.come(newcomer)
    world.crowd.piled_up(newcomer)
    assert [line.is_closed for line in (slow, silent, quick, newcomer)] == [False, True, False, False]
    assert world.memory.held == 310
    # Also those who have too little lying for the transport to say so, and one alone may have more than its part.
    slow.unsent = 20
    world.come(*(few := [Line(None, unsent=40) for _ in range(10)]))
    world.now += 1
    world.crowd.sweep()
    assert world.memory.held == 420
    assert (newcomer.is_closed, slow.is_closed) == (True, False)
    assert sum(line.is_closed for line in few) == 0
    for line in (slow, *few):
        world.crowd.left(line)
    giant = Line(None, unsent=5_000)
    world.come(giant)
    world.crowd.piled_up(giant)
    world.crowd.sweep()
    assert (giant.is_closed, world.memory.held) == (False, 5_000)
    world.crowd.left(giant)
    assert world.memory.held == 0


def test_where_bodies_fill_their_part_half_sent_ones_make_room_the_longest_silent_first(tmp_path: Path) -> None:
    world = World(tmp_path, memory_mb=4)
    crowd, memory = world.crowd, world.memory
    whole, *halves, newcomer = lines = [Line(), Line("body"), Line("body"), Line("body"), Line("body")]
    world.come(*lines)
    assert all(crowd.arrived(line, 200_000) for line in (whole, *halves))
    assert memory.sizes()["bodies"] == 800_000 and not memory.is_overrun
    crowd.heard(halves[0])
    assert crowd.arrived(newcomer, 250_000)
    assert [line.is_closed for line in lines] == [False, False, True, False, False]
    # A short one needs none of it, one that was answered gives its part back, and one may be as large as it likes.
    assert crowd.arrived(Line("body"), 10_000) and memory.sizes()["bodies"] == 850_000
    for line in (*halves, newcomer):
        crowd.left(line)
    assert crowd.arrived(whole, 900_000)
    # What is whole is being answered: one more is refused.
    other = Line("body")
    world.come(other)
    assert not crowd.arrived(other, 200_000) and not whole.is_closed
    crowd.answered(whole)
    crowd.left(other)
    assert memory.held == 0 and crowd.arrived(whole, 9_000_000)


def test_at_the_limit_the_longest_silent_one_makes_place_and_nobody_who_is_served(world: World) -> None:
    served, half_heads, half_bodies = [[Line(wait) for _ in range(5)] for wait in (None, "head", "body")]
    for line in (*served, *half_heads, *half_bodies):
        world.now += 0.1
        world.come(line)
    world.crowd.heard(half_heads[0])
    newcomers = [Line("head") for _ in range(16)]
    assert all(world.come(*newcomers[:10]))
    assert len(world.crowd) == 16
    assert [line.is_closed for line in half_heads] == [False] + [True] * 4
    assert all(line.is_closed for line in half_bodies)
    assert not any(line.is_closed for line in (*served, *newcomers))


def test_where_all_are_served_one_more_has_no_place(world: World) -> None:
    assert world.come(*[Line(None) for _ in range(17)]) == [True] * 16 + [False]


def test_the_log_has_a_line_a_minute_at_most_and_none_for_what_browsers_do(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.come(Line("head", is_half_sent=False))
    world.now = 16
    world.crowd.sweep()
    assert not caplog.messages
    for _ in range(100):
        world.come(*[Line("head") for _ in range(3)])
        world.now += 16
        world.crowd.sweep()
    assert len(caplog.messages) <= 1600 / 60
    assert caplog.messages[0] == ("closed connections: 3, which sent no byte of the head of a request for 15 seconds")
    assert sum(int(message.split()[2].strip(",")) for message in caplog.messages) in range(290, 301)


async def test_a_server_that_was_busy_itself_reads_first_and_then_blames_its_clients(world: World) -> None:
    silent, quick = Line("head"), Line("head")
    world.come(silent, quick)
    loop = asyncio.get_running_loop()
    world.crowd.watch(loop)
    # Nothing was read for twenty seconds.
    world.now += 20
    world.crowd.watch(loop)
    assert not silent.is_closed
    world.crowd.heard(quick)
    world.now += 1
    world.crowd.watch(loop)
    world.crowd.close()
    assert (silent.is_closed, quick.is_closed) == (True, False)
