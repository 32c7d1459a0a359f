"""POST /experiments/{name}: what many networks or very deep ones show.

The answer is JSON lines: {"type": "progress"} while it runs, {"type": "result"} or {"type": "problem"} at the end. As a
whole they are a text, of which only the lines are JSON: so OpenAPI describes the items, and the text for programs that
know no items.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from engine.experiments import Experiment
from server.experiments.runner import result_line
from server.experiments.schemas import (
    BornDeadRequest,
    DepthRequest,
    DerivativeAtZeroRequest,
    ExactZerosRequest,
    InitializationRequest,
    ReplicasRequest,
)
from server.experiments.service import Experiments
from server.http.answers import common_type, service
from server.http.bodies import BodyRoute
from server.http.problems import responses

router = APIRouter(prefix="/experiments", tags=["experiments"], route_class=BodyRoute)
Running = Annotated[Experiments, service("experiments")]
JSON_LINES, TEXT = "application/jsonl", "text/plain"
Accept = Annotated[str, Header(description=f"`{TEXT}` for the same lines as of a type that every program knows.")]


class JsonLines(StreamingResponse):
    """One JSON document a line; nginx with TLS would keep all of them to the end without being told."""

    media_type = JSON_LINES

    # FastAPI reads the usual status here, for the description of the API.
    def __init__(self, lines: AsyncIterable[bytes], status_code: int = 200, media_type: str = JSON_LINES) -> None:
        super().__init__(lines, status_code, {"X-Accel-Buffering": "no"}, media_type)


class Admitted(JsonLines):
    """The lines of an experiment that has a place as long as they are sent."""

    def __init__(self, place: ExitStack, lines: AsyncIterator[bytes], media_type: str) -> None:
        super().__init__(lines, media_type=media_type)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await super().__call__(scope, receive, send)


Answer = Callable[[BaseModel, Experiment[Any]], Awaitable[JsonLines]]


async def _answering(request: Request, experiments: Running, accept: Accept = JSON_LINES) -> Answer:
    """Answers an experiment to this request, from what is kept or by running it."""
    media_type = common_type(accept, JSON_LINES, TEXT)

    async def answer(body: BaseModel, experiment: Experiment[Any]) -> JsonLines:
        # A body may have a million numbers: they are not kept to be compared, nor written here.
        key = await experiments.slices.read(len(await request.body()), partial(_key_of, request.url.path, body))
        runner = experiments.runner
        known = runner.known(key)
        if known is not None:
            return JsonLines(_one(result_line(known, is_cached=True)), media_type=media_type)
        place = runner.admit(experiment)
        return Admitted(place, runner.lines(key, experiment, request.url.path, request.is_disconnected), media_type)

    return answer


Answering = Annotated[Answer, Depends(_answering)]


def described(line: str, *errors: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of an answer whose lines have that schema."""
    content = {
        JSON_LINES: {"itemSchema": {"$ref": f"#/components/schemas/{line}"}},
        TEXT: {"schema": {"type": "string"}},
    }
    return {
        200: {"description": f"Lines, each of them JSON: a `{line}`. The last one has the result.", "content": content},
        **responses(400, 415, 422, 503, *errors),
    }


@router.post("/replicas", response_class=JsonLines, responses=described("ReplicasLine", 404, 507))
async def run_replicas(body: ReplicasRequest, experiments: Running, answer: Answering) -> JsonLines:
    """Train one model from many seeds at once; answer mean curves with confidence bands."""
    return await answer(body, await experiments.replicas(body))


@router.post("/depth", response_class=JsonLines, responses=described("DepthLine"))
async def run_depth(body: DepthRequest, answer: Answering) -> JsonLines:
    """Follow the sizes of activations and gradients through up to 1000 layers."""
    return await answer(body, body.experiment())


@router.post("/born-dead", response_class=JsonLines, responses=described("BornDeadLine"))
async def run_born_dead(body: BornDeadRequest, answer: Answering) -> JsonLines:
    """Count networks that answer a constant before they have learnt anything."""
    return await answer(body, body.experiment())


@router.post("/initialization", response_class=JsonLines, responses=described("InitializationLine"))
async def run_initialization(body: InitializationRequest, answer: Answering) -> JsonLines:
    """Train deep networks from several kinds of first weights."""
    return await answer(body, body.experiment())


@router.post("/exact-zeros", response_class=JsonLines, responses=described("ExactZerosLine"))
async def run_exact_zeros(body: ExactZerosRequest, answer: Answering) -> JsonLines:
    """Count pre-activations that are exactly 0, by precision."""
    return await answer(body, body.experiment())


@router.post("/derivative-at-zero", response_class=JsonLines, responses=described("DerivativeAtZeroLine"))
async def run_derivative_at_zero(body: DerivativeAtZeroRequest, answer: Answering) -> JsonLines:
    """Compare choices of the derivative at zero on xor."""
    return await answer(body, body.experiment())


def _key_of(path: str, body: BaseModel) -> bytes:
    return hashlib.sha256(f"{path} {body.model_dump_json()}".encode()).digest()


async def _one(line: bytes) -> AsyncIterator[bytes]:
    yield line
