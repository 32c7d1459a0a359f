"""Everything works behind a proxy that serves the server under a path of its own (`BACKPROP_ROOT_PATH`)."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from pydantic import ValidationError
from websockets.asyncio.client import connect

from server.settings import Settings
from tests.live_server import serve
from tests.server.api import CSV, SESSION, check_problem
from tests.stripping_proxy import StrippingProxy, behind_a_proxy

PREFIX = "/school/play"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrippingProxy]:
    with (
        serve(tmp_path_factory.mktemp("data"), root_path=PREFIX, metrics=True) as url,
        behind_a_proxy(url, PREFIX) as proxy,
    ):
        yield proxy


@pytest.fixture
def client(proxy: StrippingProxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.url, timeout=60) as client:
        yield client


def test_what_is_made_is_found_where_its_location_says(proxy: StrippingProxy, client: httpx.Client) -> None:
    session = client.post("/api/v1/sessions", json=SESSION)
    table = client.post("/api/v1/datasets", content="x1,x2,label\n0,1,A\n1,1,B\n", headers=CSV)
    for made, name in ((session, "id"), (table, "name")):
        assert made.headers["location"].startswith(f"{PREFIX}/api/v1/")
        found = client.get(urljoin(proxy.url, made.headers["location"]))
        assert found.json()[name] == made.json()[name]


def test_the_page_and_all_that_it_links_are_there(proxy: StrippingProxy, client: httpx.Client) -> None:
    page = client.get("/")
    linked = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    found = [client.get(urljoin(f"{proxy.url}/", link)) for link in linked if not link.startswith("data:")]
    assert len(found) > 5
    assert {answer.status_code for answer in found} == {200}
    files = re.search(r'<meta name="files" content="([^"]*)">', page.text)
    assert files
    assert client.get(f"/{files[1]}i18n/ru.json").json()


def test_the_documentation_is_there_and_says_where_to_ask(proxy: StrippingProxy, client: httpx.Client) -> None:
    page = client.get("/docs").text
    linked = re.findall(r'(?:href|src)="(?!data:)([^"]+)"', page)
    assert len(linked) == 3
    start = ""
    for link in linked:
        answer = client.get(urljoin(f"{proxy.url}/docs", link))
        assert answer.status_code == 200
        start = answer.text
    described = re.search(r'url: "([^"]+)"', start)
    assert described
    schema = client.get(urljoin(f"{proxy.url}/docs", described[1])).json()
    assert schema["servers"] == [{"url": PREFIX}]
    assert "/api/v1/health" in schema["paths"]


async def test_a_session_is_trained_over_its_socket(proxy: StrippingProxy, client: httpx.Client) -> None:
    session_id = client.post("/api/v1/sessions", json=SESSION).json()["id"]
    address = f"{proxy.url.replace('http', 'ws', 1)}/api/v1/sessions/{session_id}/stream"
    async with connect(address) as stream:
        await stream.send(json.dumps({"type": "train", "steps": 3}))
        while json.loads(text if isinstance(text := await stream.recv(), str) else "{}").get("type") != "done":
            pass
    assert client.get(f"/api/v1/sessions/{session_id}").json()["step"] == 3


def test_the_script_of_the_doctor_asks_where_it_came_from(proxy: StrippingProxy, client: httpx.Client) -> None:
    assert f'SERVER = "{proxy.url}"' in client.get("/doctor.py").text


def test_metrics_name_routes_as_they_are_without_it(client: httpx.Client) -> None:
    client.get("/api/v1/models")
    assert 'route="/models"' in client.get("/metrics").text


def test_answers_are_compressed_as_without_it(client: httpx.Client) -> None:
    program = client.post("/api/v1/sessions", json=SESSION).json()["program"]
    assert client.get(f"/api/v1/programs/{program}").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/api/v1/models").headers


def test_problems_name_the_path_that_was_asked_for(client: httpx.Client) -> None:
    problem = check_problem(client.get("/api/v1/nowhere"), 404, "not_found")
    assert f"described under {PREFIX}/docs" in problem["detail"]


def test_a_slash_too_many_leads_back_below_it(proxy: StrippingProxy, client: httpx.Client) -> None:
    assert client.get("/api/v1/models/").headers["location"] == f"{proxy.url}/api/v1/models"


def test_a_proxy_that_does_not_take_it_away_finds_nothing(proxy: StrippingProxy) -> None:
    with httpx.Client(base_url=proxy.server_url.geturl(), timeout=60) as direct:
        assert direct.get("/api/v1/health").status_code == 200
        for path in ("/", "/docs", "/api/v1/health"):
            assert direct.get(f"{PREFIX}{path}").status_code == 404


def test_nothing_was_asked_beside_it(proxy: StrippingProxy) -> None:
    assert proxy.strays == []


@pytest.mark.parametrize(
    ("written", "taken"),
    [("/play", "/play"), ("/play/", "/play"), ("/a/b-c.d/e_f~1/", "/a/b-c.d/e_f~1"), ("", ""), ("/", "")],
)
def test_a_prefix_is_taken_without_a_slash_at_its_end(written: str, taken: str) -> None:
    assert Settings(root_path=written).root_path == taken


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("play", "play is no path; it would be written /play."),
        ("https://school.example/play/", "https://school.example/play/ is no path; it would be written /play."),
        ("/a b", "/a b is no path. One looks like /play"),
        ("/a//b", "/a//b is no path; it would be written /a/b."),
        ("/a/../b", "/a/../b is no path. One looks like /play"),
        ("/schüle", "/schüle is no path. One looks like /play"),
        ("/a?b", "/a.b is no path. One looks like /play"),
    ],
)
def test_a_prefix_that_is_none_is_refused_with_the_right_one(written: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(root_path=written)
