"""How the log is written: a line a message, with time and level, and without names that only their owners may know."""

import logging
import re
import sys
import time

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Anybody who knows the name of a session or an uploaded data set may use it, so names are hidden in addresses and
# anywhere else.
IN_ADDRESSES = re.compile(r"(?<=/v1/sessions/)[^/\s?\"']+|(?<=/v1/datasets/own-)[^/\s?\"']+")
ANYWHERE = re.compile(r"(?<![\w-])(?:own-)?(?=[\w-]*[A-Z0-9])[\w-]{22}(?![\w-])")
HIDDEN = "..."


class Discreet(logging.Formatter):
    """Leaves names out of everything, including tracebacks and the messages of libraries."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return ANYWHERE.sub(HIDDEN, IN_ADDRESSES.sub(HIDDEN, super().format(record)))


def set_up() -> None:
    """Write the log of this process to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(FORM))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("server").setLevel(logging.INFO)
    logging.captureWarnings(True)
