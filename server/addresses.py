"""How hosts, origins and paths are written in settings, and what to write in place of one that matches nothing."""

import re

MOST_PORT = 65_535
LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
NAME = rf"{LABEL}(\.{LABEL})*"
HOST = rf"({NAME}|\[[0-9a-f:.]+\])"
SCHEME = r"[a-z][a-z0-9+.-]*"
ORIGIN = re.compile(rf"{SCHEME}://{HOST}(:\d+)?")
# What may stand in frame-ancestors, apart from 'self' and 'none'. A comma or semicolon would end the policy.
SOURCE = re.compile(rf"\*|{SCHEME}:|({SCHEME}://)?((\*\.)?{HOST}|\*)(:(\d+|\*))?(/[!-+\--:<-~]*)?")
# Of letters that stand for themselves in an address; "." and ".." would lead elsewhere.
PREFIX = re.compile(r"(/(?!\.{1,2}(/|\Z))[A-Za-z0-9._~-]+)+")
# A scheme, the host, and whatever follows.
PARTS = re.compile(r"([a-z][a-z0-9+.-]*://)?(\[[^\]]*\]?|[^/:?#]*)(.*)", re.IGNORECASE | re.DOTALL)


def in_ascii(address: str) -> str:
    """As browsers send it: kurs.例え.jp is kurs.xn--r8jz45g.jp.

    Raises
    ------
    ValueError : there is no such host.
    """
    scheme, host, rest = split(address)
    # The codec knows no wildcard.
    labels = [label if label.isascii() else label.encode("idna").decode() for label in host.split(".")]
    return f"{scheme}{'.'.join(labels)}{rest}".lower()


def split(address: str) -> tuple[str, str, str]:
    match = PARTS.fullmatch(address)
    assert match is not None
    scheme, host, rest = match.groups()
    return scheme or "", host, rest


def origin(written: str) -> str:
    """The origin that was written.

    Raises
    ------
    ValueError : in words.
    """
    found = sure(written)
    scheme, host, rest = split(found)
    if ORIGIN.fullmatch(found):
        return found
    port = re.match(r":\d+", rest)
    better = f"{scheme or 'https://'}{host}{port[0] if port else ''}"
    raise ValueError(
        f"{written} is no origin; it would be written {better}."
        if ORIGIN.fullmatch(better)
        else f"{written} is no origin. One looks like https://course.example."
    )


def host(written: str) -> str:
    """The name of a host that was written, without a port.

    Raises
    ------
    ValueError : in words.
    """
    found = sure(written)
    if re.fullmatch(HOST, found):
        return found.strip("[]")
    _, name, _ = split(found)
    raise ValueError(
        f"{written} is no name of a host; it would be written {name}."
        if re.fullmatch(HOST, name)
        else f"{written} is no name of a host. One looks like play.example."
    )


def sources(written: str) -> str:
    """Sources of a policy, separated by spaces.

    Raises
    ------
    ValueError : in words.
    """
    found = written.split()
    for source in found:
        if source in ("'self'", "'none'"):
            continue
        if f"'{source.strip(QUOTES)}'" in ("'self'", "'none'"):
            raise ValueError(f"{source} is written '{source.strip(QUOTES)}', in single quotes.")
        if not SOURCE.fullmatch(sure(source)):
            raise ValueError(f"{source} is no source. One looks like https://course.example.")
    if not found or ("'none'" in found and len(found) > 1):
        raise ValueError("'none' stands alone." if found else "Nobody is written 'none', in single quotes.")
    return " ".join(found)


def prefix(written: str) -> str:
    """The beginning of paths that was written, without a slash at its end; "" for none.

    Raises
    ------
    ValueError : in words.
    """
    found = written.strip().rstrip("/")
    if not found or PREFIX.fullmatch(found):
        return found
    better = f"/{split(found)[2] if '://' in found else found}".replace("//", "/")
    raise ValueError(
        f"{written} is no path; it would be written {better}."
        if PREFIX.fullmatch(better)
        else f"{written} is no path. One looks like /play, of letters, digits and -._~ alone."
    )


QUOTES = "'\"\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}`"


def sure(written: str) -> str:
    """What was written, in small letters, where it is ASCII already."""
    try:
        right = in_ascii(written)
    except ValueError:
        raise ValueError(f"{written} names no host.") from None
    port = re.match(r":(\d+)", split(right)[2])
    if port and int(port[1]) > MOST_PORT:
        raise ValueError(f"{written} has the port {port[1]}; the last one is {MOST_PORT}.")
    if not written.isascii():
        # What it is shown as is not what is sent.
        raise ValueError(f"{written} is written {right}." if right.isascii() else f"{written} names no host.")
    return right
