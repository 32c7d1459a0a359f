"""Puts the server together. Nothing happens at import: call `create_app`."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware

from engine.vocabulary import STANDARD, Vocabulary
from server import allocator
from server.checks import routes as checks
from server.choices import routes as choices
from server.datasets import routes as datasets
from server.doctor import mistakes, script
from server.doctor import routes as doctor
from server.doctor.reading import routes as reading
from server.experiments import routes as experiments
from server.health import routes as health
from server.http.body_limit import BodyLimitProblems
from server.http.compression import Compression
from server.http.headers import SecurityHeaders
from server.http.problems import add_problems
from server.http.stopping import StoppingAnswers
from server.http.strangers import Strangers
from server.lessons import routes as labs
from server.openapi import TAGS, complete_openapi
from server.page.bundle import Bundle
from server.page.docs import add_docs
from server.page.files import Folder
from server.page.first_view import first_view
from server.page.folder import find_static
from server.page.index import Index
from server.page.serving import PageFiles
from server.playground import Playground
from server.sessions import routes as sessions
from server.sessions.step_route import add_step
from server.settings import Settings
from server.steps import routes as steps
from server.training import socket
from server.version import own_version

if TYPE_CHECKING:
    from server.health.metrics import Metrics

API = "/api/v1"
# A full collection looks through all that is held: with 300 open pages nobody is answered for 0.2 s. Almost everything
# goes when nobody refers to it any more, and the short collections find most of the rest.
SHORT_COLLECTIONS_FOR_A_FULL_ONE = 100


def create_app(settings: Settings | None = None, vocabulary: Vocabulary = STANDARD) -> FastAPI:
    """The whole server: page, REST API under /api/v1 and its documentation under /docs.

    `app.state.settings` holds the settings. `app.state.stopping` is set when the server is told to stop; whatever
    streams must wait on it too, or the shutdown hangs until its time is up.
    """
    settings = settings or Settings()
    static = find_static()
    bundle = Bundle(static, is_wanted=settings.page == "bundle")
    # Stays while the server runs, though somebody may change a source meanwhile.
    page_version = bundle.version
    playground = Playground(settings, vocabulary=vocabulary)
    folder = Folder(static)
    index = Index(
        folder,
        bundle,
        page_version,
        lambda: first_view(static, playground.datasets, settings, vocabulary),
        settings.frame_ancestors,
    )
    metrics = metrics_of(settings)
    app = FastAPI(
        title="backprop playground",
        summary="Watch one training step of a neural network, number by number.",
        version=own_version(),
        docs_url=None,
        redoc_url=None,
        openapi_tags=TAGS,
        # Programs that are made from the description call their functions so.
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=_lifespan,
        middleware=[
            *([metrics.middleware] if metrics else []),
            *allowing(settings.allowed_origins),
            Middleware(Compression, api=API),
            Middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors, page_version=page_version),
            Middleware(StoppingAnswers, stopping=playground.stopping),
            Middleware(Strangers, settings=settings),
            Middleware(PageFiles, folder=folder, index=index),
            Middleware(BodyLimitProblems, max_body_bytes=settings.max_body_bytes),
            # Not FastAPI(max_body_size=...), which stands outside of all of these and answers plain text.
            Middleware(RequestBodyLimitMiddleware, max_body_size=settings.max_body_bytes),
        ],
    )
    app.state.settings = settings
    app.state.playground = playground
    app.state.stopping = playground.stopping
    # Where a server of ours holds its connections itself.
    app.state.crowd = None
    if metrics:
        metrics.add_to(app)
    add_problems(app)
    add_step(app, API)
    for routes in (
        steps,
        checks,
        sessions,
        socket,
        choices,
        datasets,
        experiments,
        doctor,
        mistakes,
        reading,
        labs,
        health,
    ):
        app.include_router(routes.router, prefix=API)
    app.include_router(script.router)

    complete_openapi(app)
    add_docs(app)
    return app


def metrics_of(settings: Settings) -> "Metrics | None":
    """The metrics, if the settings ask for them; their library is not loaded otherwise."""
    if not settings.metrics:
        return None
    from server.health.metrics import Metrics

    return Metrics()


def allowing(origins: Sequence[str]) -> list[Middleware]:
    """What lets pages of these origins read answers; none without origins."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=["ETag", "Location", "Retry-After", "Content-Disposition"],
        )
    ]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Look after the store while the server runs, and let go of it at the end."""
    playground: Playground = app.state.playground
    # Imported modules stay: the collector need not look through it again and again, which would stop all requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], SHORT_COLLECTIONS_FOR_A_FULL_ONE)
    housekeeping = asyncio.create_task(playground.keep_tidy())
    giving_back = asyncio.create_task(allocator.keep_giving_back())
    # So that what is wrong with a lab is said when the server starts.
    reading = asyncio.create_task(playground.labs.read())
    try:
        yield
    finally:
        housekeeping.cancel()
        giving_back.cancel()
        reading.cancel()
        await playground.trainings.close()
        playground.close()
