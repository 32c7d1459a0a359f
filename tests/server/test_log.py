"""The log has one form, and contains nothing that only the owner of a session may know."""

import logging
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from server.app import create_app
from server.log import FORM, Discreet
from server.settings import Settings
from tests.server.api import CSV, SESSION, client_of
from tests.server.test_stopping import LINE

FIRST = re.compile(r"\d{4}-")


@pytest.fixture
def written() -> Iterator[StringIO]:
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Discreet(FORM))
    root = logging.getLogger()
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


async def test_no_line_names_a_session_or_an_own_table(
    tmp_path: Path, written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(data_dir=tmp_path, max_sessions=3))
    async with client_of(app) as client:
        name = (await client.post("/sessions", json=SESSION)).json()["id"]
        table = (await client.post("/datasets", content="a,b,label\n1,2,x\n3,4,y\n", headers=CSV)).json()["name"]
        # A fault of the server, with its traceback; the name is in the error too.
        with monkeypatch.context() as patch:
            patch.setattr(app.state.playground.sessions, "look", lambda session, _: 1 / 0 if session == name else None)
            assert (await client.get(f"/sessions/{name}")).status_code == 500
        # Damage, of both kinds.
        with closing(sqlite3.connect(tmp_path / "sessions.sqlite3")) as database, database:
            database.execute("UPDATE sessions SET state = zeroblob(9)")
            database.execute("UPDATE documents SET body = zeroblob(9)")
        app.state.playground.sessions._ready.take(name)
        assert (await client.get(f"/sessions/{name}/history")).status_code == 500
        assert (await client.get(f"/datasets/{table}")).status_code == 500
        # Room that is made.
        for _ in range(4):
            assert (await client.post("/sessions", json=SESSION)).status_code == 201
        # Somebody else's library.
        logging.getLogger("uvicorn.error").error(
            '"WebSocket /api/v1/sessions/%s/stream" failed: %r', name, KeyError(name)
        )
    text = written.getvalue()
    assert text.count("/sessions/...") >= 3 and "/datasets/own-..." in text and "ZeroDivisionError" in text
    assert "never used" in text
    assert name not in text and table.removeprefix("own-") not in text
    assert all(LINE.fullmatch(line) for line in text.splitlines() if FIRST.match(line))
    assert text.count("Z ERROR ") >= 4


def test_names_are_left_out_wherever_they_stand() -> None:
    def formatted(message: str) -> str:
        return Discreet("%(message)s").format(logging.LogRecord("a", 30, "b", 1, message, (), None))

    for _ in range(200):
        name = secrets.token_urlsafe(16)
        for text in (
            f"/api/v1/sessions/{name}/step",
            f"session {name} is gone",
            f"'{name}'",
            f"/api/v1/datasets/own-{name}?x=1",
        ):
            assert name not in formatted(text), text
    plain = "the setting BACKPROP_MAX_BODY_BYTES of server/sessions/store/database.py; a_name_of_twenty_two_; /sessions"
    assert formatted(plain) == plain
