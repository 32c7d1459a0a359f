"""Whose pages may write, and under which names a server answers."""

import socket
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION, TRACE, check_problem
from tests.server.watching.page import Page

COURSE = "https://course.example"
CROSS = {"Sec-Fetch-Site": "cross-site"}


def client_of(tmp_path: Path, **settings: Any) -> httpx.AsyncClient:
    app = create_app(Settings(data_dir=tmp_path, **settings))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/api/v1")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, None),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://behind.a.proxy"}, None),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://test:3000"}, None),
        ({"Sec-Fetch-Site": "none"}, None),
        ({"Origin": "http://test"}, None),
        ({"Origin": "HTTP://Test"}, None),
        ({"Origin": COURSE}, None),
        ({**CROSS, "Origin": COURSE}, None),
        (CROSS, "foreign_site"),
        ({**CROSS, "Origin": "null"}, "foreign_site"),
        ({**CROSS, "Origin": "http://test"}, "foreign_origin"),
        ({**CROSS, "Origin": "http://elsewhere.example"}, "foreign_origin"),
        ({"Origin": "null"}, "foreign_site"),
        ({"Origin": "http://elsewhere.example"}, "foreign_origin"),
        ({"Origin": "http://test:3000"}, "foreign_origin"),
        ({"Origin": f"{COURSE}.evil.example"}, "foreign_origin"),
        ({"Origin": "http://test@evil.example"}, "foreign_origin"),
        ({"Origin": "http://["}, "foreign_origin"),
        ({"Origin": "http://[::1"}, "foreign_origin"),
        ({"Origin": "http://a]b"}, "foreign_origin"),
        ({"Origin": ""}, "foreign_origin"),
    ],
)
async def test_pages_of_other_sites_read_and_do_not_write(
    tmp_path: Path, headers: dict[str, str], code: str | None
) -> None:
    writes = [
        ("POST", "/datasets", {"content": b"a,b\n1,2\n", "headers": {"Content-Type": "text/csv"}}),
        ("POST", "/sessions", {"json": SESSION}),
        ("POST", "/trace", {"json": TRACE}),
        ("POST", "/no-such-place", {}),
        ("PUT", "/no-such-place", {}),
        ("PATCH", "/sessions/nobody", {"json": {"l2": 1}}),
        ("DELETE", "/sessions/nobody", {}),
    ]
    async with client_of(tmp_path, allowed_origins=COURSE) as client:
        for method, path, how in writes:
            answer = await client.request(method, path, **{**how, "headers": {**how.get("headers", {}), **headers}})
            if code is None:
                assert answer.status_code != 403
            else:
                check_problem(answer, 403, code)
        for method, path in (("GET", "/datasets"), ("GET", "http://test/"), ("HEAD", "http://test/")):
            assert (await client.request(method, path, headers=headers)).is_success


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"origin": "http://test"}, None),
        ({"origin": "http://behind.a.proxy", "sec-fetch-site": "same-origin"}, None),
        ({"origin": COURSE, "sec-fetch-site": "cross-site"}, None),
        ({"origin": "http://test", "sec-fetch-site": "cross-site"}, "foreign_origin"),
        ({"origin": "null"}, "foreign_site"),
        ({"origin": "http://["}, "foreign_origin"),
    ],
)
async def test_a_socket_is_a_write(tmp_path: Path, headers: dict[str, str], code: str | None) -> None:
    app = create_app(Settings(data_dir=tmp_path, allowed_origins=(COURSE,)))
    async with Page(app, "nobody", **headers) as page:
        (problem, _) = await page.hear("close")
    assert problem["problem"]["code"] == (code or "unknown_session")


async def test_allowed_pages_may_read_answers_and_others_may_not(tmp_path: Path) -> None:
    ask = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match,content-type"}
    async with client_of(tmp_path, allowed_origins=COURSE) as client:
        for origin, allowed in ((COURSE, COURSE), ("http://elsewhere.example", None)):
            asked = await client.options("/sessions/nobody", headers={**ask, "Origin": origin})
            assert asked.headers.get("access-control-allow-origin") == allowed
            # What is refused is readable too: the reason would be lost otherwise.
            for path in ("/datasets", "/sessions/nobody"):
                answer = await client.get(path, headers={"Origin": origin})
                assert answer.headers.get("access-control-allow-origin") == allowed
                assert "origin" in answer.headers["vary"].lower()
        assert {"PATCH", "DELETE"} <= set(
            (await client.options("/sessions/nobody", headers={**ask, "Origin": COURSE}))
            .headers["access-control-allow-methods"]
            .split(", ")
        )
    async with client_of(tmp_path) as client:
        assert "access-control-allow-origin" not in (await client.get("/datasets", headers={"Origin": COURSE})).headers


PRIVATE = ["127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "[fe80::1]", "192.168.1.20", "localhost", "LOCALHOST:8000"]
PRIVATE += ["localhost.", "me.localhost", "laptop", "laptop.local", "laptop.lan", "play.internal", "x.home.arpa"]
FOREIGN = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.local.example",
]
FOREIGN += ["1.2.3.4.5", "xlocal.de", "0x7f.1"]


