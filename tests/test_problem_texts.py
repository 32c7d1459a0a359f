"""Every error and reason that the engine or the server can answer has a text in every language of the page."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from engine.datasets import Why
from server.http.problems import STORE_PROBLEMS

ROOT = Path(__file__).parents[1]
LANGUAGES = sorted((ROOT / "static" / "i18n").glob("*.json"))
# Calls whose argument is the code, by its place.
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
RAISED = {"EngineError": 0, "DatasetError": 0, "Problem": 1, "document_of": 1}


def codes_in(source: Path) -> Iterator[str]:
    """Codes that a file spells out where it makes an error, a document or a choice between codes."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
            place = RAISED[node.func.id]
            # A function of the same name elsewhere has no code there.
            code = node.args[place] if place < len(node.args) else None
            if isinstance(code, ast.Constant):
                yield str(code.value)
        elif isinstance(node, ast.Assign) and "code" in re.findall(r"\w+", ast.unparse(node.targets[0])):
            yield from outcomes(node.value)


def outcomes(value: ast.expr) -> Iterator[str]:
    """Codes that an expression can come to: one of a choice, of a table, or beside other values."""
    match value:
        case ast.Constant(value=str(word)) if CODE.fullmatch(word):
            yield word
        case ast.Tuple(elts=parts) | ast.Dict(values=parts):
            yield from (code for part in parts for code in outcomes(part))
        case ast.IfExp(body=then, orelse=otherwise):
            yield from (*outcomes(then), *outcomes(otherwise))
        case ast.Call(func=ast.Attribute(value=table)):
            yield from outcomes(table)


@cache
def all_codes() -> set[str]:
    sources = [path for package in ("engine", "server") for path in (ROOT / package).rglob("*.py")]
    found = {code for source in sources for code in codes_in(source)}
    return found | {code for _, code, _ in STORE_PROBLEMS.values()}


def test_the_search_finds_codes_of_every_kind() -> None:
    assert {"shape", "csv_ragged", "csv_number", "unknown_session", "not_json", "method_not_allowed"} <= all_codes()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_every_error_code_has_a_text(language: Path) -> None:
    texts = json.loads(language.read_text(encoding="utf-8"))
    assert sorted(code for code in all_codes() if f"problem.{code}" not in texts) == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_every_reason_for_the_role_of_a_column_has_a_text(language: Path) -> None:
    texts = json.loads(language.read_text(encoding="utf-8"))
    assert {key for key in texts if key.startswith("data.why.")} == {f"data.why.{why}" for why in get_args(Why)}
