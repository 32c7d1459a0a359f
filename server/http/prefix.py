"""The prefix of all addresses, where a proxy gives this server a part of its own (`BACKPROP_ROOT_PATH`).

The proxy takes it away, the connection puts it back (uvicorn's `root_path`): so `path` of a request is what a client
asked for, prefix included.
"""

from starlette.types import Scope


def path_below(scope: Scope) -> str:
    """What was asked for, without the prefix."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def address_of(scope: Scope, path: str) -> str:
    """Under which path a client of this request finds that path of the server."""
    return f"{scope.get('root_path', '')}{path}"
