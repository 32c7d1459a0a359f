"""What a person's own table may look like, and what is said about one that cannot be read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from server.problems import Problem
from tests.own_tables import dataset_of


def refusal(table: str) -> tuple[str, str, object]:
    """Code, words and line of the refusal of a table."""
    with pytest.raises((Problem, EngineError)) as caught:
        dataset_of(table)
    error = caught.value
    details = error.params if isinstance(error, Problem) else error.details
    return error.code, str(error), details.get("line")


def test_the_last_column_is_the_label_and_words_are_sorted() -> None:
    dataset = dataset_of("1,2,pear\n3,4,apple\n5,6,pear\n")
    assert dataset.x.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert dataset.about.class_names == ("apple", "pear") and dataset.y.tolist() == [1, 0, 1]
    assert dataset.about.feature_names == ("x1", "x2") and dataset.about.title == "own data"


def test_a_header_gives_the_names() -> None:
    dataset = dataset_of("height,width,kind\n1,2,a\n3,4,b")
    assert dataset.about.feature_names == ("height", "width") and len(dataset.y) == 2


@pytest.mark.parametrize("head", ["label", "Class", "TARGET", "y"])
def test_a_header_can_name_another_label_column(head: str) -> None:
    dataset = dataset_of(f"height,{head},width\n1,a,2\n3,b,4")
    assert dataset.x.tolist() == [[1, 2], [3, 4]] and dataset.y.tolist() == [0, 1]
    assert dataset.about.feature_names == ("height", "width")


def test_y_beside_x_and_a_third_column_is_a_coordinate() -> None:
    dataset = dataset_of("x,y,colour\n1,2,red\n3,4,blue")
    assert dataset.about.feature_names == ("x", "y") and dataset.about.class_names == ("blue", "red")


def test_x_and_y_alone_are_an_input_and_a_label() -> None:
    assert dataset_of("x,y\n1,0\n3,1").x.tolist() == [[1], [3]]


def test_numbers_in_the_header_are_names_when_the_label_is_named() -> None:
    assert dataset_of("0,1,label\n5,6,a\n7,8,b").about.feature_names == ("0", "1")


@pytest.mark.parametrize("mark", [",", ";", "\t", ", ", " ; "])
def test_comma_semicolon_and_tab_part_the_cells(mark: str) -> None:
    table = "\n".join(mark.join(row) for row in [("p", "q", "kind"), ("1.5", "-2e-3", "a"), (".5", "+4.", "b")])
    assert dataset_of(table).x.tolist() == [[1.5, -0.002], [0.5, 4.0]]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_decimal_comma_is_read_where_it_cannot_be_a_separator(mark: str) -> None:
    assert dataset_of(f"1,5{mark}a\n2,25{mark}b").x.tolist() == [[1.5], [2.25]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_and_a_byte_order_mark_are_read(end: str) -> None:
    assert dataset_of("\ufeff" + end.join(["p,kind", "1,a", "2,b", ""])).x.tolist() == [[1], [2]]


def test_empty_lines_and_lines_of_empty_cells_are_skipped() -> None:
    assert dataset_of("\n1,2,a\n\n3,4,b\n,,\n\n").y.tolist() == [0, 1]


def test_quoted_words_may_hold_separators() -> None:
    assert dataset_of('1,"a, or so"\n2,"b; ""quoted"""').about.class_names == ("a, or so", 'b; "quoted"')


def test_whole_number_labels_are_sorted_as_numbers_and_one_spelling() -> None:
    dataset = dataset_of("1,10\n2,2.0\n3,2\n4,-1")
    assert dataset.about.class_names == ("-1", "2", "10") and dataset.y.tolist() == [2, 1, 1, 0]


@pytest.mark.parametrize(
    ("table", "code", "line", "words"),
    [
        ("", "csv_empty", None, "empty"),
        ("\ufeff \n\n", "csv_empty", None, "empty"),
        ("height,kind\n", "csv_empty", None, "no rows follow"),
        ("1\n2\n", "csv_one_column", 1, "comma, a semicolon, a tab, a bar or spaces"),
        ("1,2,a\n3,b", "csv_ragged", 2, "has 2 cells, but line 1 has 3"),
        ("p,q,kind\n\n1,2,a\n3,4,b,5", "csv_ragged", 4, "has 4 cells, but line 1 has 3"),
        ("1,2,a\n3,four,b", "csv_number", 2, "column 'x2', is 'four'"),
        ("1,2,a\n1_0,4,b", "csv_number", 2, "'1_0'"),
        ("1,2,a\n0x1F,4,b", "csv_number", 2, "'0x1F'"),
        ("5.1,3.5.1,a\n3,4,b", "csv_number", 1, "'3.5.1'"),
        ("p,q,kind\n,2,a\n3,,b", "csv_all_missing", None, "Every row has a missing cell"),
        ("1,2,a\n3,-Infinity,b", "csv_not_finite", 2, "is '-Infinity'"),
        ("1,2,a\n3,1e400,b", "csv_not_finite", 2, "is 1e400"),
        (f"1,2,a\n3,4,{'b' * 81}", "csv_label", 2, "81 characters"),
        ("1,2,a\n3,4,a", "csv_one_class", None, "'a'"),
        ("x,target\n1,2.5\n2,2.5", "csv_one_value", None, "'target'"),
        (
            "\n".join(f"{row},kind {row}" for row in [*range(11), *range(11)]),
            "csv_too_many_classes",
            None,
            "11 different values; at most 10",
        ),
        ('1,2,a\n3,4,"b', "csv_quotes", 2, "quotation mark"),
        ("1," * 129 + "a\n" + "2," * 129 + "b", "csv_too_many_columns", None, "129 features; at most 128"),
        ("1,a\n2,b\n" * 5_001, "csv_too_many_rows", None, "10002 rows; at most 10000"),
    ],
)
def test_a_table_that_cannot_be_read_is_answered_with_the_place_and_the_remedy(
    table: str, code: str, line: int | None, words: str
) -> None:
    found, message, found_line = refusal(table)
    assert (found, found_line) == (code, line)
    assert words in message
    assert line is None or f"line {line}" in message.lower()


@settings(deadline=None)
@given(st.text(alphabet='01.,;\t\n\r"aby-e\ufeff ', max_size=60))
def test_any_text_is_either_a_table_or_refused_in_words(text: str) -> None:
    try:
        dataset = dataset_of(text)
    except (Problem, EngineError) as error:
        assert str(error)
    else:
        assert np.isfinite(dataset.x).all() and np.isfinite(dataset.y).all()
