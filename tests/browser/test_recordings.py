"""Links and files that an older version made open the same step today."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, Response

from tests.browser.drawing import is_new_session, session_of
from tests.recordings import RECORDINGS, check_numbers, name_of
from tests.thorough import usually


def check_opened(page: Page, opening: Response, recorded: dict[str, Any]) -> None:
    """The session that the page made has the recorded parameters at the recorded step."""
    page.wait_for_selector("svg.drawing, svg.rows")
    address = urljoin(page.url, f"/api/v1/sessions/{session_of(opening)['id']}")
    expected = {"step": recorded["step"], "parameters": recorded["session"]["parameters"]}
    deadline = time.monotonic() + 20
    while (session := page.request.get(address).json())["step"] != recorded["step"] and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    check_numbers(session, expected, recorded["session"]["model"]["dtype"], recorded["name"])


@pytest.mark.parametrize("recorded", usually(RECORDINGS, *RECORDINGS[::2]), ids=name_of)
def test_a_link_opens_the_step_that_it_was_made_of(page: Page, recorded: dict[str, Any]) -> None:
    with page.expect_response(is_new_session) as opening:
        page.goto("/" + recorded["fragment"])
    check_opened(page, opening.value, recorded)


@pytest.mark.parametrize("recorded", [RECORDINGS[1], RECORDINGS[3], RECORDINGS[12]], ids=name_of)
def test_a_saved_file_opens_the_same_step(page: Page, tmp_path: Path, recorded: dict[str, Any]) -> None:
    saved = tmp_path / "backprop-step.json"
    saved.write_text(json.dumps(recorded["file"]))
    page.goto("/")
    page.wait_for_selector("svg.drawing, svg.rows")
    page.locator(".share-button").click()
    with page.expect_response(is_new_session) as opening:
        page.locator("#share-menu input[type=file]").set_input_files(saved)
    check_opened(page, opening.value, recorded)
