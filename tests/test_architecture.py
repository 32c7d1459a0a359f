"""What the design says must not exist, and which way imports point, as far as a test can read it off the files."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from engine.mistakes import MISTAKES

ROOT = Path(__file__).parent.parent
ENGINE = sorted((ROOT / "engine").rglob("*.py"))
SERVER = sorted((ROOT / "server").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it; ``from a import b`` is a.b where that is a module, else a."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / inner.replace(".", "/")).with_suffix(".py").exists()
                found.add(inner if is_module else str(node.module))
    return found


def graph_of(paths: list[Path], package: str) -> dict[str, set[str]]:
    return {module_name(path): {name for name in imports_of(path) if name.split(".")[0] == package} for path in paths}


def nodes(paths: list[Path], kind: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kind):
                yield path, node


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"


# --- Imports ---------------------------------------------------------------------------------------------------------


def test_engine_imports_only_numpy_and_the_standard_library() -> None:
    roots = {name.split(".")[0] for path in ENGINE for name in imports_of(path)}
    assert roots - sys.stdlib_module_names - {"engine"} == {"numpy"}


def test_engine_reads_no_clock_no_network_no_environment_and_no_global_random_state() -> None:
    forbidden = {"time", "datetime", "random", "secrets", "uuid", "os", "socket", "subprocess", "threading", "asyncio"}
    found = {(module_name(path), name) for path in ENGINE for name in imports_of(path) if name in forbidden}
    assert found == set()


@pytest.mark.parametrize(("paths", "package"), [(ENGINE, "engine"), (SERVER, "server")], ids=["engine", "server"])
def test_imports_form_no_circle(paths: list[Path], package: str) -> None:
    graph = graph_of(paths, package)
    TopologicalSorter(graph).prepare()


def folder_of(module: str, paths: list[Path]) -> str:
    """The folder that a module lies in; what lies in the package itself stands for itself."""
    (path,) = (path for path in paths if module_name(path) == module)
    folder = path.relative_to(ROOT).parent
    return module if folder.parent == Path() and path.stem != "__init__" else ".".join(folder.parts)


@pytest.mark.parametrize(("paths", "package"), [(ENGINE, "engine"), (SERVER, "server")], ids=["engine", "server"])
def test_folders_form_no_circle(paths: list[Path], package: str) -> None:
    folders = {module: folder_of(module, paths) for module in map(module_name, paths)}
    graph: dict[str, set[str]] = {folder: set() for folder in folders.values()}
    for module, names in graph_of(paths, package).items():
        graph[folders[module]] |= {folders[name] for name in names if name in folders} - {folders[module]}
    TopologicalSorter(graph).prepare()


def layers_of(package: str) -> list[list[str]]:
    """The rows of a package's table in docs/ARCHITECTURE.md, the lowest first: the modules and folders of each."""
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split(f"### `{package}/`")[1].split("\n#")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [
        [f"{package}.{name.strip('/').replace('/', '.')}" for name in re.findall(r"`(.+?)`", first)] for first in firsts
    ]


@pytest.mark.parametrize(("paths", "package"), [(ENGINE, "engine"), (SERVER, "server")], ids=["engine", "server"])
def test_imports_go_up_no_row_of_the_table_of_layers(paths: list[Path], package: str) -> None:
    layers = {name: number for number, names in enumerate(layers_of(package)) for name in names}

    def layer_of(module: str) -> int | None:
        parts = module.split(".")
        return next((layers[n] for end in range(len(parts), 1, -1) if (n := ".".join(parts[:end])) in layers), None)

    modules = [name for name in map(module_name, paths) if "." in name]
    assert [name for name in modules if layer_of(name) is None] == [], "they stand in no row"
    assert [name for name in layers if not any(f"{module}.".startswith(f"{name}.") for module in modules)] == []
    found = {(name, other) for name, others in graph_of(paths, package).items() for other in others}
    assert {(a, b) for a, b in found if (layer_of(b) or 0) > (layer_of(a) or 0)} == set()


