"""The use cases of the server."""

import asyncio

from server.problems import Problem
from server.programs import ProgramRegistry
from server.schemas.step import TraceRequest
from server.settings import Settings
from server.tracing import trace_of
from server.wire import Shown


class Playground:
    """What a person can do with the server, apart from HTTP."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.programs = ProgramRegistry(settings.max_programs)

    async def trace(self, request: TraceRequest, *, expand: bool) -> Shown:
        """One step with nothing stored."""
        # The size is known only after parsing; a small trace costs less than a change of thread.
        if len(request.batch.x) * request.model.inputs < self.settings.inline_values:
            shown = trace_of(request, self.settings, expand=expand)
        else:
            shown = await asyncio.to_thread(trace_of, request, self.settings, expand=expand)
        self.programs.remember(shown.trace.program)
        return shown

    async def program(self, fingerprint: str) -> bytes:
        """The document of a program that was answered before."""
        document = self.programs.get(fingerprint)
        if document is None:
            raise Problem(
                404,
                "unknown_program",
                f"This server has no program {fingerprint}. Ask for the step again: its answer names its program.",
                fingerprint=fingerprint,
            )
        return document
