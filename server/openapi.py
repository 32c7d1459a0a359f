"""What FastAPI cannot see by itself in /openapi.json: problem documents, the socket, and requests read by hand."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from server.datasets.schemas import OwnTable
from server.experiments.schemas import LINES
from server.http.problems import ProblemDocument
from server.sessions.schemas import StepRequest
from server.training import watcher
from server.training.schemas import Pause, Resume, Seen, Show, Train

UNSEEN: Mapping[str, type[BaseModel]] = {
    "OwnTable": OwnTable,
    "ProblemDocument": ProblemDocument,
    "StepRequest": StepRequest,
    "SocketShow": Show,
    "SocketSeen": Seen,
    "SocketTrain": Train,
    "SocketPause": Pause,
    "SocketResume": Resume,
    **LINES,
}
# OpenAPI has no word for a WebSocket.
TAGS = [
    {
        "name": "sessions",
        "description": f"Runs that are stored. `WS /api/v1/sessions/{{session_id}}/stream`: {watcher.__doc__}",
    }
]


def complete_openapi(app: FastAPI) -> None:
    """Add the schemas that routes name but FastAPI does not find."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        for name, model in UNSEEN.items():
            found = model.model_json_schema(ref_template="#/components/schemas/{model}")
            # By its title a generator of clients calls a class, so no other component may have it.
            schemas.update({**found.pop("$defs", {}), name: {**found, "title": name}})
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
