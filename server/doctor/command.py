"""`backprop-playground doctor FILE[:FUNCTION]`: the script doctor.py without a server.

The learner's code runs in a process of its own (`child`); whatever it does there, this one goes on and says so.
"""

import asyncio
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from traceback import FrameSummary
from typing import IO, Any

from pydantic import ValidationError

from engine.errors import EngineError
from engine.vocabulary import STANDARD
from server.doctor.child import GRACE_SECONDS
from server.doctor.schemas import CasesRequest, DiagnoseRequest
from server.doctor.script import SCRIPT
from server.doctor.service import Doctor
from server.http.json import to_json
from server.http.problems import from_exception, invalid
from server.memory import Memory
from server.problems import Problem
from server.scheduling import Slices
from server.settings import Settings
from server.waiting.shares import checks_share

CHILD = Path(__file__).with_name("child.py")
# What a learner's code prints is shown up to here; an endless loop can print gigabytes.
MOST_PRINTED = 2000
Json = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Answers the exit code: 0 all is right, 1 something is wrong, 2 the code could not be run."""
    script = runpy.run_path(str(SCRIPT))
    settings = Settings()
    memory = Memory(settings.memory_mb)
    doctor = Doctor(settings, Slices(settings), STANDARD, memory.kept, checks_share(memory, settings))
    ask = partial(diagnosing, doctor, script["Problem"])
    code: int = script["main"](list(arguments), ask, partial(in_own_process, script))
    return code


def diagnosing(doctor: Doctor, complaint: type[Exception], path: str, question: Json) -> Json:
    """What `POST /{path}` would answer, from this process; what is wrong with the question as a complaint."""
    try:
        if path == "diagnose":
            answer = asyncio.run(doctor.diagnose(DiagnoseRequest.model_validate(question)))
        else:
            answer = asyncio.run(doctor.cases(CasesRequest.model_validate(question)))
    except ValidationError as error:
        raise complaint(invalid(error.errors(), path)["detail"]) from None
    except (EngineError, Problem) as error:
        raise complaint(from_exception(error, path)["detail"]) from None
    document: Json = json.loads(to_json(answer))
    return document


def in_own_process(script: Json, timeout: float, load: Callable[[], object], cases: list[Json]) -> Any:
    """What `answers_in_time` of the script gives, from a child.

    Parameters
    ----------
    load : the partial that would load the function here; the child makes its own.
    """
    assert isinstance(load, partial)
    file, name = load.args
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "cases").write_text(json.dumps(cases))
        printed, code = _run([folder, file, name or "", str(timeout)], timeout)
        if printed.strip():
            print("Your code prints:", printed.strip(), "", sep="\n", flush=True)
        report, trace = Path(folder, "report"), Path(folder, "trace")
        found = json.loads(report.read_text()) if report.exists() else _fate(script, code, trace.read_text(), timeout)
    if isinstance(found, str):
        raise script["Problem"](found)
    return found


def _run(arguments: list[str], timeout: float) -> tuple[str, int]:
    """The beginning of what the child printed, and its exit code."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BACKPROP_")}
    child = subprocess.Popen(
        [sys.executable, "-u", str(CHILD), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert child.stdout is not None
    printed: list[str] = []
    reader = threading.Thread(target=_keep_beginning, args=(child.stdout, printed), daemon=True)
    reader.start()
    try:
        child.wait(timeout + 2 * GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        child.kill()
        code = child.wait()
    # Not to the end: a process that the code has started may hold the pipe open.
    reader.join(GRACE_SECONDS)
    return "".join(printed), code


def _keep_beginning(pipe: IO[bytes], printed: list[str]) -> None:
    left_out = 0
    with pipe:
        printed.append(pipe.read(MOST_PRINTED).decode(errors="replace"))
        while more := pipe.read(1 << 16):
            left_out += len(more)
    if left_out:
        printed.append(f"\n... and {left_out} bytes more")


def _fate(script: Json, code: int, trace: str, timeout: float) -> str:
    """Why the child left no report, with the learner's line as faulthandler saw it, the innermost first."""
    stack = [FrameSummary(file, int(line), "") for file, line in re.findall(r'File "(.+)", line (\d+)', trace)]
    place = script["where"](stack[::-1])
    if trace.startswith("Timeout"):
        return f"Your code was stopped after {timeout:g} s{place}: it had not come to an end."
    if code < 0:
        return f"Your code crashed Python ({signal.Signals(-code).name}){place}."
    return f"Your code ended Python itself, with code {code}, before it had answered all cases."