@pytest.mark.parametrize("listens_on", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
async def test_a_server_of_this_machine_answers_to_no_name_that_another_can_own(
    tmp_path: Path, listens_on: str
) -> None:
    async with client_of(tmp_path, host=listens_on, allowed_hosts="Play.example,other.example") as client:
        for host in [*PRIVATE, socket.gethostname(), "play.example", "PLAY.EXAMPLE:80", "other.example."]:
            assert (await client.get("/datasets", headers={"Host": host})).status_code == 200, host
        for host in FOREIGN:
            for path in ("/datasets", "http://test/", "http://test/js/main.js", "/no-such-place"):
                answer = await client.get(path, headers={"Host": host})
                document = check_problem(answer, 421, "unknown_host")
            assert "BACKPROP_ALLOWED_HOSTS" in document["detail"]
            assert document["params"]["host"] == host.partition(":")[0]


@pytest.mark.parametrize("listens_on", ["0.0.0.0", "192.168.1.20", "::", "/run/playground.socket"])
async def test_a_server_for_others_is_asked_under_any_name_until_its_owner_says_which(
    tmp_path: Path, listens_on: str
) -> None:
    async with client_of(tmp_path, host=listens_on) as client:
        assert (await client.get("/datasets", headers={"Host": "evil.example"})).status_code == 200
    async with client_of(tmp_path, host=listens_on, allowed_hosts="play.example") as client:
        check_problem(await client.get("/datasets", headers={"Host": "evil.example"}), 421, "unknown_host")
        for host in ("play.example", "127.0.0.1:8000"):
            assert (await client.get("/datasets", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("extensions", [{}, {"websocket.http.response": {}}], ids=["bare", "as uvicorn"])
async def test_a_page_under_a_foreign_name_opens_no_socket(tmp_path: Path, extensions: dict[str, Any]) -> None:
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(dict(message))

    path = "/api/v1/sessions/nobody/stream"
    headers = [(b"host", b"evil.example"), (b"origin", b"http://evil.example")]
    scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "extensions": extensions}
    await create_app(Settings(data_dir=tmp_path))(scope, receive, send)
    first, *_ = answers
    assert first["type"] == ("websocket.http.response.start" if extensions else "websocket.close")
    assert first.get("status") == (421 if extensions else None)


# --- How they are written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "written", "words"),
    [
        ("frame_ancestors", "https://kurs.例え.jp", "https://kurs.例え.jp is written https://kurs.xn--r8jz45g.jp."),
        (
            "frame_ancestors",
            "'self' https://*.Bücher.example:8443",
            r"is written https://\*.xn--bcher-kva.example:8443.",
        ),
        ("frame_ancestors", "self", "self is written 'self', in single quotes."),
        ("frame_ancestors", "\N{LEFT SINGLE QUOTATION MARK}self\N{RIGHT SINGLE QUOTATION MARK}", "is written 'self'"),
        ("frame_ancestors", "'none' https://a.example", "'none' stands alone."),
        ("frame_ancestors", "", "Nobody is written 'none'"),
        ("frame_ancestors", "'unsafe-inline'", "is no source"),
        ("frame_ancestors", "https://a.example, https://b.example", "https://a.example, is no source"),
        ("frame_ancestors", "'self'; script-src *", "is no source"),
        ("frame_ancestors", "https://a.example/;script-src", "is no source"),
        ("frame_ancestors", "https://a.example/,b", "is no source"),
        ("frame_ancestors", "https://a.example:99999", "has the port 99999; the last one is 65535"),
        ("allowed_origins", "https://a.example:70000", "has the port 70000; the last one is 65535"),
        ("frame_ancestors", "https://" + "x" * 70 + "é.example", "names no host"),
        ("allowed_origins", "https://kurs.例え.jp", "is written https://kurs.xn--r8jz45g.jp."),
        ("allowed_origins", "https://course.example/", "it would be written https://course.example."),
        ("allowed_origins", "course.example:8443/page", "it would be written https://course.example:8443."),
        ("allowed_origins", "https://a.example,*", r"\* is no origin. One looks like https://course.example."),
        ("allowed_hosts", "https://play.example/", "it would be written play.example."),
        ("allowed_hosts", "play.example:8000", "it would be written play.example."),
        ("allowed_hosts", "例え.jp", "例え.jp is written xn--r8jz45g.jp."),
        ("allowed_hosts", "*.example", r"\*.example is no name of a host."),
    ],
)
def test_what_no_browser_would_match_is_refused_with_the_right_word(
    tmp_path: Path, name: str, written: str, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(data_dir=tmp_path, **{name: written})


@pytest.mark.parametrize(
    "written",
    [
        "'self'",
        "'none'",
        "*",
        "https:",
        "'self' https://a.example http://b.example:*",
        "*.example",
        "http://127.0.0.1:81",
    ],
)
async def test_what_browsers_match_is_taken(tmp_path: Path, written: str) -> None:
    async with client_of(tmp_path, frame_ancestors=written) as client:
        answer = await client.get("http://test/")
    assert answer.headers["content-security-policy"].endswith(f"frame-ancestors {written}")


def test_sources_stand_in_one_line(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, frame_ancestors="https://a.example\r\nhttps://b.example")
    assert settings.frame_ancestors == "https://a.example https://b.example"


@pytest.mark.parametrize(
    "written", ["http://localhost:3000", "https://[::1]:8443", "HTTPS://A.example", "moz-extension://a1"]
)
def test_origins_are_taken_in_small_letters(tmp_path: Path, written: str) -> None:
    assert Settings(data_dir=tmp_path, allowed_origins=written).allowed_origins == (written.lower(),)
