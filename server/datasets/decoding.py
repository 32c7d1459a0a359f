"""From the bytes of a file to its text: which encoding it has, without one letter lost."""

import codecs
import re
from dataclasses import dataclass

import chardet
from chardet import EncodingEra

from server.problems import Problem

# The longer mark first: that of UTF-32 begins like that of UTF-16.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# How files begin that are no text.
_FORMATS = {
    b"PK\x03\x04": "Excel, ZIP",
    b"\xd0\xcf\x11\xe0": "Excel",
    b"%PDF": "PDF",
    b"\x1f\x8b": "GZIP",
    b"PAR1": "Parquet",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x93NUMPY": "NumPy",
}
# The middle of "größe" is one sign in Big5 and two in Thai, and nobody writes such inside a Latin word.
_MIXED_WORD = re.compile("[A-Za-z][\u0370-\u1dff\u1f00-\u1fff\u2e80-\U0002ffff]{1,2}[A-Za-z]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and how it was read."""

    text: str
    encoding: str
    is_guess: bool


def decode(body: bytes, asked: str | None = None) -> Decoded:
    """Read bytes as text.

    In this order: the encoding that was asked for, a byte order mark, strict UTF-8, UTF-16 by its zero bytes, and what
    chardet takes it for.

    Raises
    ------
    Problem : 422 "csv_binary", "csv_encoding", "unknown_encoding", "csv_replaced".
    """
    decoded = _decode(body, asked)
    control = _CONTROL.search(decoded.text)
    if control is not None:
        raise _binary(f"U+{ord(control[0]):04X}")
    damaged = decoded.text.find("\ufffd")
    if damaged >= 0:
        line = decoded.text.count("\n", 0, damaged) + 1
        raise Problem(
            422,
            "csv_replaced",
            f"Line {line} holds U+FFFD, which stands where letters were lost when the text was read in a wrong "
            "encoding. Send the file as it was saved first.",
            line=line,
        )
    return decoded


def _decode(body: bytes, asked: str | None) -> Decoded:
    if asked is not None:
        return _as_asked(body, asked)
    for start, found in _FORMATS.items():
        if body.startswith(start):
            raise _binary(found)
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return Decoded(_strictly(body[len(mark) :], encoding), encoding, False)
    # ISO-2022 is made of ASCII bytes and escapes.
    if b"\0" not in body and b"\x1b" not in body:
        try:
            return Decoded(body.decode("utf-8"), "utf-8", False)
        except UnicodeDecodeError:
            pass
    guesses: list[Decoded] = []
    for encoding in _by_zero_bytes(body) if b"\0" in body else _by_chardet(body):
        text = _decoded(body, encoding)
        if text is not None and not _CONTROL.search(text):
            guesses.append(Decoded(text, encoding, True))
    if guesses:
        return next((guess for guess in guesses if not _MIXED_WORD.search(guess.text)), guesses[0])
    if b"\0" in body:
        raise _binary("U+0000")
    raise _unreadable(body, "utf-8")


def _as_asked(body: bytes, asked: str) -> Decoded:
    try:
        codec = codecs.lookup(asked)
        "".encode(asked)
        is_known = codec.name not in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7")
    except (LookupError, ValueError):
        is_known = False
    if not is_known:
        raise Problem(
            422,
            "unknown_encoding",
            f"There is no encoding {asked!r}. Choose one such as utf-8, windows-1252, windows-1251 or gb18030.",
            found=asked,
        )
    text = _strictly(body, asked).removeprefix("\ufeff")
    return Decoded(text, asked.lower(), False)


def _strictly(body: bytes, encoding: str) -> str:
    text = _decoded(body, encoding)
    if text is None:
        raise _unreadable(body, encoding)
    return text


def _decoded(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _by_zero_bytes(body: bytes) -> list[str]:
    """UTF-32 and UTF-16: digits, separators and line ends have their zero bytes on one side."""
    even, odd = body[::2].count(0), body[1::2].count(0)
    sixteen = "utf-16-le" if odd > even else "utf-16-be"
    return ["utf-32-le", "utf-32-be", sixteen]


def _by_chardet(body: bytes) -> list[str]:
    """The encodings that chardet thinks possible, the most probable first."""
    found = chardet.detect_all(body, encoding_era=EncodingEra.MODERN_WEB)
    return [guess["encoding"].lower() for guess in found if guess["encoding"]]


def _binary(found: str) -> Problem:
    return Problem(
        422,
        "csv_binary",
        f"This file is not text (found: {found}). Save the table as 'CSV UTF-8' and send that file.",
        found=found,
    )


def _unreadable(body: bytes, encoding: str) -> Problem:
    try:
        body.decode(encoding)
        byte = 0
    except UnicodeDecodeError as error:
        byte = error.start
    except UnicodeError:
        byte = 0
    return Problem(
        422,
        "csv_encoding",
        f"The table is not text in {encoding} (byte {byte}). Say which encoding it has, or save it as 'CSV UTF-8'.",
        byte=byte,
        encoding=encoding,
    )
