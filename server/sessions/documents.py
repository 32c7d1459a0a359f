"""Sessions as JSON-able answers; arrays stay arrays until they are encoded."""

from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from engine.model import Batch, ModelSpec
from engine.primitives import Array
from server.datasets.documents import about_document
from server.models.schemas import model_document, optimizer_document
from server.sessions.codec.record import Session
from server.sessions.edits import edit_changes
from server.steps.history import history_columns

EXPORT_FORMAT = "backprop-playground/1"


def head_document(session: Session) -> dict[str, Any]:
    """Where a session stands."""
    return {
        "id": session.id,
        "step": session.trainer.taken,
        "furthest_step": session.trainer.furthest,
        "version": session.head.version,
        "expires_at": _in_words(int(session.head.expires_at)),
    }


@lru_cache(maxsize=64)
def _in_words(seconds: int) -> str:
    """A time in ISO 8601, of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def session_document(session: Session) -> dict[str, Any]:
    trainer, run = session.trainer, session.run
    head = head_document(session)
    expires_at = head.pop("expires_at")
    return {
        **head,
        "model": model_document(run.model),
        "targets": run.model.output.target.kind,
        "optimizer": optimizer_document(run.optimizer),
        "edits": [
            {
                "step": edit.step,
                "changes": edit_changes(edit, None if edit.optimizer is None else optimizer_document(edit.optimizer)),
            }
            for edit in trainer.course.edits
        ],
        "batch_size": run.batch_size,
        "shuffle": run.is_shuffled,
        "batch_rows": trainer.next_rows,
        "steps_per_epoch": trainer.steps_per_epoch,
        "seed": run.seed,
        "parameters": trainer.parameters,
        "dataset": data_document(session),
        "program": trainer.program.fingerprint,
        "expires_at": expires_at,
    }


def data_document(session: Session) -> dict[str, Any]:
    data, run = session.data, session.run
    return {
        **about_document(data.about),
        "name": data.name,
        "options": data.options,
        "rows": run.train.m,
        "held_out_rows": 0 if run.held_out is None else run.held_out.m,
        "target": None if data.target is None else asdict(data.target),
        "x_mean": data.mean,
        "x_scale": data.scale,
    }


def history_document(session: Session) -> dict[str, Any]:
    trainer = session.trainer
    return {
        "step": trainer.taken,
        "furthest_step": trainer.furthest,
        "metrics": history_columns(trainer.history.points),
    }


def rows_document(session: Session) -> dict[str, Any]:
    run = session.run
    return {
        "train": _rows(run.train, run.model),
        "held_out": None if run.held_out is None else _rows(run.held_out, run.model),
    }


def export_document(session: Session) -> dict[str, Any]:
    return {
        "format": EXPORT_FORMAT,
        "step": session.trainer.taken,
        "model": model_document(session.run.model),
        "optimizer": optimizer_document(session.run.optimizer),
        "parameters": session.trainer.parameters,
        "optimizer_state": session.trainer.optimizer_state,
        "dataset": data_document(session),
    }


def _rows(batch: Batch, model: ModelSpec) -> dict[str, Array]:
    return {"x": batch.x, "y": model.output.target.shown(batch.y)}
