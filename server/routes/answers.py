"""What several routes share: who does the work, and how OpenAPI describes a step."""

from typing import Any

from fastapi import Request

from server.playground import Playground
from server.wire import BINARY

STEP_CONTENT: dict[str, Any] = {
    "description": "The step. With detail=frame one binary frame, see server/wire.py: header and values.",
    "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
}


def playground(request: Request) -> Playground:
    """The use cases of this server."""
    found: Playground = request.app.state.playground
    return found