def test_every_file_and_folder_that_the_map_names_is_there() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)*(?:\.(?:py|js|css|md)|/))`", text) + re.findall(
        r"`(js/views/[\w/-]+)`", text
    )
    inner = ["static", "static/css", "static/js", "static/js/trace", "static/js/views", "static/js/views/network"]
    homes = [ROOT, *(ROOT / folder for folder in ("engine", "server", "server/doctor", *inner))]
    # Made by the install, and never committed.
    made = {"dist/", "vendor/"}
    assert len(named) > 90
    missing = [n for n in named if not any((h / n).exists() or (h / f"{n}.js").exists() for h in homes)]
    assert set(missing) - made == set()


def test_no_folder_of_the_server_has_more_files_than_one_can_overlook() -> None:
    sizes = Counter(path.parent for path in SERVER if path.stem != "__init__")
    assert {str(folder.relative_to(ROOT)): size for folder, size in sizes.items() if size > 15} == {}


def test_no_file_is_longer_than_one_can_read_at_once() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in (*ENGINE, *SERVER, *SCRIPTS)}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


@pytest.mark.parametrize("module", ["errors", "primitives"])
def test_what_everything_stands_on_knows_nothing_of_the_rest(module: str) -> None:
    paths = [path for path in ENGINE if module_name(path).split(".")[1:2] == [module]]
    outside = {name for names in graph_of(paths, "engine").values() for name in names if name.split(".")[1] != module}
    assert paths
    assert outside == set()


def test_programs_and_workspaces_know_no_model() -> None:
    below = ["program", "layout", "gradients", "rewrites", "trace", "workspace", "layers", "losses", "optimizers"]
    graph = graph_of([path for path in ENGINE if "".join(module_name(path).split(".")[1:2]) in below], "engine")
    assert not {"engine.model", "engine.training"} & set().union(*graph.values())


def test_pydantic_and_fastapi_stay_in_the_server() -> None:
    assert not {"pydantic", "fastapi", "starlette", "server"} & {
        name.split(".")[0] for path in ENGINE for name in imports_of(path)
    }


def test_nothing_of_ours_imports_the_script_that_learners_run() -> None:
    assert {module_name(path) for path in SERVER if "server.doctor.doctor" in imports_of(path)} == set()


def test_the_process_that_runs_learners_code_imports_nothing_of_ours() -> None:
    (child,) = (path for path in SERVER if module_name(path) == "server.doctor.child")
    assert not {"engine", "server"} & {name.split(".")[0] for name in imports_of(child)}


def test_routes_and_schemas_do_not_know_the_application() -> None:
    leaves = [path for path in SERVER if path.stem.endswith(("routes", "schemas"))]
    assert len(leaves) > 20
    assert {module_name(path) for path in leaves if {"server.app", "server.playground"} & imports_of(path)} == set()


# --- What must not exist ---------------------------------------------------------------------------------------------


def test_no_module_is_a_drawer_for_what_has_no_place() -> None:
    drawers = {"util", "utils", "helper", "helpers", "common", "misc", "shared"}
    stems = {path.stem for path in (*ENGINE, *SERVER, *SCRIPTS, *(ROOT / "tests").rglob("*.py"))}
    assert stems & drawers == set()


def test_matrix_products_exist_only_as_primitives() -> None:
    # A second forward or backward pass would need one.
    products = {"dot", "matmul", "einsum", "tensordot", "vecdot", "inner"}
    found = [
        place(path, node)
        for path, node in (*nodes([*ENGINE, *SERVER], ast.BinOp), *nodes([*ENGINE, *SERVER], ast.Attribute))
        if path.parent.name != "primitives"
        and (
            (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))
            or (isinstance(node, ast.Attribute) and node.attr in products)
        )
    ]
    assert found == []


def test_no_function_has_a_flag_for_being_fast_or_for_recording() -> None:
    flags = {"fast", "record", "trace", "debug", "verbose"}
    found = [
        place(path, argument)
        for path, argument in nodes(ENGINE, ast.arg)
        if isinstance(argument, ast.arg)
        and argument.arg in flags
        and ast.unparse(argument.annotation or argument) == "bool"
    ]
    assert found == []


def test_nobody_asks_which_operation_a_node_is_outside_the_engine() -> None:
    asks = re.compile(r"\.op\s*(==|!=|\bin\b)|\.op\s*===|switch\s*\(.*\.op\)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*SERVER, *SCRIPTS)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if asks.search(line)
    ]
    assert found == []


def test_engine_draws_random_numbers_only_from_generators() -> None:
    allowed = {"Generator", "default_rng"}
    found = [
        place(path, node)
        for path, node in nodes(ENGINE, ast.Attribute)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random" and node.attr not in allowed
    ]
    assert found == []


def test_engine_prints_nothing_and_opens_no_file() -> None:
    found = [
        place(path, node)
        for path, node in nodes(ENGINE, ast.Call)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "open", "input")
    ]
    assert found == []


def test_application_is_made_by_a_call_and_not_by_an_import() -> None:
    made_at_import = [
        place(path, statement)
        for path in SERVER
        for statement in ast.parse(path.read_text()).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) in ("FastAPI", "create_app", "Settings", "Playground")
    ]
    assert made_at_import == []


@pytest.mark.skipif(not SCRIPTS, reason="the page has no scripts yet")
def test_one_module_owns_the_animation_loop() -> None:
    loops = [path.relative_to(ROOT) for path in SCRIPTS if "requestAnimationFrame(" in path.read_text()]
    assert len(loops) <= 1


def test_no_test_waits_for_a_promise_which_is_there_at_once() -> None:
    waits = re.compile(r"wait_for_function\(\s*f?r?[\"']+\s*async\b")
    tests = sorted((ROOT / "tests" / "browser").glob("*.py"))
    assert tests and [path.name for path in tests if waits.search(path.read_text())] == []


def test_every_module_says_what_it_is() -> None:
    assert [path for path in (*ENGINE, *SERVER) if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_the_doctor_knows_no_mistake_by_its_id() -> None:
    # A false alarm has an id in its own table, which one of the mistakes shares.
    files = [path for path in (ROOT / "engine" / "doctor").glob("*.py") if path.stem != "false_alarms"]
    named = {(path.name, id) for path in files for id in MISTAKES if f'"{id}"' in path.read_text()}
    assert files and named == set()
