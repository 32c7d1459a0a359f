"""/datasets: named sets, and own tables."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from engine.datasets import USUAL_FRACTION
from server.problems import responses
from server.routes.answers import UseCases, json_answer, validated
from server.schemas.dataset import Cut, DatasetDescription, DatasetRows, OwnDataset, OwnTable

router = APIRouter(prefix="/datasets", tags=["data sets"])
TABLE_BODY = {
    "requestBody": {
        "required": True,
        "description": "A table: the bytes of a file, whatever its encoding and its separators, or JSON that holds it "
        "and says what is known about it.",
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "x1,x2,label\n0,1,A\n1,1,B\n"},
            "application/json": {"schema": {"$ref": "#/components/schemas/OwnTable"}},
        },
    }
}


@router.get("", response_model=list[DatasetDescription], responses=responses())
async def describe(playground: UseCases) -> Response:
    """Answer the named data sets."""
    return json_answer(playground.datasets.all())


@router.post(
    "", status_code=201, response_model=OwnDataset, responses=responses(400, 422, 503, 507), openapi_extra=TABLE_BODY
)
async def add(
    request: Request,
    playground: UseCases,
    name: Annotated[str, Query(max_length=80, description="What a person calls it.")] = "own data",
) -> Response:
    """Keep a table of one's own, and answer the name under which POST /sessions finds it, and what was understood.

    Every content type but JSON is taken for the bytes of a file.
    """
    body = await request.body()
    if _is_json(request.headers.get("content-type", "")):
        table = validated(OwnTable.model_validate_json, body, "body")
        added = await playground.datasets.add(table, table.name)
    else:
        added = await playground.datasets.add(body, name)
    return json_answer(added, 201, {"Location": f"/api/v1/datasets/{added['name']}"})


def _is_json(content_type: str) -> bool:
    media_type = content_type.split(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


Seed = Annotated[int, Query(ge=0, le=2**63 - 1, description="Of generated points.")]
Rows = Annotated[int | None, Query(ge=1, description="Of generated points: how many.")]
Noise = Annotated[float | None, Query(allow_inf_nan=False, description="Of generated points.")]
Corners = Annotated[str | None, Query(description='Of xor: "-1/1" or "0/1".')]
Fraction = Annotated[float, Query(allow_inf_nan=False, description="Share of each class that is kept from training.")]
READING = responses(404, 422, 503, 507)


@router.get("/{name}", response_model=DatasetRows, responses=READING)
async def rows(
    name: str,
    playground: UseCases,
    seed: Seed = 0,
    rows: Rows = None,
    noise: Noise = None,
    corners: Corners = None,
) -> Response:
    """Answer a data set with its rows as they were measured or generated."""
    return json_answer(await playground.datasets.rows(name, seed, _given(rows, noise, corners)))


@router.get("/{name}/cut", response_model=Cut, responses=READING)
async def cut(
    name: str,
    playground: UseCases,
    held_out_fraction: Fraction = USUAL_FRACTION,
    rows: Rows = None,
    noise: Noise = None,
    corners: Corners = None,
) -> Response:
    """Answer into how many rows to train on and rows held out a session would cut the set."""
    return json_answer(await playground.datasets.cut(name, held_out_fraction, _given(rows, noise, corners)))


def _given(rows: int | None, noise: float | None, corners: str | None) -> dict[str, int | float | str]:
    options = {"rows": rows, "noise": noise, "corners": corners}
    return {option: value for option, value in options.items() if value is not None}
