"""Every limit and every choice of the person who runs the server, in one place."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from server import addresses, environment
from server.addresses import MOST_PORT


def default_data_dir() -> Path:
    """Where sessions live when nobody says otherwise: `.backprop-playground` in the home directory."""
    return Path.home() / ".backprop-playground"


# Of seconds it is thirty years, of megabytes more than anybody has: infinity is no time to wait for.
MOST = 1e9
# Seconds between two of something that is done again and again; less would keep the machine busy with it.
LEAST_PAUSE = 0.01


def is_port(written: str) -> bool:
    """Whether this text is the number of a port."""
    return re.fullmatch("[0-9]{1,5}", written) is not None and int(written) <= MOST_PORT


class Settings(BaseSettings):
    """Read from the environment as `BACKPROP_<NAME>`, for example `BACKPROP_MAX_ROWS=500`.

    Lists are written with commas: `BACKPROP_ALLOWED_ORIGINS=https://a.example,https://b.example`.
    """

    model_config = SettingsConfigDict(env_prefix="BACKPROP_", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on. 0.0.0.0 lets other machines in.")
    port: int = Field(
        8000,
        ge=0,
        le=MOST_PORT,
        description="TCP port to listen on. 0 takes a free one. Where this is not set, `PORT` says it, if that is.",
    )
    root_path: str = Field(
        "",
        description="Under which path a proxy serves this server, such as `/play`. The proxy takes it away before it "
        "asks (docs/OPERATING.md).",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Directory of the session database. Created when missing; keep it to keep the sessions.",
    )
    lessons_dir: Path | None = Field(None, description="Directory with labs of your own, a folder each (docs/LABS.md).")
    page: Literal["bundle", "source"] = Field(
        "bundle",
        description="Serve the page as a few files that browsers keep, or as its sources, one by one. Sources are also "
        "served where the bundle was made of other ones.",
    )
    frame_ancestors: str = Field(
        "'self'",
        description="Who may show the page in a frame, as in the Content-Security-Policy: `'self'`, `'none'`, `*`, "
        "or the origins of course sites, separated by spaces. Those named in full hear what happens in it "
        "(docs/COURSES.md).",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Web origins besides the server's own whose pages may read, write and open a WebSocket here.",
    )
    metrics: bool = Field(
        False,
        description="Answer `/metrics` with the server's own numbers for Prometheus, to anybody who can reach it "
        "(docs/OPERATING.md).",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names besides private ones (an IP address, `localhost`, one without a dot, `.local`, `.lan`, "
        "`.internal`, `.home.arpa`, the machine's own) under which this server may be asked. Other names are answered "
        "with 421; a server that listens for other machines answers to any name where this is not set.",
    )

    max_body_bytes: int = Field(2_000_000, ge=1, description="Largest request body. More is answered with 413.")
    max_message_bytes: int = Field(
        16_384,
        ge=1,
        description="Largest message on a WebSocket, if BACKPROP_MAX_BODY_BYTES is not less. A larger one closes it.",
    )
    max_messages_per_second: float = Field(
        100.0, gt=0, le=MOST, description="Messages of one socket that are listened to in a second; more of them wait."
    )
    max_pending_notices: int = Field(
        200, ge=1, description="Most notices that wait for a socket to take them. One more closes it."
    )
    max_faults: int = Field(
        20, ge=1, description="Messages in a row that make no sense, after which a socket is closed."
    )
    max_head_bytes: int = Field(65_536, ge=1_024, description="Largest head of a request. More is answered with 431.")
    max_body_parts: int = Field(
        100_000,
        ge=1,
        description="Most lists, objects, names and texts in a request body of JSON; its numbers are not among them.",
    )
    max_rows: int = Field(5_000, ge=1, description="Most rows in a batch or a data set.")
    max_inputs: int = Field(1_024, ge=1, description="Most input features of a model.")
    max_layers: int = Field(8, ge=1, description="Most layers of a model, output layer included.")
    max_units_per_layer: int = Field(512, ge=1, description="Most units in one layer.")
    max_parameters: int = Field(200_000, ge=1, description="Most weights and biases of a model.")
    max_values_per_trace: int = Field(
        4_000_000, ge=1, description="Most numbers in one trace: rows times units, over all tensors of a step."
    )
    max_gradient_check_cells: int = Field(2_000, ge=1, description="Most parameter values of one gradient check.")
    max_gradient_check_values: int = Field(
        400_000_000, ge=1, description="Most numbers that one gradient check computes, over all its forward passes."
    )
    max_diagnosis_cases: int = Field(20, ge=1, description="Most cases of one diagnosis of a learner's gradients.")
    max_diagnosis_values: int = Field(
        1_000_000, ge=1, description="Most numbers of one diagnosis: what a step holds, over all of its cases."
    )
    max_text_characters: int = Field(
        200_000, ge=1, description="Most characters of a text that numbers are read from, as in `diagnose/read`."
    )
    max_text_numbers: int = Field(20_000, ge=1, description="Most numbers in such a text.")
    max_text_names: int = Field(2_000, ge=1, description="Most names with values in such a text.")
    max_slice_values: int = Field(1_000, ge=1, description="Most points of one slice of the loss.")
    max_steps_per_request: int = Field(10_000, ge=1, description="Most training steps of one `train` request.")
    max_steps_per_stream: int = Field(
        1_000_000, ge=1, description="Most steps of one live training; one without an end trains until it is paused."
    )
    max_sessions: int = Field(
        20_000,
        ge=1,
        description="Most stored sessions and own data sets. To make room for the next one, those that were never used "
        "go first, then those that nobody watches or has used for `BACKPROP_UNUSED_SECONDS`, each the longest unused "
        "first; where there are none of either, it is refused with 503.",
    )
    max_store_bytes: int = Field(
        4_000_000_000,
        ge=1,
        description="Most bytes of everything that is stored. New sessions, data sets and edits find room as with "
        "`BACKPROP_MAX_SESSIONS`; steps of sessions that are there are stored beyond it.",
    )
    min_free_bytes: int = Field(
        200_000_000,
        ge=0,
        description="With less room on the disk, new sessions, data sets and edits are refused with 507. Steps are "
        "stored while there is any room at all, and deleting always works.",
    )
    max_edits: int = Field(500, ge=0, description="Most changes in mid-run of one session.")
    max_edit_bytes: int = Field(
        64_000_000,
        ge=0,
        description="Most memory of all changes in mid-run of one session, in bytes: parameters, and the rows that are "
        "left after each change of rows.",
    )
    max_streams: int = Field(
        64, ge=1, description="Most live trainings of this server that run at once. Watching is no training."
    )
    max_watchers: int = Field(2_000, ge=1, description="Most open sockets of this server: a page that is open has one.")
    max_watchers_per_session: int = Field(16, ge=1, description="Most open sockets on one session.")
    max_connections: int = Field(
        4_096,
        ge=16,
        description="Most open connections, sockets among them. At the limit the one that has sent nothing for longest "
        "makes place; where all are being answered, one more is answered with 503.",
    )
    max_concurrent_trainings: int = Field(
        8, ge=1, description="Most trainings that compute at the same time; others wait for their slice."
    )
    max_waiting: int = Field(
        1_000,
        ge=0,
        description="Most requests that wait in each line: for a thread, a slice, the one reader of tables, room for a "
        "session. One more is answered with 503; live trainings and pages that are open are never refused.",
    )
    max_decision_map_resolution: int = Field(200, ge=2, description="Most points along one side of a decision map.")
    max_experiments: int = Field(4, ge=1, description="Most experiments that run at once. The next one gets a 503.")
    max_experiment_operations: int = Field(
        50_000_000_000, ge=1, description="Most multiplications of an experiment, about ten seconds of one core."
    )
    max_experiment_values: int = Field(30_000_000, ge=1, description="Most numbers that an experiment holds at once.")
    max_script_values: int = Field(
        2_000_000, ge=1, description="Most numbers, rows and parameters together, that an exported script carries."
    )
    reserve_bytes: int = Field(
        4_000_000,
        ge=0,
        description="Size of a file beside the database that gives its room to deleting where the disk has none left.",
    )
    memory_mb: float = Field(
        256.0,
        ge=0,
        le=MOST,
        description="Memory for all that clients make the server keep, in MB, besides what it needs to run "
        "(docs/OPERATING.md has the figures to plan with). Sessions kept ready, programs and results go where there is "
        "no room, the longest unused first, and are read or made again; long answers, answers that clients have not "
        "taken and experiments may hold half of it, and one more is answered with 503.",
    )
    inline_values: int = Field(
        200_000,
        ge=0,
        description="What touches fewer numbers (in about a millisecond) is computed at once, without a thread of its "
        "own.",
    )
    inline_body_bytes: int = Field(
        65_536,
        ge=0,
        description="A request body of no more bytes is read at once, in about a millisecond, without a thread.",
    )
    max_view_bytes: int = Field(
        262_144,
        ge=0,
        description="Most bytes of values in the frames of a view; above it, of the samples only the one shown.",
    )
    max_view_map_resolution: int = Field(40, ge=40, description="Most points along one side of the map of a view.")
    max_metric_points: int = Field(
        500, ge=2, description="Most points of the learning curve that a training answers; a longer one is thinned."
    )
    max_stream_frames_per_second: float = Field(60.0, gt=0, le=MOST, description="Fastest rate of views on a socket.")

    session_ttl_seconds: float = Field(
        7 * 24 * 3600.0, gt=0, le=MOST, description="An untouched session is deleted after this time."
    )
    unused_seconds: float = Field(
        3600.0, gt=0, le=MOST, description="Sessions that were not used for this long may go where the store is full."
    )
    sweep_wait_seconds: float = Field(
        3600.0,
        ge=0,
        le=MOST,
        description="If more than a tenth of everything has expired at once, or anything before the server was started "
        "or since the clock was moved ahead, it is deleted after this time, if it is still expired then: a clock may "
        "be wrong.",
    )
    sweep_every_seconds: float = Field(
        600.0, ge=LEAST_PAUSE, le=MOST, description="Time between two deletions of expired sessions."
    )
    tidy_every_seconds: float = Field(
        1.0,
        ge=LEAST_PAUSE,
        le=MOST,
        description="Time between two copies of the store's log into its file, which a thread does.",
    )
    checkpoint_every_steps: int = Field(
        100,
        ge=1,
        description="Steps between stored checkpoints. Fewer steps make rewinding faster and sessions larger.",
    )
    train_slice_ms: float = Field(
        5.0, gt=0, le=MOST, description="A training gives way to other requests after computing for this long."
    )
    ping_seconds: float = Field(
        20.0,
        ge=LEAST_PAUSE,
        le=MOST,
        description="Time between two pings of a socket, and for the answer: without one it is closed.",
    )
    head_patience_seconds: float = Field(
        15.0,
        gt=0,
        le=MOST,
        description="A connection that sends no byte of the head of a request for this long is closed. There is no "
        "limit on the time of a whole request.",
    )
    body_patience_seconds: float = Field(30.0, gt=0, le=MOST, description="The same for the body of a request.")
    take_patience_seconds: float = Field(
        60.0, gt=0, le=MOST, description="A connection that takes no byte of its answer for this long is closed."
    )
    store_busy_timeout_ms: float = Field(
        10_000.0,
        ge=0,
        le=MOST,
        description="How long a write waits for another process that holds the session database.",
    )
    shutdown_timeout_seconds: int = Field(
        3, ge=0, description="How long open connections may finish after the server was told to stop."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_the_environment(cls, values: dict[str, Any]) -> dict[str, Any]:
        words = environment.refusal(os.environ, cls.model_fields)
        if words is not None:
            raise PydanticCustomError("environment", "{words}", {"words": words})
        if environment.is_a_link(os.environ) and "://" in str(values.get("port")):
            values = {name: value for name, value in values.items() if name != "port"}
        port = os.environ.get("PORT", "")
        if port == "" or "port" in values:
            return values
        if not is_port(port):
            words = f"PORT is {port}, which is no port. Set BACKPROP_PORT to a number up to {MOST_PORT}; it goes first."
            raise PydanticCustomError("environment", "{words}", {"words": words})
        return {**values, "port": port}

    @field_validator("data_dir", "lessons_dir", mode="before")
    @classmethod
    def _check_directory(cls, value: object) -> object:
        if value == "":
            words = "it is empty, and so names no directory. Name one, or take it away."
            raise PydanticCustomError("directory", "{words}", {"words": words})
        return value

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(in_words(addresses.origin, written) for written in value)

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(in_words(addresses.host, written) for written in value)

    @field_validator("root_path")
    @classmethod
    def _check_root_path(cls, value: str) -> str:
        return in_words(addresses.prefix, value)

    @field_validator("frame_ancestors")
    @classmethod
    def _check_frame_ancestors(cls, value: str) -> str:
        return in_words(addresses.sources, value)


def in_words(read: Callable[[str], str], written: str) -> str:
    """What is read, or a complaint without a prefix of the framework's."""
    try:
        return read(written)
    except ValueError as error:
        raise PydanticCustomError("address", "{words}", {"words": str(error)}) from None
