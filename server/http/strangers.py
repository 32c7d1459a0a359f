"""Decides which callers may change something: pages of this server, pages that its owner allows, and programs."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.http.problems import from_exception, response_of
from server.problems import Problem
from server.settings import Settings

WRITES = ("POST", "PUT", "PATCH", "DELETE")
# Nobody on the internet can own these names.
PRIVATE = (".localhost", ".local", ".lan", ".internal", ".home.arpa")


class Strangers:
    """Refuses requests by which another site's page would use a visitor's browser against this server.

    A page can let its own name lead to this machine (DNS rebinding); so a server that listens on this machine alone
    answers only to names that cannot be another's. And browsers let every page send a form or open a WebSocket to any
    server: requests that write are refused if the browser says that they come from elsewhere. Links and frames are
    not refused, nor are requests of programs.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._is_checked = is_loopback(settings.host) or bool(settings.allowed_hosts)
        self._own_names: frozenset[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            if self._is_checked:
                await self._check_hosts(headers.getlist("host"))
            if scope["type"] == "http" and scope["method"] in WRITES:
                check_site(headers, self._settings)
        except Problem as problem:
            await refuse(problem, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _check_hosts(self, hosts: Iterable[str]) -> None:
        for host in hosts:
            name = name_of(host)
            if not (is_private(name) or name in self._settings.allowed_hosts or name in await self._names()):
                raise Problem(
                    421,
                    "unknown_host",
                    f"This server does not answer to the name {name}. Its owner can allow it with "
                    "BACKPROP_ALLOWED_HOSTS.",
                    host=name,
                )

    async def _names(self) -> frozenset[str]:
        """Of this machine; finding out may take seconds where no network answers."""
        if self._own_names is None:
            names = await asyncio.to_thread(lambda: (socket.gethostname(), socket.getfqdn()))
            self._own_names = frozenset(name.lower().rstrip(".") for name in names)
        return self._own_names


def check_site(headers: Headers, settings: Settings) -> None:
    """Refuse what a page of another site sends.

    Raises
    ------
    Problem
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and origin.lower() in settings.allowed_origins:
        return
    if site is None:
        is_foreign = origin is not None and _place_of(origin) != headers.get("host", "").lower()
    else:
        is_foreign = site == "cross-site"
    if not is_foreign:
        return
    if origin in (None, "null"):
        raise Problem(
            403,
            "foreign_site",
            "Pages of other sites may not change anything on this server, nor may a frame that is kept apart from "
            "its own site (`sandbox`).",
        )
    raise Problem(
        403,
        "foreign_origin",
        f"Pages of {origin} may not use this server. Its owner can allow them with BACKPROP_ALLOWED_ORIGINS.",
        origin=origin,
    )


def _place_of(origin: str) -> str | None:
    """The host of an origin, with its port; None: it is no address."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in place of the application."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
    else:
        await response_of(from_exception(problem, scope["path"]))(scope, receive, send)


def name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    found = host.strip().lower()
    return found[1:].partition("]")[0] if found.startswith("[") else found.partition(":")[0].rstrip(".")


# Nearly every request comes to one of a few names.
@lru_cache(maxsize=16)
def is_private(name: str) -> bool:
    """Whether no page of the internet can have this name."""
    if "." not in name and ":" not in name:
        return True
    return name.endswith(PRIVATE) or is_address(name)


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a server that listens on this address hears this machine alone."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)
