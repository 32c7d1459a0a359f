"""What tests ask of a watched session and of the server that has it."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.playground import Playground
from tests.server.api import SESSION


async def new_session(api: httpx.AsyncClient) -> str:
    session_id: str = (await api.post("/sessions", json=SESSION)).json()["id"]
    return session_id


async def state(api: httpx.AsyncClient, session_id: str) -> tuple[int, int]:
    """Step and version."""
    session = (await api.get(f"/sessions/{session_id}")).json()
    return session["step"], session["version"]


async def stands_still(api: httpx.AsyncClient, session_id: str) -> bool:
    before = await state(api, session_id)
    await asyncio.sleep(0.1)
    return before == await state(api, session_id)


def seen(view: dict[str, Any]) -> tuple[int, int]:
    return view["session"]["step"], view["session"]["version"]


def refused(message: dict[str, Any]) -> tuple[str, int]:
    """The code of a problem, and how many there may be."""
    return message["problem"]["code"], message["problem"]["params"]["wanted"]


def playground_of(app: FastAPI) -> Playground:
    playground: Playground = app.state.playground
    return playground


def with_settings(**settings: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("settings", [settings], ids=[""])
