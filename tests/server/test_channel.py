"""News of a session: who hears what, and what may be left out."""

import asyncio

import pytest

from server.sessions.channel import LocalChannel, Subscription

DONE, PAUSED = {"type": "done"}, {"type": "paused"}


async def test_many_changes_are_one_piece_of_news_and_every_notice_is_kept() -> None:
    subscription = Subscription(10)
    for _ in range(5):
        subscription.changed()
    subscription.notice(PAUSED)
    subscription.changed()
    subscription.notice(DONE)
    assert await subscription.news(0) == (True, [PAUSED, DONE])
    subscription.notice(DONE)
    assert await subscription.news(0) == (False, [DONE])


async def test_who_lets_too_many_notices_lie_is_lost_and_holds_none_of_them() -> None:
    subscription = Subscription(3)
    for _ in range(3):
        subscription.notice(DONE)
    assert await subscription.news(0) == (False, [DONE] * 3)
    assert not subscription.lost.is_set()
    for _ in range(1000):
        subscription.notice(PAUSED)
    assert subscription.lost.is_set()
    assert await subscription.news(0) == (False, [])


@pytest.mark.parametrize("wake", ["asked", "notice"])
async def test_a_change_waits_for_its_turn_and_what_was_asked_for_does_not(wake: str) -> None:
    subscription = Subscription(10)
    subscription.changed()
    waiting = asyncio.create_task(subscription.news(None))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    if wake == "asked":
        subscription.asked()
    else:
        subscription.notice(DONE)
    assert await waiting == (True, [DONE] if wake == "notice" else [])


async def test_without_news_the_pause_ends_and_the_waiting_does_not() -> None:
    subscription = Subscription(10)
    waiting = asyncio.create_task(subscription.news(0.001))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    subscription.changed()
    assert await waiting == (True, [])


async def test_news_goes_to_all_who_watch_that_session_and_to_nobody_else() -> None:
    channel = LocalChannel(10)
    with channel.subscribed("a") as one, channel.subscribed("b") as other, channel.subscribed("a") as two:
        channel.changed("a")
        channel.notice("a", DONE)
        channel.changed("nobody")
        assert (channel.watchers("a"), channel.watchers("b"), channel.watchers("nobody")) == (2, 1, 0)
        assert await one.news(0) == await two.news(0) == (True, [DONE])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(other.news(0), 0.01)
        assert channel.watched() == ["a", "b"]
    assert channel.watched() == []


async def test_who_leaves_in_the_middle_of_the_news_disturbs_nobody() -> None:
    channel = LocalChannel(10)
    with channel.subscribed("a") as stays:
        with channel.subscribed("a"):
            channel.changed("a")
        channel.notice("a", DONE)
        assert await stays.news(0) == (True, [DONE])


async def test_a_notice_is_read_when_it_was_taken() -> None:
    subscription = Subscription(10)
    await subscription.read()
    subscription.notice(DONE)
    reading = asyncio.create_task(subscription.read())
    await asyncio.sleep(0)
    assert not reading.done()
    await subscription.news(0)
    await reading
