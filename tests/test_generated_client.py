"""A generator makes a client from /openapi.json in which nothing is missing, and all of it works against a server."""

import doctest
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from server.app import create_app
from server.settings import Settings
from server.version import own_version
from tests.server.api import SESSION, TRACE

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
# As the generator itself calls it, and so README does.
PACKAGE = "backprop_playground_client"
README = Path(__file__).parent.parent / "README.md"
TABLE = b"x1,x2,label\n0,1,A\n1,1,B\n2,1,A\n3,1,B\n"
STEPS = {key: TRACE[key] for key in ("model", "batch", "seed")}
# Bodies as README has them, small enough to be quick.
EXPERIMENTS: dict[str, dict[str, Any]] = {
    "replicas": {"model": SESSION["model"], "dataset": SESSION["dataset"], "seeds": 2, "steps": 2},
    "depth": {"layers": 3, "width": 2, "seeds": 1},
    "born_dead": {"layers": 3, "widths": [2], "nets": 10},
    "initialization": {"hidden_layers": 1, "width": 2, "epochs": 1, "rows": 32},
    "exact_zeros": {"hidden": [2], "rows": 10},
    "derivative_at_zero": {"seeds": 2, "steps": 2},
}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return create_app(Settings()).openapi()


@pytest.fixture(scope="module")
def package(description: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client as anybody makes it; a warning, such as of an answer that is left out, fails."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(description))
    # Its own formatting of the code is not of interest here.
    (folder / "config.yml").write_text("post_hooks: []\n")
    made = folder / PACKAGE
    result = subprocess.run(
        [
            *(GENERATOR, "generate", "--path", folder / "openapi.json", "--config", folder / "config.yml"),
            *("--meta", "none", "--output-path", made, "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "WARNING" not in result.stdout + result.stderr
    sys.path.insert(0, str(folder))
    yield made
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


class Api:
    """The functions of a made client, by the names of the operations; notes those that were called."""

    def __init__(self, package: Path, server: str) -> None:
        files = [path for path in package.glob("api/*/*.py") if path.stem != "__init__"]
        names = {path.stem: f"{PACKAGE}.api.{path.parent.name}.{path.stem}" for path in files}
        self.modules = {name: importlib.import_module(module) for name, module in names.items()}
        self.models: ModuleType = importlib.import_module(f"{PACKAGE}.models")
        self.called: set[str] = set()
        self.file: type = importlib.import_module(f"{PACKAGE}.types").File
        self.client = importlib.import_module(f"{PACKAGE}.client").Client(base_url=server, timeout=60)

    def body(self, model: str, document: dict[str, Any]) -> Any:
        """A body as the client has it; no part of it gets lost there."""
        body = getattr(self.models, model).from_dict(document)
        assert body.to_dict() == document
        return body

    def __call__(self, operation: str, *path: str, status: int = 200, answers: str | type = "", **options: Any) -> Any:
        """What an operation answers: of this type, and with all that the server has sent."""
        answer = self.modules[operation].sync_detailed(*path, client=self.client, **options)
        self.called.add(operation)
        assert answer.status_code == status, answer.content
        wanted = getattr(self.models, answers) if isinstance(answers, str) else answers
        assert type(answer.parsed) is wanted, f"{operation} answered {type(answer.parsed)}"
        if hasattr(wanted, "to_dict"):
            assert answer.parsed.to_dict() == json.loads(answer.content)
        return answer.parsed


def call_all_of(api: Api) -> None:
    session = api("create_session", body=api.body("SessionRequest", SESSION), status=201, answers="Session")
    assert session.dataset.rows == 79 and session.version == 1
    name = session.id
    assert api("step_session", name, answers="Step").layers[0].activation == "relu"
    assert api("step_session", name, detail=api.models.Detail.SUMMARY, answers="StepSummary").step == 2
    trained = api("train_session", name, body=api.body("TrainRequest", {"steps": 3}), answers="Trained")
    assert trained.session.step == 5
    edit = api.body("SessionEdit", {"optimizer": {"name": "adam", "learning_rate": 0.1}, "l2": 0.5})
    assert api("edit_session", name, body=edit, answers="Session").model.l2 == 0.5
    assert api("rewind_session", name, body=api.body("RewindRequest", {"step": 1}), answers="Session").step == 1
    assert api("trace_session", name, sample=0, expand=True, answers="Step").scope.sample == 0
    assert api("read_session", name, answers="Session").furthest_step == 5
    assert len(api("read_decision_map", name, resolution=5, answers="DecisionMap").x) == 5
    assert api("read_gates", name, answers="Gates").layers[0].layer == 1
    assert api("read_history", name, answers="History").furthest_step == 5
    assert len(api("read_rows", name, answers="SessionRows").train.x) == 79
    assert api("export_session", name, answers="Export").format_ == "backprop-playground/1"
    assert api("read_view", name, answers=api.file).payload.read(3) == b"BPV"
    moved = api.body("SliceRequest", {"tensor": "W1", "index": [0, 0]})
    assert api("slice_loss", name, body=moved, answers="LossSlice")

    traced = api("trace_step", body=api.body("TraceRequest", TRACE), answers="Step")
    assert api("read_program", traced.program, answers="Program").nodes
    assert (
        api("check_gradients", body=api.body("GradientCheckRequest", STEPS), answers="GradientChecked").counts.differs
        == 0
    )

    assert api("read_choices", answers="Choices").optimizers[0].name == "sgd"
    assert api("list_datasets", answers=list)[0].name == "xor"
    table = api("add_dataset", body=api.file(payload=BytesIO(TABLE)), name="pets", status=201, answers="OwnDataset")
    assert (table.title, table.class_names) == ("pets", ["A", "B"])
    same = api.body("OwnTable", {"csv": TABLE.decode(), "columns": {"label": "label"}})
    assert api("add_dataset", body=same, status=201, answers="OwnDataset").rows == 4
    assert api("read_dataset", table.name, answers="DatasetRows").y == [0, 1, 0, 1]
    assert api("cut_dataset", "two_moons", rows=100, answers="Cut").train == 80

    for experiment, body in EXPERIMENTS.items():
        title = experiment.title().replace("_", "")
        lines = api(f"run_{experiment}", body=api.body(f"{title}Request", body), answers=str).splitlines()
        result = getattr(api.models, f"ResultLine{title}Result").from_dict(json.loads(lines[-1]))
        assert result.to_dict() == json.loads(lines[-1])

    cases = api("ask_cases", body=api.body("CasesRequest", {}), answers="Cases")
    answered = [
        {
            "name": case.name,
            "parameters": case.parameters.to_dict(),
            "batch": case.batch.to_dict(),
            "results": {"dW1": case.parameters["W1"]},
        }
        for case in cases.cases
    ]
    assert api("diagnose", body=api.body("DiagnoseRequest", {"cases": answered}), answers="Diagnosis").verdict
    read = api("read_notation", body=api.body("ReadRequest", {"text": "dW1 = [[1, 2]]"}), answers="ReadAnswer")
    assert read.to_dict()
    assert len(api("list_mistakes", answers="MistakeList").mistakes) > 50
    labs = api("list_labs", language="ru", answers="Labs")
    assert api("read_lab", labs.labs[0].id, answers="Lab").scenes
    assert "SERVER" in api("read_doctor_script", answers=str)
    assert api("read_live", answers="Alive").version == own_version()
    for health in ("read_ready", "read_health"):
        assert api(health, answers="Health").store == "ok"

    assert api("delete_session", name, status=204, answers=type(None)) is None
    problem = api("read_session", name, status=404, answers="ProblemDocument")
    assert (problem.code, problem.status) == ("unknown_session", 404)
    wrong = api(
        "create_session",
        body=api.body("SessionRequest", {**SESSION, "seed": -1}),
        status=422,
        answers="ProblemDocument",
    )
    assert wrong.errors[0].loc == ["body", "seed"]


def test_all_of_it_answers_what_is_described(package: Path, description: dict[str, Any], live_server: str) -> None:
    api = Api(package, live_server)
    with api.client:
        call_all_of(api)
    operations = [each for methods in description["paths"].values() for each in methods.values()]
    assert sorted(api.modules) == sorted(each["operationId"] for each in operations)
    assert api.called == set(api.modules)


def test_the_example_of_the_readme_works(package: Path, live_server: str) -> None:
    (example,) = re.findall(r"^```pycon\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    text = example.replace("http://127.0.0.1:8000", live_server)
    test = doctest.DocTestParser().get_doctest(text, {}, "README", None, None)
    result = doctest.DocTestRunner().run(test, clear_globs=False)
    test.globs["client"].get_httpx_client().close()
    assert (result.failed, result.attempted) == (0, len(test.examples))
