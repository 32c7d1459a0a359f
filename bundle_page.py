"""Bundles the page: static/dist/<hash of the sources>/ holds the few files that a browser fetches and keeps for ever.

`python bundle_page.py` does so if a source has changed. The install does it too, and keeps the bundler (esbuild, one
program that needs no Node.js) in build/, so that a later change needs neither npm nor a network.
"""

import json
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import brotli

from server.page.bundle import BROTLI, DIST, fingerprint
from server.page.preloads import LINK, with_preloads

ROOT = Path(__file__).parent
INDEX = "index.html"
MAIN = "js/main.js"

SHEET = re.compile(r'^ *<link rel="stylesheet" href="([^"]+)"( id="[^"]+")?>\n', re.MULTILINE)
SHEETS = re.compile(rf"(?:{SHEET.pattern})+", re.MULTILINE)
FETCHED = re.compile(r'(<link rel="preload" as="fetch" crossorigin href=")')
# Types in comments are imports that nobody makes.
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ON_REQUEST = re.compile(r'\bimport\("([^"]+)"\)')

# Texts of what most visitors never open, and of problems that only the server finds. What leads there stands on the
# first screen, and what is wrong with the server can be said without them.
APART = re.compile(
    r"(mistake|reading|settings|hands|layer|histogram|export|course|initializer|dtype|reduction)\."
    r"|(loss|optimizer)\.\w+\.about"
    r"|doctor\.(?!title$|mark\.)|data\.\w+\.|lab\.(?!labs$|minutes$|door\.)"
    r"|(layers|compare|table)\.(?!(tab|open|gate|input|hidden|output)$)"
    r"|diff\.(?!open$)|nudge\.(?!title$)|points\.(?!(label|start|stop)$)"
    r"|problem\.(?!(unreachable|broken_view|outdated_page|stale|expired|training_cut|unknown_part|unknown_goal|dismiss)$)"
)


class Unbundled(RuntimeError):
    """The bundler could not read the sources; the message is its own."""


def bundler_of(root: Path) -> Path:
    return root / "build" / ("esbuild.exe" if sys.platform == "win32" else "esbuild")


def bundle_folder(root: Path) -> Path:
    """Where the bundle of the sources as they are now is, or would be."""
    return root / "static" / DIST / fingerprint(root / "static")


def bundle(root: Path) -> None:
    """Make the bundle of the page's sources if there is none, in place of every older one.

    Raises
    ------
    Unbundled
        when a source is broken.
    OSError
        when there is no bundler that this machine can run.
    """
    static, target = root / "static", bundle_folder(root)
    if target.is_dir():
        return
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as scratch:
        # A copy, since some files change before they are bundled; laid out alike for the paths in the source maps.
        copy = Path(scratch, "static")
        shutil.copytree(static, copy, ignore=lambda folder, _: {DIST} if folder == str(static) else set())
        index = copy / INDEX
        made = copy / DIST / target.name
        made.mkdir(parents=True)
        page, sheets = with_joined_sheets(index.read_text())
        for name, text in sheets.items():
            (copy / name).write_text(text)
        chain_modules(copy, LINK.findall(page))
        linked = {href for href, _ in SHEET.findall(index.read_text())}
        on_request = {path.relative_to(copy).as_posix() for path in copy.glob("css/*.css")} - linked
        outputs = run(bundler_of(root), copy, made, [MAIN, *sheets, *sorted(on_request)])
        for data in copy.glob("lessons/*/*.json"):
            write_short(json.loads(data.read_text()), made / data.relative_to(copy))
        for data in copy.glob("i18n/*.json"):
            texts = json.loads(data.read_text())
            apart = {key: texts.pop(key) for key in [*texts] if APART.match(key)}
            write_short(texts, made / "i18n" / data.name)
            write_short(apart, made / "i18n" / "apart" / data.name)
        for path in [*made.rglob("*.js"), *made.rglob("*.css"), *made.rglob("*.json")]:
            path.with_name(path.name + BROTLI).write_bytes(brotli.compress(path.read_bytes()))
        (made / INDEX).write_text(with_bundle(page, f"{DIST}/{target.name}/", outputs))
        for older in target.parent.glob("[!.]*"):
            shutil.rmtree(older)
        made.rename(target)


