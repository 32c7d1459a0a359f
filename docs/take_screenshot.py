"""Takes docs/screenshot.png, the picture of the README: `make docs`.

The page opens on a computed step, at the moment in which a gradient stops at the shut gate.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import ChromiumMissing, find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.drawing import open_page
from tests.live_server import serve

PICTURE = Path(__file__).with_name("screenshot.png")
LARGEST_BYTES = 200_000


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    with tempfile.TemporaryDirectory() as data, serve(Path(data)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, "--disable-lcd-text"])
        page = browser.new_page(base_url=url, color_scheme="light")
        open_page(page)
        page.screenshot(path=PICTURE)
        browser.close()
    size = PICTURE.stat().st_size
    print(f"{PICTURE.name}: {size} bytes")
    assert size <= LARGEST_BYTES, "larger than a README should ask of a reader"


if __name__ == "__main__":
    main()
