"""Values of settings that nobody means are refused at the start, in words, and never with a traceback."""

import subprocess
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import ValidationError

from server.settings import Settings
from tests.live_server import COMMAND, environment_with

NUMBERS = [name for name, hint in get_type_hints(Settings).items() if hint is float]


def test_there_are_numbers_with_a_point() -> None:
    assert {"memory_mb", "session_ttl_seconds", "head_patience_seconds"} <= set(NUMBERS)


@pytest.mark.parametrize("written", ["inf", "1e400", "1e308", "nan", "-1"])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, written: str) -> None:
    monkeypatch.setenv(f"BACKPROP_{name.upper()}", written)
    with pytest.raises(ValidationError, match=r"less than or equal to|greater than"):
        Settings()


@pytest.mark.parametrize("name", [name for name in NUMBERS if name.endswith("every_seconds")] + ["ping_seconds"])
def test_what_is_done_again_and_again_has_a_pause(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"BACKPROP_{name.upper()}", "1e-300")
    with pytest.raises(ValidationError, match=r"greater than or equal to 0\.01"):
        Settings()


@pytest.mark.parametrize("name", ["data_dir", "lessons_dir"])
def test_an_empty_name_is_not_the_directory_in_which_the_server_was_started(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"BACKPROP_{name.upper()}", "")
    with pytest.raises(ValidationError, match="names no directory"):
        Settings()


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["--fd", "-1"], {}, "--fd -1 is not a socket"),
        (["--host", "a" * 300], {}, "which is no name of a machine"),
        ([], {"memory_mb": "inf"}, "BACKPROP_MEMORY_MB: Input should be less than or equal to"),
    ],
    ids=["fd", "host", "memory"],
)
def test_the_command_says_why_it_does_not_start(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], words: str
) -> None:
    ended = subprocess.run(
        [COMMAND, "--no-browser", "--port", "0", "--data-dir", tmp_path, *arguments],
        env=environment_with(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1 and words in ended.stderr
    assert "Traceback" not in ended.stderr
