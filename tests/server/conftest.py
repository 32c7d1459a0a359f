"""A server without a network, and the requests that its tests start from."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION, client_of


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        yield client


@pytest.fixture
async def session(client: httpx.AsyncClient) -> dict[str, Any]:
    """A fresh session of a 2-8-3 network on three blobs, batches of 32."""
    answer = await client.post("/sessions", json=SESSION)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document
