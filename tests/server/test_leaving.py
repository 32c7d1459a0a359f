"""A client that does not wait for its answer."""

import json
from pathlib import Path
from typing import Any

from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION, client_of


async def test_a_training_ends_when_its_client_leaves_and_what_was_stored_stays(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, train_slice_ms=1))
    async with client_of(app) as client:
        session, twin = [(await client.post("/sessions", json=SESSION)).json() for _ in range(2)]
        body = json.dumps({"steps": 10_000}).encode()
        messages: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            pass

        path = f"/api/v1/sessions/{session['id']}/train"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "headers": headers}
        await app({**scope, "query_string": b"", "http_version": "1.1", "scheme": "http"}, receive, send)

        found = (await client.get(f"/sessions/{session['id']}")).json()
        assert 0 < found["step"] < 10_000
        for name, steps in ((twin["id"], found["step"] + 5), (session["id"], 5)):
            last = (await client.post(f"/sessions/{name}/train", json={"steps": steps})).json()
            assert last["step"] == found["step"] + 5
        ends = [(await client.get(f"/sessions/{name}")).json()["parameters"] for name in (session["id"], twin["id"])]
        assert ends[0] == ends[1]
