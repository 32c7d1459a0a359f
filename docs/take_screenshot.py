"""Takes the pictures of the README from the real page: `make docs`.

`screenshot.png` is the moment in which a gradient stops at the shut gate; `opening.webp` is the opening that leads
there, as somebody sees it who comes for the first time.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import CHROMIUM_FLAGS, ChromiumMissing, find_chromium
from tests.browser.drawing import LAPTOP, open_page
from tests.live_server import serve

STILL = Path(__file__).with_name("screenshot.png")
FILM = Path(__file__).with_name("opening.webp")
LARGEST_BYTES = {STILL: 200_000, FILM: 1_500_000}

SHOWN = (960, 600)
OPENING_MS = 5000
FRAME_MS = 100
# The last sentence has to be read before it begins again.
LAST_FRAME_MS = 4000


def taken(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def take_still(browser: Browser, url: str) -> None:
    # Without the opening, which would be in its midst.
    page = browser.new_page(base_url=url, color_scheme="light", locale="en-US", reduced_motion="reduce")
    open_page(page)
    # 256 colours are all that it has, but for the edges of letters.
    # Those of few pixels, the marks of classes, stay what they are.
    colours = taken(page).quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    colours.save(STILL, optimize=True)
    page.close()


def take_film(browser: Browser, url: str) -> None:
    """Frame by frame, on a clock that moves between two frames only."""
    page = browser.new_page(base_url=url, color_scheme="light", locale="en-US", viewport=LAPTOP)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.goto("/")
    page.get_by_role("button", name="Share").wait_for()
    page.wait_for_load_state("networkidle")
    frames = []
    for _ in range(0, OPENING_MS, FRAME_MS):
        frames.append(taken(page).resize(SHOWN, Image.Resampling.LANCZOS))
        page.clock.run_for(FRAME_MS)
    page.close()
    durations = [FRAME_MS] * (len(frames) - 1) + [LAST_FRAME_MS]
    frames[0].save(FILM, save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=80, method=4)


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    with tempfile.TemporaryDirectory() as data, serve(Path(data)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, "--disable-lcd-text"])
        take_still(browser, url)
        take_film(browser, url)
        browser.close()
    for picture, largest in LARGEST_BYTES.items():
        size = picture.stat().st_size
        print(f"{picture.name}: {size} bytes")
        assert size <= largest, "larger than a README should ask of a reader"


if __name__ == "__main__":
    main()
