"""Answers for requests that still wait when the server stops."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problems import from_exception, response_of
from server.stopping import ServerStopping, Stopping


class StoppingAnswers:
    """Answers with a problem document what a server that stops does not finish any more."""

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self.app = app
        self.stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_started = False

        async def noting(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            async with self.stopping.patience() as waiting:
                await self.app(scope, receive, noting)
        except TimeoutError:
            # One that was begun cannot become another; it ends where it is.
            if not waiting.expired():
                raise
            if not is_started:
                await response_of(from_exception(ServerStopping(), scope["path"]))(scope, receive, send)
