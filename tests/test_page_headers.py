"""What every answer of the server carries."""

from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION


def client_of(settings: Settings) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(settings))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v1/health", "/no-such-page"])
async def test_inline_scripts_and_foreign_files_are_forbidden(tmp_path: Path, path: str) -> None:
    async with client_of(Settings(data_dir=tmp_path)) as client:
        policy = (await client.get(path)).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


async def test_scripts_obey_the_policy_of_their_page(tmp_path: Path) -> None:
    async with client_of(Settings(data_dir=tmp_path)) as client:
        script = await client.get("/js/main.js")
    assert "content-security-policy" not in script.headers
    assert script.headers["x-content-type-options"] == "nosniff"


async def test_what_is_read_in_binary_and_what_is_known_carries_no_more_than_it_needs(tmp_path: Path) -> None:
    async with client_of(Settings(data_dir=tmp_path)) as client:
        created = (await client.post("/api/v1/sessions", json=SESSION)).json()
        step = await client.post(
            f"/api/v1/sessions/{created['id']}/step",
            params={"detail": "frame"},
            headers={"Accept": "application/octet-stream"},
        )
        page = await client.get("/")
        known = await client.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert (step.status_code, step.headers["x-content-type-options"]) == (200, "nosniff")
    assert "content-security-policy" not in step.headers
    assert known.status_code == 304
    assert known.headers["content-security-policy"] == page.headers["content-security-policy"]
    assert not {"x-content-type-options", "referrer-policy", "content-length"} & known.headers.keys()


async def test_a_course_site_may_embed_the_page_when_the_setting_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, frame_ancestors="'self' https://course.example")
    async with client_of(settings) as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://course.example")


def test_frame_ancestors_cannot_smuggle_in_another_directive() -> None:
    with pytest.raises(ValidationError):
        Settings(frame_ancestors="'self'; script-src *")


async def test_a_browser_asks_again_for_a_page_that_may_have_changed(tmp_path: Path) -> None:
    async with client_of(Settings(data_dir=tmp_path)) as client:
        first = await client.get("/vendor/lit-html/lit-html.js")
        again = await client.get("/vendor/lit-html/lit-html.js", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


def test_lists_in_the_environment_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPROP_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    assert Settings().allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize("name", ["BACKPROP_MAX_LIVE_SESSIONS", "BACKPROP_MAX_READY_BYTES", "backprop_max_programs"])
def test_a_setting_that_does_nothing_any_more_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "64")
    with pytest.raises(ValidationError, match=f"{name.upper()} does nothing any more; .*BACKPROP_MEMORY_MB"):
        Settings()


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


async def test_page_is_compressed_and_steps_are_not(tmp_path: Path) -> None:
    accepts = {"Accept-Encoding": "gzip"}
    async with client_of(Settings(data_dir=tmp_path)) as client:
        assert (await client.get("/js/playground.js", headers=accepts)).headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in (await client.get("/api/v1/datasets", headers=accepts)).headers
