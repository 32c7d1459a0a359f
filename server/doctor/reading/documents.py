"""A reading as JSON."""

from typing import Any

from server.doctor.reading.reading import Reading
from server.doctor.reading.text.words import Choice, Note, Question


def reading_document(reading: Reading) -> dict[str, Any]:
    """The answer of POST /diagnose/read."""
    return {
        "tensors": {
            name: {
                "value": tensor.array.value,
                "shape": list(tensor.array.shape),
                "decimals": tensor.array.decimals,
                "line": tensor.line,
                "written": tensor.written,
            }
            for name, tensor in reading.tensors.items()
        },
        "questions": [
            {
                **_said(question),
                "id": question.id,
                "choices": [{**_said(choice), "id": choice.id} for choice in question.choices],
                "line": question.line,
                "tensors": list(question.tensors),
            }
            for question in reading.questions
        ],
        "unknown": [
            {
                "name": unknown.written,
                "line": unknown.line,
                "value": unknown.array and unknown.array.value,
                "shape": unknown.array and list(unknown.array.shape),
                "decimals": unknown.array and unknown.array.decimals,
            }
            for unknown in reading.unknown
        ],
        "notes": [_said(note) for note in reading.notes],
        "layout": reading.layout,
    }


def _said(words: Note | Question | Choice) -> dict[str, Any]:
    return {"code": words.code, "params": words.params, "text": words.text}
