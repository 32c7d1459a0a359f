"""From a request to the same training from many seeds."""

from engine.experiments import Replicas
from server.beginning import rows_of
from server.datasets import Datasets
from server.limits import check_model
from server.schemas.experiments import ReplicasRequest
from server.settings import Settings


async def replicas_of(request: ReplicasRequest, datasets: Datasets, settings: Settings) -> Replicas:
    """The experiment with its rows.

    Raises
    ------
    EngineError, Problem : something does not fit, is unknown, or is larger than the settings allow.
    """
    model = request.model.spec()
    check_model(model, settings)
    train, _, _ = await rows_of(request.dataset, request.batch, model, datasets, settings)
    start = request.initializer
    return Replicas(
        model,
        train,
        tuple(range(request.seed, request.seed + request.seeds)),
        request.steps,
        request.optimizer.spec(),
        start.name,
        start.std,
        start.value,
        start.bias,
        request.batch_size,
        request.points,
        request.shuffle,
    )
