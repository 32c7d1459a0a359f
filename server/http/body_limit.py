"""Turns the plain text of a refused body into a problem document."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problems import document_of, response_of


class BodyLimitProblems:
    """The limit of Starlette answers 413 as plain text, where no exception handler is reached.

    Parameters
    ----------
    max_body_bytes : what the limit is, for the answer to say.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_refused = False

        async def send_problem(message: Message) -> None:
            nonlocal is_refused
            if message["type"] == "http.response.start":
                is_refused = message["status"] == 413
            if not is_refused:
                await send(message)
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                detail = (
                    f"The body is larger than the {self.max_body_bytes} bytes that this server takes. "
                    "Send fewer rows or a smaller model."
                )
                params = {"wanted": self.max_body_bytes}
                document = document_of(413, "body_too_large", detail, scope["path"], params)
                await response_of(document)(scope, receive, send)

        await self.app(scope, receive, send_problem)
