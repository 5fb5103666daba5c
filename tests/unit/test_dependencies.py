"""What modules import when they are imported themselves is installed for everybody."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("tracker", "pipelines", "dashboard")
FOR_DEVELOPERS = {"dashboard/screenshots.py": {"playwright"}}
COMES_WITH = {"pydantic_core": "pydantic"}  # which pins it
FILES = [path.relative_to(ROOT).as_posix() for name in OURS for path in sorted((ROOT / name).rglob("*.py"))]


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(tree):
    """Top-level packages that a module imports whenever it is imported itself."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.fixture(scope="module")
def declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {plain(re.match(r"[\w.-]+", one)[0]) for one in project["dependencies"]}


def test_every_package_that_is_imported_is_a_dependency(declared):
    of_package = packages_distributions()
    missing = {}
    for file in FILES:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = set(imported(tree)) - set(sys.stdlib_module_names) - set(OURS) - FOR_DEVELOPERS.get(file, set())
        unknown = {
            name
            for name in names
            if not declared & {plain(one) for one in of_package.get(COMES_WITH.get(name, name), [])}
        }
        if unknown:
            missing[file] = unknown
    assert len(FILES) > 200
    assert missing == {}
