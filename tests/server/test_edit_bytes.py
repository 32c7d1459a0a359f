"""The edits of a session are bounded by the memory that they take, and a large session is handled beside the loop."""

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.sessions.store import access
from server.sessions.store.sqlite import SqliteStore
from server.settings import Settings
from tests.server.api import SESSION, check_problem, client_of

EDITS: dict[str, Any] = {
    # 100 rows of x and one-hot y in float64 are left after each change of a row.
    "a moved point": {"data": {"set": [{"row": 0, "x": [1, 2]}]}},
    "weights": {"parameters": {"W1": [[0.5] * 8] * 2, "b1": [0.5] * 8, "W2": [[0.5] * 3] * 8}},
    "rows that come": {"data": {"add": {"x": [[1, 2]] * 10, "y": [0] * 10}}},
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
async def test_the_bytes_of_edits_are_bounded(tmp_path: Path, change: dict[str, Any]) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, max_edit_bytes=20_000))) as client:
        here = f"/sessions/{(await client.post('/sessions', json=SESSION)).json()['id']}"
        answers = [await client.patch(here, json=change) for _ in range(20)]
        refused = next(number for number, answer in enumerate(answers) if answer.status_code != 200)
        assert 2 <= refused
        document = check_problem(answers[refused], 422, "too_large")
        assert document["params"]["setting"] == "max_edit_bytes"
        assert len((await client.get(here)).json()["edits"]) == refused


async def test_a_change_that_is_cut_gives_its_bytes_back(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, max_edit_bytes=20_000))) as client:
        here = f"/sessions/{(await client.post('/sessions', json=SESSION)).json()['id']}"
        await client.post(f"{here}/step")
        while (await client.patch(here, json=EDITS["a moved point"])).status_code == 200:
            pass
        assert (await client.post(f"{here}/rewind", json={"step": 0})).status_code == 200
        assert (await client.patch(here, json=EDITS["a moved point"])).status_code == 200


async def test_what_is_large_is_read_written_and_deleted_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "BYTES_AT_ONCE", 100)
    threads: dict[str, set[str]] = {}
    for name in ("create", "read", "write", "delete"):
        monkeypatch.setattr(SqliteStore, name, _noting(name, getattr(SqliteStore, name), threads))
    async with client_of(create_app(Settings(data_dir=tmp_path, memory_mb=0))) as client:
        here = f"/sessions/{(await client.post('/sessions', json=SESSION)).json()['id']}"
        assert (await client.post(f"{here}/step")).status_code == 200
        assert (await client.get(here)).json()["step"] == 1
        assert (await client.delete(here)).status_code == 204
        assert (await client.get(here)).status_code == 404
    assert threads.keys() == {"create", "read", "write", "delete"}
    assert threading.main_thread().name not in set.union(*threads.values())


def _noting(name: str, method: Any, threads: dict[str, set[str]]) -> Any:
    def noted(*arguments: Any, **named: Any) -> Any:
        threads.setdefault(name, set()).add(threading.current_thread().name)
        return method(*arguments, **named)

    return noted


async def test_cells_of_rows_are_not_written_down_to_find_one(client: httpx.AsyncClient) -> None:
    session = (await client.post("/sessions", json=SESSION)).json()["id"]
    inside = await client.post(f"/sessions/{session}/slice", json={"tensor": "x", "index": [31, 1]})
    assert inside.json()["index"] == [31, 1]
    outside = await client.post(f"/sessions/{session}/slice", json={"tensor": "x", "index": [32, 0]})
    assert check_problem(outside, 422, "unknown_cell")["params"]["wanted"] == [31, 1]
