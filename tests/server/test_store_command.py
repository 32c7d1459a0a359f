"""`backprop-playground store`, beside a server that goes on."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from server.app import create_app
from server.cli import main
from server.settings import Settings
from tests.recordings import RECORDED, VERSIONS
from tests.server.api import SESSION, client_of

DATABASE = "sessions.sqlite3"


async def step(client: httpx.AsyncClient, name: str, times: int = 1) -> dict[str, object]:
    for _ in range(times):
        answer = await client.post(f"/sessions/{name}/step")
        assert answer.status_code == 200, answer.text
    found: dict[str, object] = (await client.get(f"/sessions/{name}")).json()
    return found


async def test_a_backup_has_what_was_stored_at_one_moment_while_the_server_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(Settings(data_dir=tmp_path / "data"))
    async with client_of(app) as client:
        names = [(await client.post("/sessions", json=SESSION)).json()["id"] for _ in range(5)]
        for name in names:
            await step(client, name, 3)
        codes: list[int] = []
        copy = tmp_path / "copy"
        copy.mkdir()
        arguments = ["store", "backup", str(copy / DATABASE), "--data-dir", str(tmp_path / "data")]
        thread = threading.Thread(target=lambda: codes.append(main(arguments)))
        thread.start()
        taken = 3
        while thread.is_alive():
            for name in names:
                await step(client, name)
            taken += 1
        thread.join()
        assert codes == [0] and "5 sessions" in capsys.readouterr().out
        assert [path.name for path in copy.iterdir()] == [DATABASE]
        other = create_app(Settings(data_dir=copy))
        async with client_of(other) as copied:
            found = [(await copied.get(f"/sessions/{name}")).json()["step"] for name in names]
            # One is ahead of the next by a step at most, as it was at every moment.
            assert 3 <= found[-1] <= found[0] <= min(found[-1] + 1, taken) and found == sorted(found, reverse=True)
        other.state.playground.close()
        # A copy that is there is never written over.
        assert main(arguments) == 1
        assert "is there already" in capsys.readouterr().err
    app.state.playground.close()


async def test_a_file_shrinks_while_the_server_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(RECORDED / VERSIONS[0] / DATABASE, tmp_path)
    app = create_app(Settings(data_dir=tmp_path))
    async with client_of(app) as client:
        wide = {**SESSION, "model": {**SESSION["model"], "hidden": [{"units": 300}, {"units": 100}]}}
        names = [(await client.post("/sessions", json=wide)).json()["id"] for _ in range(20)]
        for name in names[1:]:
            assert (await client.delete(f"/sessions/{name}")).status_code == 204
        before = await step(client, names[0], 2)
        with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = (tmp_path / DATABASE).stat().st_size
        assert main(["store", "shrink", "--data-dir", str(tmp_path)]) == 0
        assert (tmp_path / DATABASE).stat().st_size < size / 3
        assert "MB before" in capsys.readouterr().out
        assert (await client.get(f"/sessions/{names[0]}")).json()["parameters"] == before["parameters"]
        assert (await step(client, names[0]))["step"] == 3
    app.state.playground.close()


def test_what_is_no_session_database_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["backup", str(tmp_path / "copy")], ["shrink"]):
        assert main(["store", *command, "--data-dir", str(tmp_path)]) == 1
        assert "--data-dir" in capsys.readouterr().err
    (tmp_path / DATABASE).write_bytes(b"no database" * 1000)
    for command in (["backup", str(tmp_path / "copy")], ["shrink"]):
        assert main(["store", *command, "--data-dir", str(tmp_path)]) == 1
        assert "not a database" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE]
    assert (tmp_path / DATABASE).read_bytes() == b"no database" * 1000
