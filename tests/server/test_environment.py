"""Names in the environment that look like settings and are none."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from server import environment
from server.settings import Settings


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BACKPROP_MAX_STREAM", "BACKPROP_MAX_STREAMS"),
        ("BACKPROP_MAX_WATCHRES", "BACKPROP_MAX_WATCHERS"),
        ("backprop_max_body_byte", "BACKPROP_MAX_BODY_BYTES"),
        ("BACKPROP_ALOWED_ORIGIN", "BACKPROP_ALLOWED_ORIGINS"),
        ("BACKPROP_PROT", "BACKPROP_PORT"),
        ("BACKPROP_DATADIR", "BACKPROP_DATA_DIR"),
    ],
)
def test_a_misspelt_setting_is_refused_and_told_what_it_was_meant_to_be(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "5")
    with pytest.raises(ValidationError, match=f"{name.upper()} is no setting. {meant} is one"):
        Settings()


KUBERNETES = {
    "BACKPROP_PORT": "tcp://10.0.0.7:80",
    "BACKPROP_PORT_80_TCP": "tcp://10.0.0.7:80",
    "BACKPROP_PORT_80_TCP_ADDR": "10.0.0.7",
    "BACKPROP_SERVICE_HOST": "10.0.0.7",
    "BACKPROP_SERVICE_PORT": "80",
}


def test_what_a_container_is_told_of_its_neighbours_is_no_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    for name, value in KUBERNETES.items():
        monkeypatch.setenv(name, value)
    assert Settings(data_dir=tmp_path).port == 8000
    assert environment.unknown({**KUBERNETES, "BACKPROP_MAX_ROWS": "3", "HOME": "/"}, Settings.model_fields) == sorted(
        KUBERNETES
    )
    monkeypatch.setenv("BACKPROP_PORT", "eight")
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("own", "port", "taken"),
    [
        (None, "9000", 9000),
        ("7000", "9000", 7000),
        ("tcp://10.0.0.7:80", "9000", 9000),
        ("7000", None, 7000),
        (None, "", 8000),
        (None, None, 8000),
        ("7000", "no port", 7000),
    ],
)
def test_a_platform_says_the_port_where_no_setting_does(
    monkeypatch: pytest.MonkeyPatch, own: str | None, port: str | None, taken: int
) -> None:
    for name, value in (("BACKPROP_PORT", own), ("PORT", port)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert Settings().port == taken
    assert Settings(port=5000).port == 5000


@pytest.mark.parametrize("port", ["eight", "-1", "65536", "80.0", "8 0", "٨"])
def test_a_port_of_the_platform_that_is_none_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.delenv("BACKPROP_PORT", raising=False)
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ValidationError, match=f"PORT is {port}, which is no port"):
        Settings()


def test_no_setting_is_taken_for_a_misspelt_one() -> None:
    names = [f"BACKPROP_{name.upper()}" for name in Settings.model_fields]
    assert environment.refusal(names, Settings.model_fields) is None


@pytest.mark.parametrize("name", ["BACKPROP_TEST", "BACKPROP_HOME", "BACKPROP_IMAGE", "BACKPROP_VERSION"])
def test_other_names_are_left_to_others(name: str) -> None:
    assert environment.refusal([name], Settings.model_fields) is None


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("", "ab", 2),
        ("port", "prot", 1),
        ("max_stream", "max_streams", 1),
        ("abc", "xyz", 3),
        ("ab", "ba", 1),
        ("abc", "cab", 2),
    ],
)
def test_letters_that_differ_are_counted(one: str, other: str, letters: int) -> None:
    assert environment.distance(one, other) == environment.distance(other, one) == letters
