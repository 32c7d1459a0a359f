"""GET /sessions/{id}/view."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from server.problems import responses
from server.routes.answers import BINARY_SCHEMA, UseCases, common_type, session_answer
from server.steps import views
from server.steps.schemas import ViewOfStepQuery
from server.steps.views import VIEW
from server.wire import BINARY

router = APIRouter(prefix="/sessions", tags=["sessions"])
CONTENT: dict[str, Any] = {
    "description": views.__doc__,
    "content": {VIEW: BINARY_SCHEMA, BINARY: BINARY_SCHEMA},
}
Accept = Annotated[str, Header(description=f"`{BINARY}` for the same bytes as of a type that every program knows.")]


class ViewResponse(Response):
    """A view."""

    media_type = VIEW


@router.get(
    "/{session_id}/view", response_class=ViewResponse, responses={200: CONTENT, **responses(404, 422, 503, 507)}
)
async def read_view(
    session_id: str, playground: UseCases, query: Annotated[ViewOfStepQuery, Query()], accept: Accept = VIEW
) -> Response:
    """Answer all that a page shows of the next step, or of an earlier one computed again, in one answer.

    Nothing is changed: after asking for an earlier step the session is where it was.
    """
    answer = session_answer(*await playground.view(session_id, query.request(playground.settings), query.step))
    answer.headers["Content-Type"] = common_type(accept, VIEW, BINARY)
    return answer
