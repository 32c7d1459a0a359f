"""A process of its own, which imports nothing of ours: lets a learner's code answer the cases in a folder."""

import faulthandler
import json
import os
import runpy
import sys
from functools import partial
from pathlib import Path

# A learner's code that holds the interpreter's lock cannot be stopped from a thread.
GRACE_SECONDS = 2


def main(folder: str, file: str, name: str, timeout: str) -> None:
    """Write the report: answers and troubles, or the sentence that says why there are none."""
    # The learner's imports find the learner's modules, never those beside this file.
    del sys.path[0]
    sys.argv = [file]
    trace = Path(folder, "trace").open("w")
    faulthandler.enable(trace)
    faulthandler.dump_traceback_later(float(timeout) + GRACE_SECONDS, exit=True, file=trace)
    script = runpy.run_path(str(Path(__file__).with_name("doctor.py")))
    cases = json.loads(Path(folder, "cases").read_text())
    try:
        report = script["answers_in_time"](float(timeout), partial(script["loaded"], file, name or None), cases)
    except script["Problem"] as problem:
        report = str(problem)
    text = json.dumps(report)
    faulthandler.cancel_dump_traceback_later()
    Path(folder, "report").write_text(text)
    # Threads that the code has left running must not keep the process.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
