"""/sessions: runs that are stored."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from pydantic import Field

from server.http.answers import BINARY_SCHEMA, IfMatch, common_type, etag, service
from server.http.bodies import BodyRoute
from server.http.json import BINARY
from server.http.pieces import bytes_response, json_response
from server.http.problems import responses
from server.sessions.answers import VIEW_CONTENT, AskedView, new_session_answer, session_answer
from server.sessions.documents import history_document, rows_document
from server.sessions.edit_schemas import SessionEdit
from server.sessions.export import ExportFormat
from server.sessions.looks import Looks
from server.sessions.moves import Moves
from server.sessions.schemas import (
    DecisionMap,
    Export,
    Gates,
    History,
    RewindRequest,
    Session,
    SessionRequest,
    SessionRows,
    Trained,
    TrainRequest,
)
from server.sessions.service import Sessions
from server.settings import Settings
from server.steps import views
from server.steps.answers import STEP_CONTENT, DetailQuery, Expand, Programs, step_answer
from server.steps.schemas import Detail, Step, StepSummary
from server.steps.view_schemas import ViewOfStepQuery
from server.steps.views import VIEW

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=BodyRoute)
Moving = Annotated[Moves, service("moves")]
Looking = Annotated[Looks, service("looks")]
Stored = Annotated[Sessions, service("sessions")]
InForce = Annotated[Settings, service("settings")]
READING, CHANGING = responses(404, 422, 503, 507), responses(400, 404, 412, 415, 422, 503, 507)
SampleQuery = Annotated[int | None, Query(ge=0, description="A row of the batch, alone (m = 1).")]
StepQuery = Annotated[
    int | None,
    Query(ge=1, le=2**53, description="The step of this number instead of the next one, up to furthest_step + 1."),
]
UnitsQuery = Annotated[
    Sequence[Annotated[str, Field(pattern=r"^\d{1,3}:\d{1,6}$")]],
    Query(description='Units whose z and a are wanted, such as "1:0": layer from 1, unit from 0. May be repeated.'),
]
VIEW_OF_STEP: dict[str, Any] = {
    "description": views.__doc__,
    "content": {VIEW: BINARY_SCHEMA, BINARY: BINARY_SCHEMA},
}
Accept = Annotated[str, Header(description=f"`{BINARY}` for the same bytes as of a type that every program knows.")]


class ViewResponse(Response):
    """A view."""

    media_type = VIEW


@router.post(
    "",
    status_code=201,
    response_model=Session,
    responses={201: VIEW_CONTENT, **responses(400, 404, 415, 422, 503, 507)},
)
async def create_session(request: SessionRequest, connection: Request, moves: Moving, ask: AskedView) -> Response:
    """Begin a run on a data set or on rows of one's own, and bring it along a path."""
    return new_session_answer(connection, *await moves.create(request, ask, connection.is_disconnected))


@router.get("/{session_id}", response_model=Session, responses=READING)
async def read_session(session_id: str, sessions: Stored) -> Response:
    """Answer a session with its parameters."""
    return await sessions.look(session_id, session_answer)


@router.patch("/{session_id}", response_model=Session, responses={200: VIEW_CONTENT, **CHANGING})
async def edit_session(
    session_id: str,
    request: SessionEdit,
    connection: Request,
    moves: Moving,
    if_match: IfMatch,
    ask: AskedView,
) -> Response:
    """Change optimizer, parameters, numbers of the model, batch size or rows from the next step on.

    The change is noted at its step and made again by every rewind across it; after a rewind it cuts the future,
    unless the same request gives it again.
    """
    return session_answer(*await moves.edit(session_id, if_match, request, ask, connection.is_disconnected))


@router.delete("/{session_id}", status_code=204, responses=CHANGING)
async def delete_session(session_id: str, sessions: Stored, if_match: IfMatch) -> Response:
    """Forget a session."""
    await sessions.delete(session_id, if_match)
    return Response(status_code=204)


@router.post("/{session_id}/train", response_model=Trained, responses=CHANGING)
async def train_session(
    session_id: str, request: TrainRequest, connection: Request, moves: Moving, if_match: IfMatch
) -> Response:
    """Take many steps and answer what some of them saw."""
    trained = await moves.train(session_id, if_match, request.steps, connection.is_disconnected)
    return json_response(trained, headers=etag(trained["session"]["version"]))


