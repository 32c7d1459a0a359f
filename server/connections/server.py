"""Uvicorn with connections of our own."""

import asyncio
import math
import socket
import threading
import time
import webbrowser
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from fastapi import FastAPI

from server.connections.crowd import Crowd
from server.connections.request import RequestConnection
from server.connections.socket import SocketConnection
from server.settings import Settings


class Server(uvicorn.Server):
    """Says where it serves, and wakes the open streams when it is told to stop.

    Without `app.state.stopping` a stream would keep its connection open until `timeout_graceful_shutdown`.

    Parameters
    ----------
    most : connections at a time, where the system allows fewer open files than the settings would need.
    address : what the browser is told to open.
    """

    def __init__(self, app: FastAPI, settings: Settings, most: int, address: str, opens_browser: bool) -> None:
        crowd = Crowd(settings, app.state.playground.memory, time.monotonic, most)
        super().__init__(config_of(app, settings, crowd))
        self._app = app
        app.state.crowd = crowd
        self._crowd = crowd
        self._address = address
        self._opens_browser = opens_browser
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._crowd.watch(self._loop)
        print(f"The backprop playground is at {self._address} (Ctrl+C stops it)", flush=True)
        if self._opens_browser:
            # A text browser would block the event loop.
            threading.Thread(target=webbrowser.open, args=(self._address,), daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self._crowd.close()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.state.stopping.set)
        super().handle_exit(sig, frame)


def config_of(app: FastAPI, settings: Settings, crowd: Crowd) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        # Uvicorn asks no more of them than that a call makes a connection.
        http=cast(type[asyncio.Protocol], partial(RequestConnection, crowd)),
        ws=cast(type[asyncio.Protocol], partial(SocketConnection, crowd)),
        ws_max_size=min(settings.max_message_bytes, settings.max_body_bytes),
        # Written as all of the server is (server/log.py).
        log_config=None,
        log_level="warning",
        # Otherwise WEB_CONCURRENCY is read, which says nothing to this server.
        workers=1,
        access_log=False,
        root_path=settings.root_path,
        # The crowd closes idle connections, which knows when it is late itself.
        timeout_keep_alive=math.ceil(4 * settings.head_patience_seconds),
        server_header=False,
        ws_per_message_deflate=False,
        ws_ping_interval=settings.ping_seconds,
        ws_ping_timeout=settings.ping_seconds,
        timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
    )
