"""GET /labs and GET /labs/{id}: questions that a learner settles by doing."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from server.http.answers import service
from server.http.json import JSON, to_json
from server.http.problems import responses
from server.lessons.schemas import Lab, Labs
from server.lessons.shelf import Shelf

router = APIRouter(prefix="/labs", tags=["labs"])
OnShelf = Annotated[Shelf, service("labs")]
Language = Annotated[
    str, Query(pattern=r"^[A-Za-z-]{2,20}$", description="As en, zh-Hans. Words that are missing come in English.")
]
SEEN: dict[int | str, dict[str, Any]] = {304: {"description": "The same as If-None-Match names."}}
IfNoneMatch = Annotated[str, Header(description="The ETag of an answer that one has.")]


@router.get("", response_model=Labs, responses={**SEEN, **responses(422)})
async def list_labs(shelf: OnShelf, language: Language = "en", if_none_match: IfNoneMatch = "") -> Response:
    """Answer all labs by their questions, and those that are refused with the reason."""
    titles, refused = await shelf.titles(language)
    document = Labs(labs=titles, refused=refused)
    return _answer(to_json(document.model_dump()), if_none_match)


@router.get("/{lab_id}", response_model=Lab, responses={**SEEN, **responses(404, 422)})
async def read_lab(lab_id: str, shelf: OnShelf, language: Language = "en", if_none_match: IfNoneMatch = "") -> Response:
    """Answer a lab, with its words in one language and the body of every request that it makes."""
    return _answer(await shelf.document(lab_id, language), if_none_match)


def _answer(body: bytes, if_none_match: str) -> Response:
    """304 for a browser that has it."""
    headers = {"ETag": f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)
