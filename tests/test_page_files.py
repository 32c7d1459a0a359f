"""The page's files: from memory, as they are on the disk, with links to every module that is needed at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from server.page.bundle import Bundle
from server.page.files import Folder
from server.page.index import LESSON, Index
from server.page.preloads import imports_of, with_preloads
from server.page.serving import PageFiles


async def nothing() -> str:
    return ""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "index.html").write_text('<link rel="modulepreload" href="js/main.js">\n')
    (tmp_path / "js" / "main.js").write_text('import { a } from "./a.js";\n' + "// long enough to be compressed\n" * 20)
    (tmp_path / "js" / "a.js").write_text("export const a = 1;\n")
    (tmp_path / ".stamp").write_text("hidden")
    return tmp_path


@pytest.fixture
async def client(site: Path) -> AsyncIterator[httpx.AsyncClient]:
    folder = Folder(site)
    index = Index(folder, Bundle(site, is_wanted=False), "v1", nothing)
    files = PageFiles(PlainTextResponse("the application"), folder, index)
    transport = httpx.ASGITransport(files)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_file_is_sent_as_it_is(site: Path, client: httpx.AsyncClient) -> None:
    answer = await client.get("/js/main.js")
    assert answer.text == (site / "js" / "main.js").read_text()
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"


async def test_whoever_cannot_decompress_gets_it_plain(site: Path, client: httpx.AsyncClient) -> None:
    answer = await client.get("/js/main.js", headers={"Accept-Encoding": "identity"})
    assert answer.text == (site / "js" / "main.js").read_text()
    assert "content-encoding" not in answer.headers


async def test_a_file_that_has_changed_is_sent_anew(site: Path, client: httpx.AsyncClient) -> None:
    first = await client.get("/js/a.js")
    same = await client.get("/js/a.js", headers={"If-None-Match": first.headers["etag"]})
    (site / "js" / "a.js").write_text("export const a = 12;\n")
    changed = await client.get("/js/a.js", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, changed.text) == (200, "export const a = 12;\n")


@pytest.mark.parametrize(
    "path",
    ["/js", "/js/", "/none.js", "/.stamp", "/%2e%2e/secret", "/js/..%2f..%2fsecret", "/a%00b", f"/{300 * 'a'}.js"],
)
async def test_what_is_no_file_of_the_page_goes_on(site: Path, client: httpx.AsyncClient, path: str) -> None:
    (site.parent / "secret").write_text("secret")
    assert (await client.get(path)).text == "the application"


async def test_only_reading_is_answered(client: httpx.AsyncClient) -> None:
    assert (await client.post("/js/a.js")).text == "the application"


async def test_page_links_what_its_modules_import_now(site: Path, client: httpx.AsyncClient) -> None:
    link = '<link rel="modulepreload" href="js/{}.js">\n'
    assert (await client.get("/")).text == link.format("main") + link.format("a")
    (site / "js" / "b.js").touch()
    (site / "js" / "a.js").write_text('import "./b.js";\n')
    assert (await client.get("/")).text == link.format("main") + link.format("a") + link.format("b")


def test_a_module_is_linked_once_and_those_nearest_come_first() -> None:
    graph = {
        "m.js": ("a.js", "b.js"),
        "a.js": ("c.js",),
        "b.js": ("c.js", "m.js"),
        "c.js": (),
        "n.js": ("b.js", "d.js"),
    }
    now, soon = '<link rel="modulepreload" href="{}">\n', '<link rel="modulepreload" fetchpriority="low" href="{}">\n'
    linked = with_preloads(now.format("m.js") + soon.format("n.js"), lambda name: graph.get(name, ()))
    expected = [now.format(name) for name in ("m.js", "a.js", "b.js", "c.js")]
    assert linked == "".join([*expected, soon.format("n.js"), soon.format("d.js")])


def test_types_in_comments_and_imports_on_request_are_no_imports() -> None:
    source = """
import { a } from "./a.js";
import b from "../core/b.js";
import "./c.js";
export {
  d,
} from "./d.js";
import{e}from"./e.js";import"./f.js";const minified=1;
/** @param {import("./type.js").Type} x */
const later = () => import("./later.js");
"""
    found = imports_of("js/views/x.js", source)
    assert found == tuple(f"js/{name}.js" for name in ("views/a", "core/b", "views/c", "views/d", "views/e", "views/f"))


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("ru", "ru"),
        ("de-DE, id;q=0.7", "id"),
        ("de", "en"),
        ("", "en"),
        ("*;q=0.1", "en"),
        ("../../secret", "en"),
    ],
)
async def test_page_links_the_texts_that_the_browser_prefers(site: Path, wishes: str, language: str) -> None:
    (site / "index.html").write_text('<link rel="preload" href="i18n/en.json">')
    (site / "i18n").mkdir()
    for name in ("en", "zh-Hans", "id", "ru"):
        (site / "i18n" / f"{name}.json").touch()
    page = await Index(Folder(site), Bundle(site, is_wanted=False), "v1", nothing).file(wishes)
    assert page is not None
    assert page.text.decode() == f'<link rel="preload" href="i18n/{language}.json">'
    assert "Accept-Language" in page.vary


async def test_page_knows_who_may_show_it_in_a_frame(site: Path) -> None:
    (site / "index.html").write_text('<meta name="frame-ancestors" content="">')
    sources = "'self' https://course.example \"><script>"
    page = await Index(Folder(site), Bundle(site, is_wanted=False), "v1", nothing, sources).file("")
    assert page is not None
    assert (
        page.text.decode() == '<meta name="frame-ancestors" '
        'content="&#x27;self&#x27; https://course.example &quot;&gt;&lt;script&gt;">'
    )


async def test_first_view_is_made_once_and_again_when_the_lesson_changes(site: Path) -> None:
    made: list[str] = []

    async def first_view() -> str:
        made.append(f"view {len(made)}")
        return made[-1]

    (site / "index.html").write_text("<body></body>")
    (lesson := site / LESSON).parent.mkdir(parents=True)
    lesson.write_text("{}")
    index = Index(Folder(site), Bundle(site, is_wanted=False), "v1", first_view)
    pages = [await index.file(""), await index.file("")]
    lesson.write_text('{"changed": true}')
    pages.append(await index.file(""))
    assert [page and page.text.decode() for page in pages] == [f"<body>view {number}</body>" for number in (0, 0, 1)]
