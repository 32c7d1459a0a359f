"""The console command `backprop-playground`."""

import argparse
import errno
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from server import allocator, environment, log
from server.settings import Settings
from server.version import own_version

logger = logging.getLogger(__name__)
# Beside connections: the database, files of the page, threads.
OTHER_FILES = 200
SWITCH_SECONDS = 0.001
LEAST_CONNECTIONS = 16
MOST_UNSENT_BYTES = 65_536


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="backprop-playground",
        description="Serve the playground on this machine and open it in the browser.",
        epilog="Every limit is an environment variable; see BACKPROP_* in the README. "
        "`backprop-playground doctor FILE[:FUNCTION]` says what is wrong with a backward pass of your own; "
        "`backprop-playground store` looks after the session database.",
    )
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1; 0.0.0.0 lets other machines in)")
    parser.add_argument("--port", type=int, help="port to listen on (default $PORT or 8000; 0 takes a free one)")
    parser.add_argument("--data-dir", type=Path, help="where sessions are kept (default ~/.backprop-playground)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--version", action="version", version=f"backprop-playground {own_version()}")
    parser.add_argument("--fd", type=int, help="serve on this already listening socket instead of host and port")
    return parser.parse_args(arguments)


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket.

    Raises
    ------
    OSError
        when the address does not exist or is taken.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=2048)


def host_of(listener: socket.socket) -> str:
    """The address that this socket listens on; one that a server in front of this one talks to is in a directory."""
    name = listener.getsockname()
    return str(name[0]) if isinstance(name, tuple) else str(name)


def address_of(listener: socket.socket) -> str:
    """The URL that a browser on this machine opens."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped, or do what `doctor` or `store` say, which have exit codes of their own.

    Answers the exit code: 0 after a clean stop, 1 when the server could not start.
    """
    # The matrices are small: several BLAS threads only get in each other's way. Set before NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # A thread gives way after this time to the one that answers, which may have to wait for it several times.
    sys.setswitchinterval(SWITCH_SECONDS)
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["doctor"]:
        from server.doctor.command import main as diagnose

        return diagnose(arguments[1:])
    if arguments[:1] == ["store"]:
        from server.sessions.store.command import main as look_after

        return look_after(arguments[1:])
    given = parse_arguments(arguments)
    allocator.begin()
    from server.app import create_app
    from server.connections.server import Server
    from server.sessions.store.opening import DATABASE, make_usable
    from server.sessions.store.protocol import StoreError

    chosen = {name: getattr(given, name) for name in ("host", "port", "data_dir") if getattr(given, name) is not None}
    try:
        settings = Settings(**chosen)
    except ValidationError as error:
        return complain("\n".join(in_words(issue) for issue in error.errors()))
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return complain(f"The data directory {settings.data_dir} cannot be used: {error.strerror}. Try --data-dir.")
    try:
        make_usable(settings, time.time)
    except StoreError as error:
        return complain(
            f"The session database {settings.data_dir / DATABASE} cannot be used: {error}. It stays as it is; move it "
            "away, or try --data-dir."
        )
    try:
        listener = socket.socket(fileno=given.fd) if given.fd is not None else listen(settings.host, settings.port)
    # A negative number, and a name that is none.
    except (OSError, ValueError) as error:
        if given.fd is not None:
            return complain(f"--fd {given.fd} is not a socket that this program was given.")
        return complain(why_not_listening(settings.host, settings.port, error))
    log.set_up()
    for name in environment.unknown(os.environ, Settings.model_fields):
        logger.warning("%s says nothing to this server, so it is left alone.", name)
    settings = settings.model_copy(update={"host": host_of(listener)})
    keep_little_unsent(listener)
    too_few = allow_open_files(settings.max_connections + OTHER_FILES)
    most = settings.max_connections if too_few is None else max(LEAST_CONNECTIONS, too_few - OTHER_FILES)
    if too_few is not None:
        logger.warning(
            "This machine allows a program %d open files, so at most %d connections can be open at a time and not "
            "BACKPROP_MAX_CONNECTIONS (%d). `ulimit -Hn` shows what it allows.",
            too_few,
            most,
            settings.max_connections,
        )
    app = create_app(settings)
    # Uvicorn lets the signal that stopped it have its way afterwards, which would not look like a clean stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(app, settings, most, address_of(listener), opens_browser=not given.no_browser)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        # Raised again by uvicorn after it has stopped in good order.
        pass
    return 0 if server.started else 1


def keep_little_unsent(listener: socket.socket) -> None:
    """Let the connections of this socket hold back little that is not on its way yet, where the system can.

    Otherwise seconds of old views lie between the server and a page whose network is slow.
    """
    if hasattr(socket, "TCP_NOTSENT_LOWAT") and listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT_BYTES)


def allow_open_files(count: int) -> int | None:
    """Let this process have so many files and connections open: without asking it is often 1024.

    Answers how many it may have where they are fewer.
    """
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most if most < count else None


def why_not_listening(host: str, port: int, error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return f"Cannot listen on {host[:100]}, which is no name of a machine. Choose another --host."
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Take another one, for example --port {port + 1}."
    # create_server appends "(while attempting ...)", which repeats the address.
    reason = str(error.strerror).partition(" (while")[0]
    return f"Cannot listen on {host} port {port}: {reason}. Choose another --host or --port."


def in_words(issue: Mapping[str, Any]) -> str:
    """What is wrong with the settings, and with which of them where it is one."""
    return "".join(f"BACKPROP_{str(name).upper()}: " for name in issue["loc"][:1]) + str(issue["msg"])


def complain(message: str) -> int:
    print(f"backprop-playground: {message}", file=sys.stderr)
    return 1
