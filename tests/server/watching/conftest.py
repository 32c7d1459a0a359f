"""A server in this process with the settings of a test, and a session on it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.app import create_app
from server.settings import Settings
from tests.server.api import client_of
from tests.server.watching.sessions import new_session


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of the server, for a test to choose."""
    return {}


@pytest.fixture
async def app(tmp_path: Path, settings: dict[str, Any]) -> AsyncIterator[FastAPI]:
    app = create_app(Settings(data_dir=tmp_path, **settings))
    yield app
    async with asyncio.timeout(20):
        # Those that nobody watches any more end by themselves, after what they are about to store.
        while app.state.playground.trainings.count:
            await asyncio.sleep(0.01)
    app.state.playground.close()


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def session_id(api: httpx.AsyncClient) -> str:
    return await new_session(api)
