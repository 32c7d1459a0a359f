"""From a request to a session that has not taken a step yet."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np

from engine.datasets import About, Dataset, TargetScale
from engine.model import Batch, ModelSpec, OptimizerSpec, batch_of, program_of
from engine.primitives import Array
from engine.run import RunSpec
from engine.training import Trainer
from engine.vocabulary import STANDARD, Vocabulary
from server.datasets import Datasets
from server.datasets.schemas import DatasetRequest
from server.limits import check_model, check_rows, parameters_in, values_per_trace, values_to_read
from server.problems import Problem
from server.scheduling import Slices
from server.sessions.codec.pool import Pool
from server.sessions.codec.record import Data, Session
from server.sessions.schemas import SessionRequest
from server.settings import Settings
from server.steps.schemas import BatchRequest
from server.steps.stateless import parameters_of

T = TypeVar("T")
# Drawing a weight costs as much as computing with it several times.
VALUES_PER_PARAMETER = 5


async def new_session(
    request: SessionRequest,
    datasets: Datasets,
    settings: Settings,
    vocabulary: Vocabulary = STANDARD,
    pool: Pool | None = None,
    slices: Slices | None = None,
) -> Session:
    """A session with its rows and its first parameters; nothing is stored.

    Parameters
    ----------
    pool : what it has together with other sessions; None: nothing.
    slices : where it is made, beside others; None: at once.

    Raises
    ------
    EngineError, Problem : something does not fit, is unknown, or is larger than the settings allow.
    """
    model = request.model.spec(vocabulary)
    check_model(model, settings)
    optimizer = request.optimizer.spec(vocabulary)
    train, held_out, data = await rows_of(request.dataset, request.batch, model, datasets, settings, slices)
    values = VALUES_PER_PARAMETER * parameters_in(model) + train.x.size
    work = partial(_session, request, model, optimizer, train, held_out, data, settings, pool)
    return await run(slices, values, work)


def _session(
    request: SessionRequest,
    model: ModelSpec,
    optimizer: OptimizerSpec,
    train: Batch,
    held_out: Batch | None,
    data: Data,
    settings: Settings,
    pool: Pool | None,
) -> Session:
    if pool is not None:
        train, held_out = pool.rows(train), None if held_out is None else pool.rows(held_out)
    run = RunSpec(
        model,
        optimizer,
        parameters_of(request, model),
        train,
        held_out,
        request.batch_size,
        request.seed,
        request.shuffle,
    )
    largest = min(train.m, request.batch_size or train.m)
    values_per_trace(program_of(model, optimizer), largest, settings)
    return Session(
        secrets.token_urlsafe(16),
        data,
        Trainer(run, settings.checkpoint_every_steps, None if pool is None else pool.spares),
    )


async def run(slices: Slices | None, values: int, work: Callable[[], T]) -> T:
    """Do work that touches this many numbers, in slices beside other work where there are slices."""
    return work() if slices is None else await slices.run(values, work)


async def rows_of(
    dataset: DatasetRequest | None,
    batch: BatchRequest | None,
    model: ModelSpec,
    datasets: Datasets,
    settings: Settings,
    slices: Slices | None = None,
) -> tuple[Batch, Batch | None, Data]:
    """Rows to train on, rows held out, and where they come from.

    Raises
    ------
    EngineError, Problem : none or both are given, or the rows do not fit the model.
    """
    if dataset is not None and batch is None:
        return await _from_dataset(dataset, model, datasets)
    if batch is not None and dataset is None:
        check_rows(len(batch.x), settings)
        return await run(slices, values_to_read(batch.x), partial(_from_batch, batch, model))
    raise Problem(
        422,
        "dataset_or_batch",
        "A session needs rows to train on. Send either a dataset or a batch, not both.",
        field="dataset",
    )


async def _from_dataset(
    request: DatasetRequest, model: ModelSpec, datasets: Datasets
) -> tuple[Batch, Batch | None, Data]:
    dataset, cut = await datasets.split(request)
    _check_fit(dataset, model)
    held_out = batch_of(model, cut.x_held_out, _targets(cut.y_held_out, model)) if len(cut.y_held_out) else None
    data = Data(
        name=request.name,
        about=dataset.about,
        options={
            **(request.__pydantic_extra__ or {}),
            "seed": request.seed,
            "held_out_fraction": request.held_out_fraction,
            "scaling": request.scaling,
        },
        mean=cut.mean,
        scale=cut.scale,
        target=cut.target,
    )
    return batch_of(model, cut.x_train, _targets(cut.y_train, model)), held_out, data


def _targets(labels: Array, model: ModelSpec) -> Array:
    """Class numbers, or the numbers of a target, as the loss compares them."""
    return model.output.target.of_classes(labels, model.outputs, model.dtype)


def _from_batch(batch: BatchRequest, model: ModelSpec) -> tuple[Batch, None, Data]:
    # One output says how much a row is the second of two classes, or it is a number.
    is_number = model.outputs == 1 and not model.output.tells_classes
    target = TargetScale("y", 0.0, 1.0) if is_number else None
    about = About(
        "own rows",
        tuple(f"x{number}" for number in range(1, model.inputs + 1)),
        () if is_number else tuple(str(number) for number in range(max(2, model.outputs))),
        "own data",
        "not stated",
        target_name=None if target is None else target.name,
    )
    data = Data(
        name=None,
        about=about,
        options={},
        mean=np.zeros(model.inputs),
        scale=np.ones(model.inputs),
        target=target,
    )
    return batch_of(model, batch.x, batch.y), None, data


def _check_fit(dataset: Dataset, model: ModelSpec) -> None:
    about = dataset.about
    features, classes = about.features, about.classes
    if about.target_name is not None:
        _check_regression(about, about.target_name, model)
        return
    # One output says how much it is the second of two classes.
    outputs = (classes, 1) if classes == 2 else (classes,)
    if features != model.inputs or model.outputs not in outputs:
        raise Problem(
            422,
            "model_does_not_fit",
            f"{about.title} has {features} features and {classes} classes, but this model has {model.inputs} inputs "
            f"and {model.outputs} outputs. Set model.inputs to {features} and model.output.units to {classes}.",
            features=features,
            classes=classes,
            inputs=model.inputs,
            outputs=model.outputs,
        )


def _check_regression(about: About, target: str, model: ModelSpec) -> None:
    features = about.features
    # An output that is a probability says nothing about a number, whatever the loss.
    is_probability = model.output.tells_classes
    if (features, 1) != (model.inputs, model.outputs) or is_probability:
        raise Problem(
            422,
            "model_does_not_fit_target",
            f"{about.title} has {features} features and a number to learn, {target!r}, but this model has "
            f"{model.inputs} inputs and {model.outputs} outputs with {model.output_activation} and {model.loss}. Set "
            f"model.inputs to {features}, model.output.units to 1, model.output.activation to identity and model.loss "
            "to half_squared_error.",
            features=features,
            target=target,
            inputs=model.inputs,
            outputs=model.outputs,
            output=model.output_activation,
            loss=model.loss,
        )