def with_joined_sheets(page: str) -> tuple[str, dict[str, str]]:
    """The page with one link in place of several, and the sheets that these name.

    A link with an id begins another sheet: before it stand the styles of what comes on request.
    """
    sheets: dict[str, str] = {}

    def join(match: re.Match[str]) -> str:
        links = ""
        for href, mark in SHEET.findall(match[0]):
            if mark or not sheets:
                links += f'  <link rel="stylesheet" href="page-{len(sheets)}.css"{mark}>\n'
                sheets[f"page-{len(sheets)}.css"] = ""
            sheets[[*sheets][-1]] += f'@import "./{href}";\n'
        return links

    return SHEETS.sub(join, page), sheets


def chain_modules(copy: Path, links: list[tuple[str, str, str]]) -> None:
    """Let every module that comes on request import all that the page links, and each of these the one before.

    The bundler puts together what the same modules need. Left alone it sees some fifteen of them that each need other
    parts of the page, and cuts the first visit into thirty files; so it makes one of each link.
    """
    linked = [name for _, name, _ in links]
    requested = set()
    for path in copy.glob("js/**/*.js"):
        folder = path.parent.relative_to(copy).as_posix()
        for target in ON_REQUEST.findall(COMMENT.sub("", path.read_text())):
            requested.add(posixpath.normpath(posixpath.join(folder, target)))
    for name in requested - {linked[0]}:
        before = linked[linked.index(name) - 1] if name in linked else linked[-1]
        path = copy / name
        # On the same line, so that the lines of the source map stay those of the source.
        path.write_text(f'import "{relative(before, posixpath.dirname(name))}"; {path.read_text()}')


def relative(name: str, folder: str) -> str:
    path = posixpath.relpath(name, folder)
    return path if path.startswith(".") else f"./{path}"


def run(bundler: Path, copy: Path, made: Path, entries: list[str]) -> dict[str, Any]:
    """Bundle these files into `made`. Answers the bundler's own account of its outputs, by their names in `copy`."""
    account = copy / "account.json"
    options = ["--bundle", "--splitting", "--format=esm", "--minify", "--sourcemap", "--charset=utf8", "--outbase=."]
    command = [bundler, *entries, *options, f"--outdir={made}", f"--metafile={account}", "--log-level=warning"]
    result = subprocess.run(command, cwd=copy, capture_output=True, encoding="utf-8")
    if result.returncode != 0:
        raise Unbundled(f"The page could not be bundled.\n{result.stderr}")
    return dict(json.loads(account.read_text())["outputs"])


def write_short(data: object, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def with_bundle(page: str, folder: str, outputs: dict[str, Any]) -> str:
    """The page with the files of the bundle in place of the sources."""
    made_of = {output["entryPoint"]: name for name, output in outputs.items() if "entryPoint" in output}

    def imported_by(name: str) -> tuple[str, ...]:
        return tuple(each["path"] for each in outputs[name]["imports"] if each["kind"] == "import-statement")

    if lost := [name for _, name, _ in LINK.findall(page) if name not in made_of]:
        raise Unbundled(f"{INDEX} links {', '.join(lost)}, which no module imports on request.")
    page = page.replace('<meta name="files" content="">', f'<meta name="files" content="{folder}">')
    page = page.replace(f'src="{MAIN}"', f'src="{made_of[MAIN]}"')
    page = SHEET.sub(lambda link: link[0].replace(link[1], made_of[link[1]]), page)
    page = FETCHED.sub(rf"\1{folder}", page)
    return with_preloads(LINK.sub(lambda link: f"{link[1]}{made_of[link[2]]}{link[3]}", page), imported_by)


def main() -> None:
    try:
        bundle(ROOT)
    except OSError as error:
        print(f"The page is served as its sources: the bundler cannot be run ({error}). Installing again brings it.")


if __name__ == "__main__":
    main()
