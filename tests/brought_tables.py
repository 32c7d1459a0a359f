"""Tables as people bring them: other encodings, the tools that wrote them, other shapes; and what each of them is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brought:
    """The bytes of a table, and how they are to be read.

    Attributes
    ----------
    learned : the column that is to be learned, or those of a block
    answers : the classes in their order; the numbers of the first rows where there is a target
    features, encoding : as the answer of POST /datasets has them
    refused : code of the refusal, in place of all these
    """

    content: bytes
    learned: tuple[str, ...] = ()
    answers: tuple[str | float, ...] = ()
    features: tuple[str, ...] = ()
    encoding: str = "utf-8"
    refused: str | None = None


IRIS_ROWS = (
    "5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n6.4,3.2,versicolor\n6.3,3.3,virginica\n5.8,2.7,virginica\n"
)
IRIS = ("setosa", "versicolor", "virginica")
RUSSIAN = "рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n175;70;кот\n"
RUSSIAN_READ = (("класс",), ("дом", "кот", "хомяк"), ("рост", "вес"))
GERMAN = "Länge;Breite;Güte\n1,5;2,25;mäßig\n2,5;1,75;gut\n3,5;0,25;mäßig\n"
GERMAN_READ = (("Güte",), ("gut", "mäßig"), ("Länge", "Breite"))
CHINESE = "身高,体重,类别\n170,60,猫\n180,80,狗\n171,61,猫\n165,55,狗\n"
CHINESE_READ = (("类别",), ("狗", "猫"), ("身高", "体重"))
PASSENGERS = (
    "PassengerId,Survived,Pclass,Sex,Age,target\n"
    "1,0,3,male,22,no\n2,1,1,female,38,yes\n3,1,3,female,26,yes\n4,1,1,female,,yes\n5,0,3,male,35,no\n"
)

TABLES: dict[str, Brought] = {
    "russian, windows-1251": Brought(RUSSIAN.encode("cp1251"), *RUSSIAN_READ, encoding="windows-1251"),
    "russian, utf-8": Brought(RUSSIAN.encode(), *RUSSIAN_READ),
    "russian, utf-8 with a mark": Brought(RUSSIAN.encode("utf-8-sig"), *RUSSIAN_READ),
    "russian, utf-16 of Excel": Brought(RUSSIAN.replace(";", "\t").encode("utf-16"), *RUSSIAN_READ, "utf-16-le"),
    "russian, utf-16 without a mark": Brought(RUSSIAN.encode("utf-16-le"), *RUSSIAN_READ, encoding="utf-16-le"),
    "german Excel": Brought(
        ("sep=;\r\n" + GERMAN.replace("\n", "\r\n")).encode("cp1252"), *GERMAN_READ, "windows-1252"
    ),
    "german, utf-8": Brought(GERMAN.encode(), *GERMAN_READ),
    "chinese, utf-8": Brought(CHINESE.encode(), *CHINESE_READ),
    "chinese, gb18030": Brought(CHINESE.encode("gb18030"), *CHINESE_READ, encoding="gb18030"),
    "iris without a header": Brought(IRIS_ROWS.encode(), ("x3",), IRIS, ("x1", "x2")),
    "iris of pandas": Brought(("sl,sw,species\n" + IRIS_ROWS).encode(), ("species",), IRIS, ("sl", "sw")),
    "pandas with its index": Brought(
        b",a,b,label\n0,1.5,2,A\n1,2.5,1,B\n2,3.5,1,B\n", ("label",), ("A", "B"), ("a", "b")
    ),
    "R's write.csv": Brought(b'"","a","kind"\n"1",5.1,"p"\n"2",4.9,"p"\n"3",7.0,"q"\n', ("kind",), ("p", "q"), ("a",)),
    "wine with the class in front": Brought(
        b"grape,alcohol,ash\n1,14.2,2.4\n1,13.2,2.1\n2,12.4,1.4\n2,12.3,2.3\n3,12.9,2.2\n3,12.1,2.6\n",
        ("grape",),
        ("1", "2", "3"),
        ("alcohol", "ash"),
    ),
    "hours and grades": Brought(
        b"hours,grade\n10.75,50\n11.5,50.5\n9,47\n16,97\n9.25,49.5\n", ("grade",), (50, 50.5, 47, 97, 49.5), ("hours",)
    ),
    "a block of classes": Brought(
        b"a,b,is_cat,is_dog\n1,2,1,0\n2,1,0,1\n3,1,0,1\n", ("is_cat", "is_dog"), ("is_cat", "is_dog"), ("a", "b")
    ),
    "empty cells at the line ends": Brought(b"5.1,3.5,1,,\n6.2,2.9,2,,\n", ("x3",), ("1", "2"), ("x1", "x2")),
    "quoted decimal commas": Brought(b'a,b,label\n"1,5","2,5",A\n"2,5","1,5",B\n', ("label",), ("A", "B"), ("a", "b")),
    "a proper minus": Brought("a,b,label\n−1,2,A\n2,1,B\n".encode(), ("label",), ("A", "B"), ("a", "b")),
    "blanks": Brought(b"0 1 A\n1 1 B\n", ("x3",), ("A", "B"), ("x1", "x2")),
    "many blanks, aligned": Brought(b"  0.5   1   A\n 12.5  11   B\n", ("x3",), ("A", "B"), ("x1", "x2")),
    "tabs": Brought(b"a\tb\tlabel\n1\t2\tA\n2\t1\tB\n", ("label",), ("A", "B"), ("a", "b")),
    "bars": Brought(b"a|b|label\n1|2|A\n2|1|B\n", ("label",), ("A", "B"), ("a", "b")),
    "comments": Brought(b"# measured\n# twice\na,b,label\n1,2,A\n2,1,B\n", ("label",), ("A", "B"), ("a", "b")),
    "a question mark": Brought(b"a,b,label\n1,?,A\n2,1,B\n3,4,A\n", ("label",), ("A", "B"), ("a", "b")),
    "passengers": Brought(
        PASSENGERS.encode(), ("target",), ("no", "yes"), ("Survived", "Pclass", "Sex=female", "Sex=male", "Age")
    ),
    "rows in JSON": Brought(
        b'[{"a": 1, "b": 2.5, "label": "A"}, {"a": 2, "b": 1, "label": "B"}]', ("label",), ("A", "B"), ("a", "b")
    ),
    "a Python list": Brought(b"[[1, 2, 'A'], [2, 1, 'B']]", ("x3",), ("A", "B"), ("x1", "x2")),
    "an Excel workbook": Brought(b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", refused="csv_binary"),
    "one class": Brought(b"a,b,label\n1,2,A\n2,1,A\n", refused="csv_one_class"),
    "a slip among numbers": Brought(
        b"a,b,label\n" + b"".join(b"%d.5,%d,A\n" % (row, row) for row in range(12)) + b"x,1,B\n", refused="csv_number"
    ),
    "nothing": Brought(b"", refused="csv_empty"),
}
