"""A trained network as a file for elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from safetensors.numpy import save

from engine.scripts import numbers_needed, numpy_script, pytorch_script
from server.http.json import BINARY, JSON, to_json
from server.limits import parameters_in
from server.sessions.codec.record import Session
from server.sessions.documents import export_document


class ExportFormat(StrEnum):
    """How a network is written."""

    JSON = "json"
    SAFETENSORS = "safetensors"
    NUMPY = "numpy"
    PYTORCH = "pytorch"


PYTHON = "text/x-python; charset=utf-8"


def _json(session: Session) -> tuple[bytes, str, str]:
    return to_json(export_document(session)), JSON, f"network-step-{session.trainer.taken}.json"


def _safetensors(session: Session) -> tuple[bytes, str, str]:
    """The parameters under their names; all the rest as JSON strings in the metadata."""
    document = export_document(session)
    parameters = document.pop("parameters")
    metadata = {key: value if isinstance(value, str) else to_json(value).decode() for key, value in document.items()}
    return save(parameters, metadata=metadata), BINARY, f"network-step-{session.trainer.taken}.safetensors"


def _numpy(session: Session) -> tuple[bytes, str, str]:
    trainer = session.trainer
    script = numpy_script(trainer.course, trainer.taken, session.data.target)
    return script.encode(), PYTHON, f"network-step-{trainer.taken}-numpy.py"


def _pytorch(session: Session) -> tuple[bytes, str, str]:
    trainer = session.trainer
    script = pytorch_script(trainer.course, trainer.taken, session.data.target)
    return script.encode(), PYTHON, f"network-step-{trainer.taken}-pytorch.py"


def _network_numbers(session: Session) -> int:
    return parameters_in(session.run.model)


def _script_numbers(session: Session) -> int:
    return numbers_needed(session.trainer.course, session.trainer.taken)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """How a network is written in one format.

    Parameters
    ----------
    write : session -> bytes, media type and file name.
    numbers : how many numbers the file carries.
    """

    write: Callable[[Session], tuple[bytes, str, str]]
    numbers: Callable[[Session], int]
    is_script: bool = False


EXPORTS = {
    ExportFormat.JSON: ExportRow(_json, _network_numbers),
    ExportFormat.SAFETENSORS: ExportRow(_safetensors, _network_numbers),
    ExportFormat.NUMPY: ExportRow(_numpy, _script_numbers, is_script=True),
    ExportFormat.PYTORCH: ExportRow(_pytorch, _script_numbers, is_script=True),
}
