"""A server without a network, and the requests that its tests start from."""

import functools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.page import bundle
from server.settings import Settings
from tests.server.api import SESSION, client_of

# A server that begins reads all files of the page for its version; here a thousand begin in one process.
fingerprint = functools.cache(bundle.fingerprint)
sources = functools.cache(lambda static, sources=bundle.sources: list(sources(static)))


@pytest.fixture(scope="module", autouse=True)
def the_page_is_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "fingerprint", fingerprint)
        patch.setattr(bundle, "sources", sources)
        yield


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
