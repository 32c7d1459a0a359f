"""The script doctor.py: learners run it where their own code is. The server hands it out and never imports it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.http.problems import responses
from server.page.files import File

SCRIPT = Path(__file__).with_name("doctor.py")
_DEFAULT = 'SERVER = "http://127.0.0.1:8000"'
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The script.", "content": {"text/x-python": {"schema": {"type": "string"}}}}
}

router = APIRouter(tags=["doctor"])


@router.get("/doctor.py", response_class=Response, responses={**_ANSWERS, **responses()})
async def read_doctor_script(request: Request) -> Response:
    """Answer the script that runs a learner's code, sends the numbers here and prints the diagnosis."""
    return script_for(str(request.base_url).rstrip("/")).answer(request.headers)


@lru_cache(maxsize=16)
def script_for(server: str) -> File:
    """The script with this address in the place of its default.

    Parameters
    ----------
    server : as the request names it, so it is written as JSON and cannot leave its quotes.
    """
    text = SCRIPT.read_text(encoding="utf-8").replace(_DEFAULT, f"SERVER = {json.dumps(server)}", 1)
    return File.of(SCRIPT.name, text.encode(), (0, 0))
