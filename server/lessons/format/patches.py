"""Places in a JSON document (RFC 6901), and documents with other values there."""

import copy
import re
from collections.abc import Mapping
from typing import Any

POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)+")


def parts_of(pointer: str) -> list[str]:
    """ "/parameters/b1/1" -> ["parameters", "b1", "1"].

    Raises
    ------
    ValueError : it is no place.
    """
    if POINTER.fullmatch(pointer) is None:
        raise ValueError(f'{pointer!r} is no place in a document; write it like "/parameters/b1/1"')
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def patched(document: Any, patch: Mapping[str, Any]) -> Any:
    """A copy with these values in these places; what stands below an object may be new, cells of a list are there.

    Raises
    ------
    ValueError : a place that the document does not have.
    """
    changed = copy.deepcopy(document)
    for pointer, value in patch.items():
        *way, last = parts_of(pointer)
        holder = changed
        for part in way:
            holder = holder[_key(holder, part, pointer)]
        is_new = isinstance(holder, dict)
        holder[last if is_new else _key(holder, last, pointer)] = copy.deepcopy(value)
    return changed


def _key(holder: Any, part: str, pointer: str) -> str | int:
    if isinstance(holder, dict) and part in holder:
        return part
    if isinstance(holder, list) and re.fullmatch(r"\d{1,6}", part) and int(part) < len(holder):
        return int(part)
    raise ValueError(f"{pointer}: there is no {part!r}")
