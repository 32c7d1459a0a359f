"""From a request to the same training from many seeds."""

from engine.experiments import Replicas
from engine.vocabulary import Vocabulary
from server.beginning import rows_of
from server.datasets import Datasets
from server.limits import check_model
from server.scheduling import Slices
from server.schemas.experiments import ReplicasRequest
from server.settings import Settings


async def replicas_of(
    request: ReplicasRequest, datasets: Datasets, settings: Settings, vocabulary: Vocabulary, slices: Slices
) -> Replicas:
    """The experiment with its rows.

    Raises
    ------
    EngineError, Problem : something does not fit, is unknown, or is larger than the settings allow.
    """
    model = request.model.spec(vocabulary)
    check_model(model, settings)
    train, _, _ = await rows_of(request.dataset, request.batch, model, datasets, settings, slices)
    start = request.initializer
    return Replicas(
        model,
        train,
        tuple(range(request.seed, request.seed + request.seeds)),
        request.steps,
        request.optimizer.spec(vocabulary),
        start.name,
        start.__pydantic_extra__,
        start.bias,
        request.batch_size,
        request.points,
        request.shuffle,
    )
