"""POST /diagnose/read: texts in, tensors, questions and notes out, and what a text may not be."""

import json
import time
from pathlib import Path

import httpx
import pytest

from server.app import create_app
from server.doctor.reading.text.words import CHOICES, NOTES, QUESTIONS
from server.settings import Settings
from tests.server.api import check_problem, client_of
from tests.thorough import usually

LANGUAGES = sorted((Path(__file__).parents[3] / "static" / "i18n").glob("*.json"))


async def test_a_text_is_answered_as_tensors(client: httpx.AsyncClient) -> None:
    answer = await client.post("/diagnose/read", json={"text": "dW^[1] = [[0.10 -0.2]\n [0.3 0.45]]\nfoo: 3"})
    assert answer.status_code == 200
    assert answer.json() == {
        "tensors": {
            "dW1": {
                "value": [["0.10", "-0.2"], ["0.3", "0.45"]],
                "shape": [2, 2],
                "decimals": 2,
                "line": 1,
                "written": "dW^[1]",
            }
        },
        "questions": [],
        "unknown": [{"name": "foo", "line": 3, "value": "3", "shape": [], "decimals": 0}],
        "notes": [],
        "layout": None,
    }


async def test_a_question_is_answered_by_its_id(client: httpx.AsyncClient) -> None:
    text = "a1 = 0,2; 0,3"
    [question] = (await client.post("/diagnose/read", json={"text": text})).json()["questions"]
    assert question["tensors"] == ["a1"]
    assert question["line"] == 1
    read = []
    for choice in question["choices"]:
        answer = await client.post("/diagnose/read", json={"text": text, "answers": {question["id"]: choice["id"]}})
        read.append((choice["text"], answer.json()["tensors"]["a1"]["value"]))
    assert read == [
        ("Yes, a decimal comma: 0.2", [["0.2"], ["0.3"]]),
        ("No, it separates two numbers: 0, 2", [["0", "2"], ["0", "3"]]),
    ]


async def test_an_answer_that_is_no_choice_leaves_the_question(client: httpx.AsyncClient) -> None:
    body = {"text": "a1 = 0,2; 0,3", "answers": {"decimal": "perhaps", "nobody": "asked"}}
    answer = (await client.post("/diagnose/read", json=body)).json()
    assert [question["id"] for question in answer["questions"]] == ["decimal"]
    assert answer["tensors"] == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [("a1 = [" + "1 " * 20_001 + "]", "numbers"), (" " * 200_001, "characters"), ("a=1\n" * 2_001, "names")],
)
async def test_a_text_beyond_the_limits_is_refused_in_words(client: httpx.AsyncClient, text: str, what: str) -> None:
    document = check_problem(await client.post("/diagnose/read", json={"text": text}), 422, "text_too_large")
    assert document["params"]["what"] == what


async def test_the_limits_are_settings(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_text_characters=60, max_text_numbers=4, max_text_names=2)
    async with client_of(create_app(settings)) as client:

        async def refused(text: str) -> object:
            answer = await client.post("/diagnose/read", json={"text": text})
            return answer.json()["params"]["what"] if answer.status_code == 422 else None

        assert await refused("W1 = [[1, 2]]; b1 = [3, 4]") is None
        assert await refused("W1 = [[1, 2, 3, 4, 5]]") == "numbers"
        assert await refused("W1 = 1\nb1 = 2\nW2 = 3") == "names"
        assert await refused("W1 = 1" + " " * 60) == "characters"
        answer = await client.post("/diagnose/read", json={"text": "W1 = np.zeros((2, 3))"})
        assert (answer.json()["tensors"], len(answer.json()["notes"])) == ({}, 1)


# fmt: off
HOSTILE = [
    "| ", "|\n", "\t\n", "0 0\n", "[1] 1 ", "\\frac{a}{", "1.0e-3 *\n", "Columns 1\n", "w1 ", "|--",
    "[", "]", "[[", "[1,", "a=", "a=[", "{", "a={", "(", "1,", "1,2;", "'", "[]", "\\frac{", "^{", "d/d",
    "a b ", "|", "|-|\n", "\t", "-", "...", "1.", "1e", "[1,]", "[,1]", "\\begin{matrix}", "W[", "a['", "a.",
    "∂", "²", "\n", "#", "shape(", "layer 1 ", "w1=1 ", "array(", "a=1\n\n",
    # Names without an end, of parts that are each taken off.
    "d", "dL", "dLd", "dL_d", "grad", "∂L∂", "A", "aA", "w_",
    "Parameter containing:", "Parameter containing:\n", "parameter containing: Parameter containing:",
]
# fmt: on


@pytest.mark.parametrize("piece", usually(HOSTILE, *HOSTILE[::3]))
async def test_hostile_text_is_read_in_linear_time(client: httpx.AsyncClient, piece: str) -> None:
    text = piece * (20_000 // len(piece))
    for ending in ("", "W1 = 3"):
        start = time.process_time()
        answer = await client.post("/diagnose/read", json={"text": text + ending})
        assert answer.status_code in (200, 422)
        assert len(answer.content) < 1_000_000
        assert time.process_time() - start < 2


async def test_two_megabytes_of_brackets_are_refused_at_once(client: httpx.AsyncClient) -> None:
    start = time.process_time()
    check_problem(await client.post("/diagnose/read", json={"text": "[" * 1_990_000}), 422, "text_too_large")
    assert time.process_time() - start < 1


async def test_nothing_is_evaluated(client: httpx.AsyncClient) -> None:
    text = "W1 = __import__('os').getpid()\nb1 = [2**3]\nz1 = exec('1')\na1 = eval('[1, 2]')"
    assert (await client.post("/diagnose/read", json={"text": text})).json()["tensors"] == {}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_everything_that_a_reading_says_has_a_text(language: Path) -> None:
    texts = json.loads(language.read_text(encoding="utf-8"))
    said = {**NOTES, **QUESTIONS, **CHOICES}
    assert len(said) == len(NOTES) + len(QUESTIONS) + len(CHOICES)
    assert {key.removeprefix("reading.") for key in texts if key.startswith("reading.")} == set(said)
    if language.stem == "en":
        assert {code: texts[f"reading.{code}"] for code in said} == said
