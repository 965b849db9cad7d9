"""Imports run one way: helpers, guidelines, corpus, annotations, baselines and eval, browse, and so on to cli."""

import ast
import pathlib
from collections.abc import Iterator

import pytest

import rift

PACKAGE = pathlib.Path(rift.__file__).parent

BELOW = {
    "issues": set(),
    "paths": set(),
    "jsonl": {"issues", "paths"},
    "guidelines": {"issues", "paths", "jsonl"},
    "corpus": {"issues", "paths", "jsonl", "guidelines"},
    "annotations": {"issues", "paths", "jsonl", "guidelines", "corpus"},
    "baselines": {"issues", "paths", "jsonl", "guidelines", "corpus", "annotations"},
    "eval": {"issues", "paths", "jsonl", "guidelines", "corpus", "annotations"},
    "browse": {"issues", "paths", "jsonl", "guidelines", "corpus", "annotations", "eval"},
    "reproduce": {"issues", "paths", "jsonl", "guidelines", "corpus", "annotations", "baselines", "eval"},
    "release": {"issues", "paths", "jsonl", "guidelines", "corpus", "annotations", "baselines", "eval", "reproduce"},
    "session": {
        "issues",
        "paths",
        "jsonl",
        "guidelines",
        "corpus",
        "annotations",
        "baselines",
        "eval",
    },
    "cli": {
        "issues",
        "paths",
        "jsonl",
        "guidelines",
        "corpus",
        "annotations",
        "baselines",
        "eval",
        "browse",
        "reproduce",
        "release",
        "session",
    },
    "__main__": {"cli"},
    "__init__": {"release"},  # `rift.load`, imported when it is asked for
}
"""What each part may import besides itself."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def part(module: str) -> str:
    """Return the part of the package that a dotted module name belongs to."""
    return module.split(".")[1] if "." in module else "__init__"


def imports(path: pathlib.Path) -> Iterator[str]:
    """Yield the dotted names of RIFT modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "rift")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            if node.module == "rift":
                yield from (f"rift.{alias.name}" if alias.name != "__version__" else "rift" for alias in node.names)
            elif node.module and node.module.startswith("rift."):
                yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_is_below_it(path: pathlib.Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    allowed = BELOW[own] | {own, "__init__"}
    assert [name for name in imports(path) if part(name) not in allowed] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_300_lines(path: pathlib.Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_nobody_hides_the_builtin_eval() -> None:
    assert [path for path in MODULES if "from rift import eval" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=str)
def test_init_files_do_no_work(path: pathlib.Path) -> None:
    """They hold names: imports, constants, and a `__getattr__` that imports a name when it is asked for."""
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Assign(value=ast.Constant()) | ast.FunctionDef(name="__getattr__"):
                continue
            case ast.Assign(value=ast.List(elts=names)) if all(isinstance(name, ast.Constant) for name in names):
                continue
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
        pytest.fail(f"line {node.lineno} does work")
