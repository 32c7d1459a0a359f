"""The bundle of the page: a few files that browsers keep, and never those of other sources than these."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

import bundle_page
from server.app import create_app
from server.page.bundle import DIST, Bundle
from server.page.files import FOR_EVER, Folder
from server.page.index import Index
from server.page.preloads import imports_of
from server.page.serving import PageFiles
from server.settings import Settings

ROOT = Path(__file__).parent.parent
LINKED = re.compile(r'(?:href|src)="([^":]+)"')
# At least one of everything that the bundler tells apart: linked and asked for, script, sheet and data.
SITE = {
    "index.html": """<meta name="version" content="">
<meta name="files" content="">
  <link rel="stylesheet" href="css/first.css">
  <link rel="stylesheet" href="css/second.css">
  <link rel="stylesheet" href="css/last.css" id="last-word">
  <link rel="preload" as="fetch" crossorigin href="i18n/en.json">
  <link rel="modulepreload" href="js/main.js">
  <link rel="modulepreload" fetchpriority="low" href="js/views.js">
<script type="module" src="js/main.js"></script>
""",
    "css/first.css": ".a { color: #abcdef; }",
    "css/second.css": ".b { fill: url(#hatching); }",
    "css/last.css": ".c { margin: 0; }",
    "css/dialog.css": ".d { padding: 0; }",
    "i18n/en.json": '{ "greeting": "Здравствуй" }',
    "lessons/01/lesson.json": "{ }",
    "js/shared.js": 'export const shared = "what all need";',
    "js/main.js": 'import { shared } from "./shared.js";\nconsole.log(shared, import("./views.js"));',
    "js/views.js": 'import { shared } from "./shared.js";\n/** @type {import("./none.js").None} */\n'
    'export const open = () => import("./dialog.js").then(shared);',
    "js/dialog.js": 'import { shared } from "./shared.js";\nimport { open } from "./views.js";\nopen(shared);\n',
}


async def nothing() -> str:
    return ""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small page with the bundler that the install has kept."""
    for name, text in SITE.items():
        (path := tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (bundler := bundle_page.bundler_of(tmp_path)).parent.mkdir()
    bundler.symlink_to(bundle_page.bundler_of(ROOT))
    return tmp_path


def bundle_of(checkout: Path) -> Path:
    bundle_page.bundle(checkout)
    (folder,) = (checkout / "static" / DIST).iterdir()
    return folder


def modules_in(folder: Path) -> list[str]:
    """The sources of each script, by its source map."""
    maps = [json.loads(path.read_text()) for path in folder.rglob("*.js.map")]
    return [source for each in maps for source in each["sources"]]


def test_page_links_its_files_in_the_bundle_and_all_of_them_are_there(checkout: Path) -> None:
    page = (bundle_of(checkout) / "index.html").read_text()
    linked = LINKED.findall(page)
    assert len(linked) == 8  # two sheets, texts, two links of main.js, what main.js shares, two of the views
    assert [name for name in linked if not (checkout / "static" / name).is_file()] == []


def test_every_module_is_in_one_file_only(checkout: Path) -> None:
    modules = modules_in(bundle_of(checkout))
    assert len(set(modules)) == len(modules) == 4


def test_source_maps_name_the_sources_where_they_are(checkout: Path) -> None:
    folder = bundle_of(checkout)
    for path in folder.rglob("*.map"):
        for source in json.loads(path.read_text())["sources"]:
            if not source.startswith("../page-"):
                assert (path.parent / source).resolve().is_file(), source


def test_sheets_keep_their_order_and_those_on_request_their_names(checkout: Path) -> None:
    folder = bundle_of(checkout)
    texts = [(folder / name).read_text().splitlines()[0] for name in ("page-0.css", "page-1.css", "css/dialog.css")]
    assert texts == [".a{color:#abcdef}.b{fill:url(#hatching)}", ".c{margin:0}", ".d{padding:0}"]


def test_texts_are_the_same_and_shorter(checkout: Path) -> None:
    text = (bundle_of(checkout) / "i18n" / "en.json").read_text()
    assert text == '{"greeting":"Здравствуй"}'


def test_texts_that_few_readers_need_stand_apart(checkout: Path) -> None:
    texts = {"greeting": "Hello", "doctor.title": "Mine?", "doctor.hint": "Paste", "mistake.mask.title": "No mask"}
    (checkout / "static" / "i18n" / "en.json").write_text(json.dumps(texts))
    folder = bundle_of(checkout) / "i18n"
    first, apart = (json.loads((folder / name).read_text()) for name in ("en.json", "apart/en.json"))
    assert first == {"greeting": "Hello", "doctor.title": "Mine?"}
    assert {**first, **apart} == texts


def test_the_first_screen_says_nothing_that_stands_apart() -> None:
    static = ROOT / "static"
    found = [f"js/{name}" for name in ("main.js", "views/index.js", "views/beside.js")]
    said = {}
    for name in found:
        source = bundle_page.COMMENT.sub("", (static / name).read_text())
        found += [each for each in imports_of(name, source) if each not in found]
        said |= dict.fromkeys(re.findall(r"""["`]([a-z]+\.[\w.]+)["`]""", source), name)
    texts = json.loads((static / "i18n" / "en.json").read_text())
    assert "transport.play" in said
    assert {key: name for key, name in said.items() if key in texts and bundle_page.APART.match(key)} == {}


def test_bundle_of_other_sources_is_not_taken(checkout: Path, caplog: pytest.LogCaptureFixture) -> None:
    old = bundle_of(checkout)
    bundle = Bundle(checkout / "static")
    assert bundle.index() == f"dist/{old.name}/index.html"
    with (checkout / "static" / "js" / "shared.js").open("a") as script:
        script.write("\n// changed")
    assert bundle.index() is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert bundle.index() is None
    assert len(caplog.records) == 1
    new = bundle_of(checkout)
    assert bundle.index() == f"dist/{new.name}/index.html"


@pytest.mark.parametrize("name", ["i18n/new.json", "css/first.css", "vendor/.stamp", "index.html"])
def test_every_file_of_the_page_counts(checkout: Path, name: str) -> None:
    before = Bundle(checkout / "static").version
    (path := checkout / "static" / name).parent.mkdir(exist_ok=True)
    path.write_text("{}")
    assert Bundle(checkout / "static").version != before


def test_a_second_build_has_nothing_to_do(checkout: Path) -> None:
    folder = bundle_of(checkout)
    bundle_page.bundler_of(checkout).unlink()
    assert bundle_of(checkout) == folder


def test_a_broken_source_is_named_and_leaves_nothing_behind(checkout: Path) -> None:
    (checkout / "static" / "js" / "views.js").write_text("export const = 1;")
    with pytest.raises(bundle_page.Unbundled, match=r"js/views\.js:1:"):
        bundle_page.bundle(checkout)
    assert list((checkout / "static" / DIST).iterdir()) == []


def test_a_linked_module_that_nobody_imports_is_named(checkout: Path) -> None:
    (checkout / "static" / "js" / "main.js").write_text("console.log(1);")
    with pytest.raises(bundle_page.Unbundled, match=r"js/views\.js"):
        bundle_page.bundle(checkout)


def test_without_a_bundler_the_sources_are_served_and_it_is_said(checkout: Path) -> None:
    bundle_page.bundler_of(checkout).unlink()
    with pytest.raises(OSError, match="esbuild"):
        bundle_page.bundle(checkout)
    assert Bundle(checkout / "static").index() is None


async def test_files_of_the_bundle_are_kept_for_ever_and_the_page_is_asked_for_again(checkout: Path) -> None:
    folder = bundle_of(checkout)
    static = Folder(checkout / "static")
    files = PageFiles(PlainTextResponse("no"), static, Index(static, Bundle(static.directory), "v1", nothing))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://test") as client:
        page = await client.get("/")
        script = await client.get(f"/dist/{folder.name}/js/main.js")
        again = await client.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert '<meta name="version" content="v1">' in page.text
    assert f'<meta name="files" content="dist/{folder.name}/">' in page.text
    assert "cache-control" not in page.headers
    assert script.headers["cache-control"] == FOR_EVER
    assert again.status_code == 304


async def test_files_of_the_bundle_are_sent_in_the_shortest_form_that_is_accepted(checkout: Path) -> None:
    words = {"title": " ".join(map(str, range(200)))}
    (checkout / "static" / "i18n" / "en.json").write_text(json.dumps(words))
    texts = f"/dist/{bundle_of(checkout).name}/i18n/en.json"
    static = Folder(checkout / "static")
    files = PageFiles(PlainTextResponse("no"), static, Index(static, Bundle(static.directory), "v1", nothing))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://test") as client:

        async def asked(url: str, accepted: str) -> tuple[str | None, int]:
            async with client.stream("GET", url, headers={"Accept-Encoding": accepted}) as answer:
                sent = b"".join([part async for part in answer.aiter_raw()])
            return answer.headers.get("content-encoding"), len(sent)

        plain = await asked(texts, "identity")
        zipped = await asked(texts, "gzip, deflate")
        brotlied = await asked(texts, "gzip, deflate, br")
        assert [coding for coding, _ in (plain, zipped, brotlied)] == [None, "gzip", "br"]
        assert brotlied[1] < zipped[1] < plain[1]
        assert await asked(texts, "br;q=0, gzip;q=0.5") == zipped
        # A source may change at any time, so nothing has been made of it.
        assert (await asked("/i18n/en.json", "gzip, br"))[0] == "gzip"


async def test_the_setting_asks_for_the_sources(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(create_app(Settings(data_dir=tmp_path, page="source")))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get("/")
        health = await client.get("/api/v1/health")
    assert 'src="js/main.js"' in page.text
    assert f'<meta name="version" content="{health.headers["page-version"]}">' in page.text


def test_first_visit_needs_six_scripts_and_two_sheets() -> None:
    subprocess.run([sys.executable, "bundle_page.py"], cwd=ROOT, check=True)
    page = (bundle_page.bundle_folder(ROOT) / "index.html").read_text()
    scripts = {name for name in LINKED.findall(page) if name.endswith(".js")}
    sheets = {name for name in LINKED.findall(page) if name.endswith(".css")}
    assert (len(scripts), len(sheets)) == (6, 2)


def test_a_lab_comes_in_two_scripts_with_its_instruments() -> None:
    subprocess.run([sys.executable, "bundle_page.py"], cwd=ROOT, check=True)
    folder = bundle_page.bundle_folder(ROOT)
    linked = {Path(name).name for name in LINKED.findall((folder / "index.html").read_text())}
    (lab,) = folder.glob("lab-*.js")
    scripts = {lab.name, *(Path(each).name for each in imports_of(lab.name, lab.read_text()))} - linked
    assert len(scripts) <= 2
    own = {Path(each).name for each in json.loads(lab.with_name(f"{lab.name}.map").read_text())["sources"]}
    instruments = {path.name for path in (ROOT / "static/js/views/instruments").glob("bp-*.js")}
    assert instruments and {"lab.js", "bp-lab.js", "bp-stage.js", *instruments} <= own
