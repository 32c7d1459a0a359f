"""The allocator of the C library (glibc) keeps for itself what is freed, unless it is told otherwise."""

import asyncio
import ctypes
from typing import Any

M_ARENA_MAX = -8
GIVE_BACK_EVERY_SECONDS = 10.0


def begin() -> None:
    """One heap for all threads, before there are any: each would keep a heap of its own, with holes of its own."""
    _call("mallopt", M_ARENA_MAX, 1)


def give_back() -> None:
    """Give all free pages back to the system, which takes some milliseconds."""
    _call("malloc_trim", 0)


async def keep_giving_back() -> None:
    """Do so again and again, in a thread."""
    while True:
        await asyncio.sleep(GIVE_BACK_EVERY_SECONDS)
        await asyncio.to_thread(give_back)


def _call(name: str, *arguments: int) -> None:
    """Other systems have other allocators, which need not be told."""
    try:
        function: Any = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return
    function(*arguments)
