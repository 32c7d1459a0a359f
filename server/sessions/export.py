"""A trained network as a file for elsewhere."""

from collections.abc import Callable
from enum import StrEnum

from safetensors.numpy import save

from engine.scripts import numbers_needed, numpy_script, pytorch_script
from server.http.json import BINARY, JSON, to_json
from server.sessions.codec.record import Session
from server.sessions.documents import export_document


class ExportFormat(StrEnum):
    """How a network is written."""

    JSON = "json"
    SAFETENSORS = "safetensors"
    NUMPY = "numpy"
    PYTORCH = "pytorch"


SCRIPTS = (ExportFormat.NUMPY, ExportFormat.PYTORCH)
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


def numbers_of(session: Session) -> int:
    """How many numbers a script of this session carries."""
    return numbers_needed(session.trainer.course, session.trainer.taken)


# Name -> bytes, media type and file name.
EXPORTS: dict[ExportFormat, Callable[[Session], tuple[bytes, str, str]]] = {
    ExportFormat.JSON: _json,
    ExportFormat.SAFETENSORS: _safetensors,
    ExportFormat.NUMPY: _numpy,
    ExportFormat.PYTORCH: _pytorch,
}
