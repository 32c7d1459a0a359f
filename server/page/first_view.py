"""The view of the first lesson, which comes with the page so that it draws before any session has answered."""

import base64
import json
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.vocabulary import Vocabulary
from server.datasets import Datasets
from server.http.json import to_json
from server.page.index import LESSON
from server.problems import Problem
from server.sessions.creating import new_session
from server.sessions.documents import session_document
from server.sessions.schemas import SessionRequest
from server.sessions.showing import view_beside
from server.settings import Settings
from server.steps.views import MapRequest, ViewRequest, programs_of

MAP_RESOLUTION = 40
# Not run by a browser: data, which the policy of the page allows.
SCRIPT = '<script type="application/json" id="first-view">{}</script>\n'


async def first_view(static: Path, datasets: Datasets, settings: Settings, vocabulary: Vocabulary) -> str:
    """The element with the recipe of the lesson, its sample, view and programs; "" where the server refuses the recipe.

    The session in the view has no id: the page makes its own from the recipe, and gets these numbers bit for bit.
    """
    lesson: dict[str, Any] = json.loads((static / LESSON).read_text())
    # As a page asks for it, but in a quarter of the bytes.
    ask = ViewRequest(sample=lesson["sample"], map=MapRequest(0, 1, MAP_RESOLUTION, is_coarse=True))
    request = SessionRequest.model_validate(lesson["recipe"])
    try:
        session = await new_session(request, datasets, settings, vocabulary)
    except (Problem, EngineError):
        # Settings or a vocabulary that refuse this recipe: the page hears of it when it asks for a session.
        return ""
    nowhere = {**session_document(session), "id": "", "expires_at": None}
    content = {
        "recipe": lesson["recipe"],
        "sample": lesson["sample"],
        "view": base64.b64encode(view_beside(to_json(nowhere), session, ask, None)).decode(),
        "programs": {program.fingerprint: dict(program.document) for program in programs_of(session.trainer, ask)},
    }
    # Inside a script only "</" and "<!--" would mean something.
    return SCRIPT.format(to_json(content).decode().replace("<", "\\u003c"))
