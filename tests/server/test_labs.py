"""Labs come with their words and with the body of every request; a wrong one is refused by file, line and reason."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import check_problem, client_of

SHIPPED = Path(__file__).parents[2] / "static" / "lessons"
LESSON: dict[str, Any] = {
    "id": "own",
    "minutes": 5,
    "setups": {
        "A": {
            "model": {
                "inputs": 1,
                "hidden": [{"units": 1}],
                "output": {"units": 1, "activation": "identity"},
                "loss": "squared_error",
            },
            "parameters": {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]},
            "batch": {"x": [[1]], "y": [3]},
        }
    },
    "scenes": [
        {
            "id": "first",
            "setup": {"of": "A", "patch": {"/parameters/W1/0/0": 2}},
            "ask": {"kind": "choice", "options": ["a", "b"], "right": "b"},
            "traces": {"wide": {"of": "A", "given": {"a1": [[5]]}}, "same": "wide"},
            "switch": {"path": "/parameters/b1", "values": {"0": [0], "1": [1]}},
            "checkpoint": ["=", "at.output", "mask1"],
        }
    ],
}
WORDS: dict[str, Any] = {
    "title": "My lab",
    "question": "Why?",
    "scenes": {"first": {"ask": "Which?", "right": "{trace.z1[0][0]} it is.", "wrong": {"a": "It is a letter, yes."}}},
}


def written(folder: Path, lesson: Any = LESSON, **words: Any) -> Path:
    """A folder of labs with one lab."""
    lab = folder / "04-own"
    lab.mkdir(parents=True, exist_ok=True)
    (lab / "lesson.json").write_text(lesson if isinstance(lesson, str) else json.dumps(lesson, indent=1))
    for language, said in (words or {"en": WORDS}).items():
        (lab / f"{language}.json").write_text(json.dumps(said, indent=1))
    return folder


def client_with(data_dir: Path, labs: Path) -> httpx.AsyncClient:
    return client_of(create_app(Settings(data_dir=data_dir, lessons_dir=labs)))


def changed(document: Any, *way: Any, to: Any) -> Any:
    """A copy with another value in one place."""
    copied = json.loads(json.dumps(document))
    holder = copied
    for part in way[:-1]:
        holder = holder[part]
    holder[way[-1]] = to
    return copied


async def test_the_index_has_every_lab_by_its_question_in_the_language_that_was_asked_for(
    client: httpx.AsyncClient,
) -> None:
    folders = [path.parent for path in sorted(SHIPPED.glob("*/lesson.json"))][1:]
    assert folders
    answer = (await client.get("/labs", params={"language": "ru"})).json()
    assert answer["refused"] == []
    assert [lab["id"] for lab in answer["labs"]] == [path.name.partition("-")[2] for path in folders]
    for lab, folder in zip(answer["labs"], folders, strict=True):
        words = json.loads((folder / "ru.json").read_text())
        assert (lab["title"], lab["question"]) == (words["title"], words["question"])
        assert lab["scenes"] == len(json.loads((folder / "lesson.json").read_text())["scenes"])


def test_the_labs_on_the_first_network_begin_as_the_first_lesson_does() -> None:
    first = json.loads((SHIPPED / "01-first-minute" / "lesson.json").read_text())["recipe"]
    for path in sorted(SHIPPED.glob("*/lesson.json"))[1:]:
        setup = json.loads(path.read_text())["setups"].get("A", first)
        # With other weights above, so that all of a step of sample 3 can be done by hand.
        assert {**setup, "parameters": {}} == {**first, "parameters": {}}
        assert [setup["parameters"][name] for name in ("W1", "b1")] == [
            first["parameters"][name] for name in ("W1", "b1")
        ]


async def test_every_lab_speaks_the_languages_of_the_page(client: httpx.AsyncClient) -> None:
    languages = {path.stem for path in (SHIPPED.parent / "i18n").glob("*.json")}
    for lab in (await client.get("/labs")).json()["labs"]:
        spoken = [
            (await client.get(f"/labs/{lab['id']}", params={"language": each})).json()["language"] for each in languages
        ]
        assert set(spoken) == languages


async def test_a_lab_of_ones_own_stands_behind_the_others_with_all_requests_written_out(tmp_path: Path) -> None:
    async with client_with(tmp_path, written(tmp_path / "labs", LESSON, en=WORDS, id=WORDS)) as client:
        titles = (await client.get("/labs")).json()["labs"]
        named = {"id": "own", "minutes": 5, "scenes": 1, "title": "My lab", "question": "Why?"}
        assert titles[-1] == {**named, "is_list": True}
        lab = (await client.get("/labs/own", params={"language": "ru"})).json()
        assert lab["language"] == "en"
        assert lab["words"]["scenes"]["first"]["right"] == "{trace.z1[0][0]} it is."
        (scene,) = lab["scenes"]
        assert "setup" not in scene and "expect" not in scene
        assert scene["recipe"]["parameters"]["W1"] == [[2]]
        assert [(chip["id"], chip["recipe"]["parameters"]["b1"]) for chip in scene["switch"]] == [
            ("0", [0]),
            ("1", [1]),
        ]
        begun = await client.post("/sessions", json=scene["switch"][1]["recipe"])
        assert begun.status_code == 201
        step = await client.post("/trace", json=scene["traces"]["same"])
        assert step.json()["layers"][1]["z"] == [[5.0]]


async def test_a_lab_of_ones_own_takes_the_place_of_one_with_the_same_id(tmp_path: Path) -> None:
    labs = written(tmp_path / "labs", changed(LESSON, "id", to="gate"))
    async with client_with(tmp_path, labs) as client:
        assert (await client.get("/labs/gate")).json()["words"]["title"] == "My lab"


@pytest.mark.parametrize("language", ["de", "zh-Hans"])
async def test_words_that_are_missing_come_in_english_or_in_a_language_that_there_is(
    tmp_path: Path, language: str
) -> None:
    async with client_with(tmp_path, written(tmp_path / "labs", LESSON, ru=WORDS)) as client:
        assert (await client.get("/labs/own", params={"language": language})).json()["language"] == "ru"
        assert (await client.get("/labs/gate", params={"language": "de"})).json()["language"] == "en"


async def test_a_browser_that_has_a_lab_hears_so(client: httpx.AsyncClient) -> None:
    for path in ("/labs", "/labs/gate"):
        first = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = await client.get(path, params={"language": "ru"}, headers={"If-None-Match": first.headers["etag"]})
        assert other.status_code == 200


async def test_a_lab_that_is_not_there_is_said_with_those_that_are(client: httpx.AsyncClient) -> None:
    problem = check_problem(await client.get("/labs/nothing"), 404, "unknown_lab")
    assert problem["params"]["found"] == "nothing"
    assert "gate" in problem["params"]["wanted"]


SCENE = ("scenes", 0)
WRONG: dict[str, tuple[Any, Any, str, str, str]] = {
    "no JSON": ('{"id": "own",\n "minutes": }', WORDS, "lesson.json", '"minutes": }', "no JSON"),
    "a name that stands twice": (
        '{"id": "own",\n "setups": {"id": 1},\n "i\\u0064": "own",\n "minutes": 5}',
        WORDS,
        "lesson.json",
        '"i\\u0064"',
        "'id' stands twice",
    ),
    "values without end": ("[" * 5000 + "]" * 5000, WORDS, "lesson.json", "[", "too deep inside one another"),
    "values that only one of two readers reads": (
        '{"id": "own", "scenes": ' + "[" * 700 + "]" * 700 + "}",
        WORDS,
        "lesson.json",
        "scenes",
        "",
    ),
    "a field that does not exist": (changed(LESSON, *SCENE, "asks", to={}), WORDS, "lesson.json", '"asks"', "asks: "),
    "an answer that is no option": (
        changed(LESSON, *SCENE, "ask", "right", to="c"),
        WORDS,
        "lesson.json",
        '"ask"',
        "none of the options a, b",
    ),
    "an unknown fact": (
        changed(LESSON, *SCENE, "checkpoint", to=["=", "at.outputs", "z1"]),
        WORDS,
        "lesson.json",
        '"checkpoint"',
        "no fact 'at.outputs'",
    ),
    "an expression that is none": (
        changed(LESSON, *SCENE, "checkpoint", to=["is", "step", 3]),
        WORDS,
        "lesson.json",
        '"checkpoint"',
        '"is" is no expression',
    ),
    "an expectation that is none": (
        changed(LESSON, *SCENE, "expect", to=[["=", "step"]]),
        WORDS,
        "lesson.json",
        "[",
        "compares a fact with a value",
    ),
    "a set-up that is not there": (
        changed(LESSON, *SCENE, "setup", to="B"),
        WORDS,
        "lesson.json",
        '"setup": "B"',
        "no set-up 'B'; there are A",
    ),
    "a place that is not there": (
        changed(LESSON, *SCENE, "setup", "patch", to={"/parameters/W1/0/1": 2}),
        WORDS,
        "lesson.json",
        '"patch"',
        "there is no '1'",
    ),
    "a set-up that no run begins from": (
        changed(LESSON, "setups", "A", "parameters", "W1", to=[[1, 1]]),
        WORDS,
        "lesson.json",
        '"setup"',
        "no run begins like this",
    ),
    "a chip that no run begins from": (
        changed(LESSON, *SCENE, "switch", to={"path": "/model/loss", "values": {"a": "absolute", "b": "huber"}}),
        WORDS,
        "lesson.json",
        '"switch"',
        "no run begins like this",
    ),
    "a step that is none": (
        changed(LESSON, *SCENE, "traces", "wide", "given", to={"a9": [[1]]}),
        WORDS,
        "lesson.json",
        '"wide"',
        "there is no such step",
    ),
    "a tensor that is not there": (
        changed(LESSON, *SCENE, "hide", to=[{"tensor": "z9"}]),
        WORDS,
        "lesson.json",
        "{",
        "no tensor 'z9'",
    ),
    "a cell that is not there": (
        changed(LESSON, *SCENE, "show", to={"focus": {"tensor": "z1", "index": [1]}}),
        WORDS,
        "lesson.json",
        '"focus"',
        "z1 has no cell [1]",
    ),
    "an instrument without its step": (
        changed(LESSON, *SCENE, "show", to={"stage": "check", "with": {"trace": "x"}}),
        WORDS,
        "lesson.json",
        '"traces"',
        "a step is missing: x",
    ),
    "a function that is none": (
        changed(LESSON, *SCENE, "show", to={"stage": "line", "with": {"functions": ["relu", "rely"]}}),
        WORDS,
        "lesson.json",
        '"with"',
        "no activation 'rely'",
    ),
    "another one without rounds": (
        changed(LESSON, *SCENE, "ask", "another", to="A"),
        WORDS,
        "lesson.json",
        '"ask"',
        "another comes after rounds",
    ),
    "words before a bet that nobody makes": (
        LESSON,
        changed(WORDS, "scenes", "first", "bet", to="Bet."),
        "en.json",
        '"bet"',
        "a scene that asks for a bet on a line",
    ),
    "an experiment that takes no such number": (
        changed(LESSON, *SCENE, "run", to={"experiment": "depth", "body": {"deep": 3}}),
        WORDS,
        "lesson.json",
        '"body"',
        "deep: ",
    ),
    "a wrong answer without words": (
        LESSON,
        changed(WORDS, "scenes", "first", "wrong", to={}),
        "en.json",
        '"wrong"',
        "wrong answers without words: a",
    ),
    "words of a scene that is not there": (
        LESSON,
        changed(WORDS, "scenes", "second", to={"do": "x", "right": "x"}),
        "en.json",
        '"second"',
        "do not exist: second",
    ),
    "too much to do": (
        LESSON,
        changed(WORDS, "scenes", "first", "do", to="on " * 26),
        "en.json",
        '"do"',
        "26 words are too many",
    ),
    "a number that is no fact": (
        LESSON,
        changed(WORDS, "scenes", "first", "right", to="{tracing.z1}"),
        "en.json",
        '"right"',
        "no fact 'tracing.z1'",
    ),
}


@pytest.mark.parametrize(("lesson", "words", "file", "at", "reason"), WRONG.values(), ids=WRONG)
async def test_a_wrong_lab_is_refused_with_file_line_and_reason_and_the_others_still_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, lesson: Any, words: Any, file: str, at: str, reason: str
) -> None:
    labs = written(tmp_path / "labs", lesson, en=words)
    text = (labs / "04-own" / file).read_text().splitlines()
    async with client_with(tmp_path, labs) as client:
        with caplog.at_level(logging.ERROR):
            answer = (await client.get("/labs")).json()
        (refused,) = answer["refused"]
        assert refused["file"] == f"04-own/{file}"
        assert at in text[refused["line"] - 1], refused
        assert reason in refused["reason"]
        assert f"{refused['file']}, line {refused['line']}" in caplog.text and refused["reason"] in caplog.text
        problem = check_problem(await client.get(f"/labs/{refused['id']}"), 404, "lab_refused")
        assert {name: problem["params"][name] for name in ("file", "line")} == {
            name: refused[name] for name in ("file", "line")
        }
        # A problem document is short, whatever the problem.
        assert refused["reason"].startswith(problem["params"]["reason"].removesuffix("…"))
        assert (await client.get("/labs/gate")).status_code == 200


async def test_a_folder_that_may_not_be_read_is_refused_and_the_others_still_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a container the tests run as a user that may read everything, so the system refuses nothing.
    is_file = Path.is_file

    def forbidden(path: Path) -> bool:
        if path.parent.name == "04-own":
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    labs = written(tmp_path / "labs")
    written(tmp_path / "more", changed(LESSON, "id", to="other"))
    (tmp_path / "more" / "04-own").rename(labs / "05-other")
    monkeypatch.setattr(Path, "is_file", forbidden)
    async with client_with(tmp_path, labs) as client:
        answer = (await client.get("/labs")).json()
    assert [lab["id"] for lab in answer["labs"]][-1] == "other"
    (refused,) = answer["refused"]
    assert (refused["id"], refused["file"]) == ("04-own", "04-own/lesson.json")
    assert "Permission denied" in refused["reason"]


async def test_a_directory_that_may_not_be_read_is_said_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    iterdir = Path.iterdir

    def forbidden(path: Path) -> Iterator[Path]:
        if path.name == "labs":
            raise PermissionError(13, "Permission denied", str(path))
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", forbidden)
    async with client_with(tmp_path, written(tmp_path / "labs")) as client:
        assert (await client.get("/labs")).json()["labs"]
    assert "cannot be read" in caplog.text and "Permission denied" in caplog.text


@pytest.mark.parametrize(("option", "name"), [(2, "2.0"), (0.00001, "0.00001"), (1234567, "1234567"), (-0.5, "-.5")])
async def test_words_of_a_typed_number_stand_under_it_however_it_is_written(
    tmp_path: Path, option: float, name: str
) -> None:
    lesson = changed(LESSON, *SCENE, "ask", to={"kind": "number", "right": 1, "options": [option]})
    words = changed(WORDS, "scenes", "first", "wrong", to={name: "Half of it.", "any": "A number, yes."})
    async with client_with(tmp_path, written(tmp_path / "labs", lesson, en=words)) as client:
        assert (await client.get("/labs")).json()["refused"] == []


async def test_a_directory_that_is_not_there_is_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_with(tmp_path, tmp_path / "nowhere") as client:
        assert (await client.get("/labs")).json()["labs"]
    assert "there is no directory" in caplog.text and "nowhere" in caplog.text


async def test_labs_are_read_when_the_server_starts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.copytree(SHIPPED / "02-gate", tmp_path / "labs" / "02-gate")
    (tmp_path / "labs" / "02-gate" / "lesson.json").write_text("{")
    app = create_app(Settings(data_dir=tmp_path, lessons_dir=tmp_path / "labs"))
    async with app.router.lifespan_context(app):
        await app.state.playground.labs.read()
    assert "02-gate/lesson.json, line 1" in caplog.text
