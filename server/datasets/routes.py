"""/datasets: named sets, and own tables."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from engine.datasets import USUAL_FRACTION
from server.datasets.schemas import Cut, DatasetDescription, DatasetRows, OwnDataset, OwnTable
from server.datasets.service import Datasets
from server.http.answers import BINARY_SCHEMA, service
from server.http.bodies import check_type, is_json, media_type_of, read
from server.http.json import BINARY, JSON
from server.http.pieces import json_response
from server.http.prefix import address_of
from server.http.problems import responses

router = APIRouter(prefix="/datasets", tags=["data sets"])
Stored = Annotated[Datasets, service("datasets")]
TABLE = TypeAdapter(OwnTable)
SENT_UNASKED = ("", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
TABLE_BODY = {
    "requestBody": {
        "required": True,
        "description": "A table: the bytes of a file, whatever its encoding and its separators, or JSON that holds it "
        "and says what is known about it. Bytes may have any other type too, such as text/csv.",
        "content": {
            BINARY: {**BINARY_SCHEMA, "example": "x1,x2,label\n0,1,A\n1,1,B\n"},
            JSON: {"schema": {"$ref": "#/components/schemas/OwnTable"}},
        },
    }
}


@router.get("", response_model=list[DatasetDescription], responses=responses())
async def list_datasets(datasets: Stored) -> Response:
    """Answer the named data sets."""
    return json_response(await datasets.all())


@router.post(
    "",
    status_code=201,
    response_model=OwnDataset,
    responses=responses(400, 415, 422, 503, 507),
    openapi_extra=TABLE_BODY,
)
async def add_dataset(
    request: Request,
    datasets: Stored,
    name: Annotated[str, Query(max_length=80, description="What a person calls it.")] = "own data",
) -> Response:
    """Keep a table of one's own, and answer the name under which POST /sessions finds it, and what was understood.

    Every content type but JSON is taken for the bytes of a file, save those that any page may send anywhere:
    text/plain, forms, and none.
    """
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    check_type(content_type, _is_table)
    if is_json(media_type_of(content_type)):
        table = await read(request, TABLE, body)
        added = await datasets.add(table, table.name)
    else:
        added = await datasets.add(body, name)
    return json_response(added, 201, {"Location": address_of(request.scope, f"/api/v1/datasets/{added['name']}")})


def _is_table(media_type: str) -> bool:
    """Whether the type says that somebody means a file, and that a page had to ask this server before it sent it."""
    return media_type not in SENT_UNASKED


Seed = Annotated[int, Query(ge=0, le=2**63 - 1, description="Of generated points.")]
Rows = Annotated[int | None, Query(ge=1, description="Of generated points: how many.")]
Noise = Annotated[float | None, Query(allow_inf_nan=False, description="Of generated points.")]
Corners = Annotated[str | None, Query(description='Of xor: "-1/1" or "0/1".')]
Fraction = Annotated[float, Query(allow_inf_nan=False, description="Share of each class that is kept from training.")]
READING = responses(404, 422, 503, 507)


@router.get("/{name}", response_model=DatasetRows, responses=READING)
async def read_dataset(
    name: str,
    datasets: Stored,
    seed: Seed = 0,
    rows: Rows = None,
    noise: Noise = None,
    corners: Corners = None,
) -> Response:
    """Answer a data set with its rows as they were measured or generated."""
    return json_response(await datasets.rows(name, seed, _given(rows, noise, corners)))


@router.get("/{name}/cut", response_model=Cut, responses=READING)
async def cut_dataset(
    name: str,
    datasets: Stored,
    held_out_fraction: Fraction = USUAL_FRACTION,
    rows: Rows = None,
    noise: Noise = None,
    corners: Corners = None,
) -> Response:
    """Answer into how many rows to train on and rows held out a session would cut the set."""
    return json_response(await datasets.cut(name, held_out_fraction, _given(rows, noise, corners)))


def _given(rows: int | None, noise: float | None, corners: str | None) -> dict[str, int | float | str]:
    options = {"rows": rows, "noise": noise, "corners": corners}
    return {option: value for option, value in options.items() if value is not None}
