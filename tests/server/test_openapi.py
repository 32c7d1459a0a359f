"""/openapi.json is complete: every answer and every error of every route."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from server.app import create_app
from server.settings import Settings
from server.training.schemas import Pause, Resume, Seen, Show, Train


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    schema = create_app(Settings()).openapi()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


OPERATIONS = dict(operations())


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_does_and_what_it_answers(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["description"]
    assert operation["tags"]
    done = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    assert done
    if "204" not in operation["responses"]:
        described = [content for answer in done for content in answer["content"].values()]
        # Of JSON lines each item has one: the whole is no JSON.
        assert all({"schema", "itemSchema"} & set(content) for content in described)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_error_is_described_as_a_problem_document(name: str) -> None:
    errors = {s: answer for s, answer in OPERATIONS[name]["responses"].items() if s.startswith(("4", "5"))}
    assert {"405", "413", "500"} <= set(errors)
    for answer in errors.values():
        assert list(answer["content"]) == ["application/problem+json"]
    assert [status for status, answer in errors.items() if "Retry-After" in answer.get("headers", {})] == [
        status for status in errors if status == "503"
    ]


def test_every_operation_and_every_component_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", name) for name in names)
    assert len(set(names)) == len(names)
    schemas = create_app(Settings()).openapi()["components"]["schemas"]
    titles = [schema["title"] for schema in schemas.values()]
    assert len(set(titles)) == len(titles)
    # One of two that are called alike gets the name of its module.
    assert [name for name in schemas if "__" in name] == []


def test_the_problem_schema_and_every_reference_exist() -> None:
    schema = create_app(Settings()).openapi()

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert "#/components/schemas/ProblemDocument" in known
    assert set(references(schema)) <= known


def test_the_calls_of_the_contract_are_there() -> None:
    wanted = """POST /trace, POST /gradient-check, POST /sessions, GET /sessions/{session_id},
        PATCH /sessions/{session_id}, DELETE /sessions/{session_id},
        POST /sessions/{session_id}/step, POST /sessions/{session_id}/train, POST /sessions/{session_id}/rewind,
        GET /sessions/{session_id}/trace, GET /sessions/{session_id}/decision-map, GET /sessions/{session_id}/history,
        GET /sessions/{session_id}/export, GET /programs/{fingerprint}, GET /datasets, POST /datasets,
        GET /datasets/{name}, POST /sessions/{session_id}/slice, GET /health"""
    assert {call.strip().replace(" /", " /api/v1/") for call in wanted.split(",")} <= set(OPERATIONS)


def test_the_socket_of_a_session_is_described_with_every_message_and_field_that_it_understands() -> None:
    schema = create_app(Settings()).openapi()
    (text,) = (tag["description"] for tag in schema["tags"] if tag["name"] == "sessions")
    assert "WS /api/v1/sessions/{session_id}/stream" in text
    for message in (Show, Seen, Train, Pause, Resume):
        described = schema["components"]["schemas"][f"Socket{message.__name__}"]
        assert set(described["properties"]) == set(message.model_fields)
        assert {f'"{field}"' for field in message.model_fields} <= set(re.findall(r'"\w+"', text))
        assert f'"{described["properties"]["type"]["const"]}"' in text
