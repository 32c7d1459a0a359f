"""Pieces of notation in any order: a reading comes out, or a refusal in words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.doctor.reading.documents import reading_document
from tests.reader import read

SIGNS = st.sampled_from(list("[](){},;:=|#'\"\\&/ \n\t²½−0.5e^*<>%$@"))
NAMES = "W1 dW1 theta1 V dV w1 w2 w3 h1 o1 b1 y grads['W1'] target_o1 0.weight shape".split()
LAYOUTS = [
    "layer 2",
    "1.0e-3 *\n",
    "Columns 1\n",
    "Parameter containing:",
    "\\begin{matrix}",
    "array(",
    "np.zeros(",
    "1,5",
]
WORDS = st.sampled_from([*NAMES, *LAYOUTS, "...", "nan", "[1,]", "[,1]", ".T", ".reshape(1,2)"])
ANSWERS = {"numbering": "by_unit", "theta": "bias", "v_and_w": "hidden", "layers": "2", "decimal": ",", "y": "one_hot"}


@pytest.mark.parametrize("answers", [None, ANSWERS], ids=["asked", "answered"])
@example(text="W1 Parameter containing:x")
@example(text="W1 = \n1.0e-3 *\n1,5 nan")
@given(text=st.lists(SIGNS | WORDS, max_size=30).map("".join))
def test_nonsense_is_read_or_refused(answers: dict[str, str] | None, text: str) -> None:
    document = reading_document(read(text, answers))
    assert all(said["text"] for said in [*document["notes"], *document["questions"]])