@router.post("/{session_id}/rewind", response_model=Session, responses={200: VIEW_CONTENT, **CHANGING})
async def rewind_session(
    session_id: str, request: RewindRequest, moves: Moving, if_match: IfMatch, ask: AskedView
) -> Response:
    """Go back to an earlier step, or forward again. The future stays until something changes it."""
    return session_answer(*await moves.rewind(session_id, if_match, request.step, ask))


@router.get("/{session_id}/trace", response_model=Step | StepSummary, responses={200: STEP_CONTENT, **READING})
async def trace_session(
    session_id: str,
    looks: Looking,
    programs: Programs,
    sample: SampleQuery = None,
    step: StepQuery = None,
    detail: DetailQuery = Detail.LAYERS,
    expand: Expand = False,
) -> Response:
    """Answer the step that would come next, without taking it, or an earlier one computed again.

    Nothing is changed: after asking for an earlier step the session is where it was.
    """
    if step is None:
        return step_answer(await looks.next_step(session_id, sample, expand=expand), detail, programs)
    return step_answer(await looks.step_again(session_id, step, sample, expand=expand), detail, programs)


@router.get(
    "/{session_id}/view", response_class=ViewResponse, responses={200: VIEW_OF_STEP, **responses(404, 422, 503, 507)}
)
async def read_view(
    session_id: str,
    looks: Looking,
    settings: InForce,
    query: Annotated[ViewOfStepQuery, Query()],
    accept: Accept = VIEW,
) -> Response:
    """Answer all that a page shows of the next step, or of an earlier one computed again, in one answer.

    Nothing is changed: after asking for an earlier step the session is where it was.
    """
    answer = session_answer(*await looks.view(session_id, query.request(settings), query.step))
    answer.headers["Content-Type"] = common_type(accept, VIEW, BINARY)
    return answer


@router.get("/{session_id}/decision-map", response_model=DecisionMap, responses=READING)
async def read_decision_map(
    session_id: str,
    looks: Looking,
    x_feature: Annotated[int, Query(ge=0)] = 0,
    y_feature: Annotated[int | None, Query(ge=0, description="Default: 1 where there is one.")] = None,
    resolution: Annotated[int, Query(ge=2)] = 50,
    unit: UnitsQuery = (),
    step: StepQuery = None,
) -> Response:
    """Answer the probabilities on a grid of two features; the others stay at their training mean.

    A model with one feature is answered along it: one row, and no y. A regression answers its output in their place.
    With `unit` also z and a of units on that grid, from the same program without its backward nodes. With `step` the
    weights are those before that step, computed again; the session is where it was.
    """
    return json_response(await looks.decision_map(session_id, x_feature, y_feature, resolution, unit, step))


@router.get("/{session_id}/gates", response_model=Gates, responses=READING)
async def read_gates(session_id: str, looks: Looking) -> Response:
    """Answer for how many of all rows to train on each gate is open: a unit that is shut for all of them is dead."""
    return json_response(await looks.gates(session_id))


@router.get("/{session_id}/history", response_model=History, responses=READING)
async def read_history(session_id: str, sessions: Stored) -> Response:
    """Answer the learning curve."""
    return json_response(await sessions.look(session_id, history_document))


@router.get("/{session_id}/data", response_model=SessionRows, responses=READING)
async def read_rows(session_id: str, sessions: Stored) -> Response:
    """Answer all rows in the scale that the network sees."""
    return json_response(await sessions.look(session_id, rows_document))


@router.get(
    "/{session_id}/export",
    response_model=Export,
    responses={
        200: {
            "content": {
                BINARY: BINARY_SCHEMA,
                "text/x-python": {"schema": {"type": "string"}},
            }
        },
        **READING,
    },
)
async def export_session(
    session_id: str,
    looks: Looking,
    format: Annotated[
        ExportFormat, Query(description="Write the network, or a script that trains it, in this format.")
    ] = ExportFormat.JSON,
) -> Response:
    """Answer the network to be used elsewhere, or a script that trains it again.

    The NumPy script reproduces the parameters bit for bit on the same machine, the PyTorch script to rounding.
    """
    body, media_type, file_name = await looks.export(session_id, format)
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return bytes_response(body, 200, headers, media_type)
