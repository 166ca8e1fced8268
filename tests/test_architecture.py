"""Hold the structure that docs/ARCHITECTURE.md promises: sizes of folders, imports, and who loads torch."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: A package may import from those before it.
ORDER = ("styles", "registry", "runner", "mailbot")
#: Most modules in a folder, and most lines in a module: what one person takes in at a glance.
MOST_MODULES, MOST_LINES = 16, 250
#: Test files may be longer: they are lists of cases.
MOST_TEST_LINES = 400
#: Class names that more than one module defines. This set may only shrink: one name, one thing.
USED_TWICE: set[str] = set()


def imports(file: Path) -> Iterator[str]:
    """Dotted names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{file}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules(package: str) -> list[str]:
    """Dotted names of all modules of a package, except those that run when they are imported."""
    files = (f for f in (ROOT / package).rglob("*.py") if f.stem not in ("__main__", "__init__"))
    return sorted(".".join(f.relative_to(ROOT).with_suffix("").parts) for f in files)


def allowed(package: str, module: str) -> bool:
    """Whether a package may import a module: one to its left, and there only `styles.*` or `client`."""
    other, *rest = module.split(".")
    if other not in ORDER or other == package:
        return True
    if ORDER.index(other) > ORDER.index(package):
        return False
    return other == "styles" or rest[:1] == ["client"]


def test_the_rule_itself() -> None:
    assert allowed("mailbot", "runner.client.RunnerClient")
    assert allowed("runner", "styles.inference.open")
    assert not allowed("mailbot", "runner.balancer.balancer")
    assert not allowed("styles", "registry.client")
    assert not allowed("registry", "runner.client")


@pytest.mark.parametrize("package", ORDER)
def test_packages_import_only_to_their_left(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert len(files) > 3
    wrong = [f"{f}: {module}" for f in files for module in imports(f) if not allowed(package, module)]
    assert not wrong


def dependencies(module: str, known: set[str]) -> set[str]:
    """The known modules that a module imports, at its top or inside of a function."""
    found = set()
    for name in imports(ROOT / f"{module.replace('.', '/')}.py"):
        found |= {name, name.rpartition(".")[0]} & known
    return found - {module}


def folder_of(module: str) -> str:
    """The folder of a module, one level below its package; the module itself if it has none."""
    return ".".join(module.split(".")[:2])


def test_no_imports_run_in_a_circle() -> None:
    """Imports inside of functions and imports for types alone count too."""
    known = {name for package in ORDER for name in modules(package)}
    assert len(known) > 150
    TopologicalSorter({name: dependencies(name, known) for name in known}).prepare()  # names the circle


@pytest.mark.parametrize("package", ORDER)
def test_the_folders_of_a_package_have_an_order(package: str) -> None:
    """No folder imports, directly or through others, a folder that imports it."""
    known = set(modules(package))
    tied: dict[str, set[str]] = {}
    for module in known:
        tied.setdefault(folder_of(module), set()).update(map(folder_of, dependencies(module, known)))
    TopologicalSorter({name: others - {name} for name, others in tied.items()}).prepare()


def test_no_folder_holds_more_modules_than_one_looks_through() -> None:
    folders = Counter(
        name.rpartition(".")[0]
        for package in (*ORDER, "benchmarks", "tests")
        for name in modules(package)
        if not name.endswith("conftest")
    )
    assert {folder: count for folder, count in folders.items() if count > MOST_MODULES} == {}


def test_no_module_is_longer_than_one_reads() -> None:
    for package in (*ORDER, "benchmarks", "tests"):
        most = MOST_TEST_LINES if package == "tests" else MOST_LINES
        files = (ROOT / package).rglob("*.py")
        lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
        assert {file: count for file, count in lines.items() if count > most} == {}


def types_of(module: ast.Module) -> Iterator[str]:
    """The classes of a module, and the names that it gives to types: `Pixels = NDArray[uint8]`."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [node.name] if isinstance(node, ast.ClassDef) else [getattr(t, "id", "") for t in targets]
        plain = [name.lstrip("_") for name in names]
        yield from (name for name in plain if name[:1].isupper() and not name.isupper())


def test_no_class_name_is_used_twice() -> None:
    """Two classes of one name make a reader look at the wrong one; so do two names of types."""
    files = [file for package in ORDER for file in (ROOT / package).rglob("*.py")]
    names = Counter(name for file in files for name in types_of(ast.parse(file.read_text())))
    assert len(names) > 300
    assert {name for name, count in names.items() if count > 1} == USED_TWICE


def test_what_tests_share_stands_with_the_fakes() -> None:
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    shared = re.compile(r"tests\.(fakes|emails)\.")
    names = {str(file.relative_to(ROOT)): set(imports(file)) for file in files}
    beside = {
        f"{file}: {name}" for file, found in names.items() for name in found if name.startswith("tests.")
    }
    assert {line for line in beside if not shared.search(line)} == set()


@pytest.mark.parametrize(
    "process",
    ["registry.validation.worker_process", "runner.process.main", "runner.learning.worker.main"],
)
def test_before_its_sandbox_a_process_loads_the_standard_library_and_this_project_alone(process: str) -> None:
    """Threads of other libraries would stay outside."""
    program = (
        f"import sys; before = set(sys.modules); import {process};"
        "loaded = {name for name, module in sys.modules.items() if module} - before;"
        "print(*{name.partition('.')[0] for name in loaded} - sys.stdlib_module_names)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert set(run.stdout.split()) == {process.partition(".")[0], "styles"}


@pytest.mark.parametrize("package", ["mailbot", "registry"])
def test_torch_is_never_loaded(package: str) -> None:
    program = f"import sys, {', '.join(modules(package))}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_bot_loads_nothing_that_opens_pixels() -> None:
    names = ", ".join(modules("mailbot"))
    program = f"import sys, {names}; sys.exit(bool({{'PIL', 'pi_heif'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_runner_loads_torch_only_for_a_gpu() -> None:
    names = "runner.process.engine, runner.process.server, runner.app"
    program = f"import sys, {names}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_a_runner_process_starts_with_little() -> None:
    """People wait for its start: half a second went to modules that a CPU never needs."""
    program = (
        "import sys, runner.process.main, runner.process.server;"
        "print(*{'torch', 'onnx', 'onnxruntime', 'aiohttp', 'pydantic', 'rich', 'typer'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert run.stdout.split() == []


def test_the_balancer_loads_nothing_that_opens_pixels() -> None:
    program = "import sys, runner.app; sys.exit(bool({'numpy', 'PIL', 'openvino'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_every_folder_is_installed() -> None:
    """Folders of templates, static files and styles count too, although they hold no Python."""
    find = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]
    assert find == {"include": sorted(f"{package}*" for package in ORDER), "namespaces": True}
