"""/datasets: named sets, and own tables."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.problems import responses
from server.routes.answers import UseCases, json_answer
from server.schemas.dataset import DatasetDescription, DatasetRows, OwnDataset

router = APIRouter(prefix="/datasets", tags=["data sets"])
CSV_BODY = {
    "requestBody": {
        "required": True,
        "description": "A table: numbers and a label in every row, as spreadsheets write them.",
        "content": {"text/csv": {"schema": {"type": "string"}, "example": "x1,x2,label\n0,1,A\n1,1,B\n"}},
    }
}


@router.get("", response_model=list[DatasetDescription], responses=responses())
async def describe(playground: UseCases) -> Response:
    """Answer the named data sets."""
    return json_answer(playground.datasets.all())


@router.post("", status_code=201, response_model=OwnDataset, responses=responses(422, 503, 507), openapi_extra=CSV_BODY)
async def add(
    request: Request,
    playground: UseCases,
    name: Annotated[str, Query(max_length=80, description="What a person calls it.")] = "own data",
) -> Response:
    """Keep a table of one's own (CSV in UTF-8), and answer the name under which POST /sessions finds it."""
    added = await playground.datasets.add(await request.body(), name)
    return json_answer(added, 201, {"Location": f"/api/v1/datasets/{added['name']}"})


@router.get("/{name}", response_model=DatasetRows, responses=responses(404, 422, 503, 507))
async def rows(
    name: str,
    playground: UseCases,
    seed: Annotated[int, Query(ge=0, le=2**63 - 1, description="Of generated points.")] = 0,
    rows: Annotated[int | None, Query(ge=1, description="Of generated points: how many.")] = None,
    noise: Annotated[float | None, Query(allow_inf_nan=False, description="Of generated points.")] = None,
    corners: Annotated[str | None, Query(description='Of xor: "-1/1" or "0/1".')] = None,
) -> Response:
    """Answer a data set with its rows as they were measured or generated."""
    given = {"rows": rows, "noise": noise, "corners": corners}
    options = {option: value for option, value in given.items() if value is not None}
    return json_answer(await playground.datasets.rows(name, seed, options))
