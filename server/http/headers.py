"""The headers that every HTTP answer carries."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problems import from_exception, response_of


def content_security_policy(frame_ancestors: str) -> str:
    """Own files only and no inline scripts; small icons may be `data:` images."""
    return (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors}"
    )


# So that a page that is still open after an update hears of it.
PAGE_VERSION = b"page-version"

# Nobody opens these as a page of their own. Scripts and styles obey the policy of the page that asked for them (that of
# a worker would need its own; there is none), and numbers in binary are only read.
WITHOUT_POLICY = (b"text/javascript", b"text/css", b"application/octet-stream", b"application/vnd.backprop.")


class SecurityHeaders:
    """Adds the security headers to every HTTP answer, and `Cache-Control: no-cache` where nothing was chosen.

    The policy goes with all that can be opened as a page of its own; on the scripts of a visit it would weigh 18 KB.

    An unexpected error is answered here, since the framework would answer it outside, without these headers.

    With `no-cache` a browser asks every time and mostly hears 304, so an update of the server is never mixed with old
    files; those of the bundle say themselves that they never change. A plain ASGI class: Starlette's BaseHTTPMiddleware
    would start a task for every request.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: str, page_version: str) -> None:
        self.app = app
        self.policy = (b"content-security-policy", content_security_policy(frame_ancestors).encode("latin-1"))
        version = (PAGE_VERSION, page_version.encode())
        self.headers = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"), version)
        # A browser that has the answer has these with it; the policy goes again, as a setting can change it.
        self.headers_of_known = (version,)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                added = self.headers_of_known if message["status"] == 304 else self.headers
                headers = message["headers"] = [*message["headers"], *added]
                if not any(name == b"content-type" and value.startswith(WITHOUT_POLICY) for name, value in headers):
                    headers.append(self.policy)
                if all(name != b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-cache"))
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            # Gone before all of its body had come: nobody hears an answer, and nothing is wrong here.
            return
        except Exception as error:
            if is_started:
                raise
            await response_of(from_exception(error, scope["path"]))(scope, receive, send_with_headers)
