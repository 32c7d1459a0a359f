"""/metrics: numbers for Prometheus, if the setting asks for them, and no names."""

from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION, client_of
from tests.server.watching.page import Page


async def numbers(client: httpx.AsyncClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = await client.get("http://test/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


async def test_it_is_there_for_those_who_ask_for_it_alone(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        assert (await client.get("http://test/metrics")).status_code == 404


async def test_requests_are_counted_by_route_and_nothing_names_a_session(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, metrics=True))
    async with client_of(app) as client:
        session_id = (await client.post("/sessions", json=SESSION)).json()["id"]
        for path in (f"/sessions/{session_id}", "/sessions/nobody", "/nothing-here", "/nor-here", "http://test/"):
            await client.get(path)
        await client.request("ODD", "/models")
        async with Page(app, session_id) as page:
            page.say(type="show")
            await page.view()
            found = await numbers(client)
        text = (await client.get("http://test/metrics")).text

    def count(method: str, route: str, status: int) -> float:
        labels = (("method", method), ("route", route), ("status", str(status)))
        return found.get(("backprop_requests_total", labels), 0)

    assert count("POST", "/sessions", 201) == 1
    assert count("GET", "/sessions/{session_id}", 200) == count("GET", "/sessions/{session_id}", 404) == 1
    assert count("other", "other", 404) == 2
    assert count("other", "other", 200) == 1
    assert found["backprop_open_sockets", ()] == 1
    assert found["backprop_trainings", ()] == 0
    assert found["backprop_memory_limit_bytes", ()] == 256_000_000
    sizes = {kind: found["backprop_memory_bytes", (("kind", kind),)] for kind in app.state.playground.memory.sizes()}
    assert sizes["sessions"] > 10_000 and sizes["programs"] > 1_000 and sizes["views"] > 1_000
    assert sizes["answers"] == sizes["unsent"] == sizes["experiments"] == 0
    assert found["backprop_disk_free_bytes", ()] > 0
    assert found["process_resident_memory_bytes", ()] > 1_000_000
    assert session_id not in text and "nobody" not in text and "ODD" not in text


async def test_two_servers_of_a_process_count_apart(tmp_path: Path) -> None:
    async with (
        client_of(create_app(Settings(data_dir=tmp_path / "a", metrics=True))) as one,
        client_of(create_app(Settings(data_dir=tmp_path / "b", metrics=True))) as other,
    ):
        await one.get("/models")
        labels = (("method", "GET"), ("route", "/models"), ("status", "200"))
        assert (await numbers(one))["backprop_requests_total", labels] == 1
        assert ("backprop_requests_total", labels) not in await numbers(other)
