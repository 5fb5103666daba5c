"""What the README shows is what the demonstration answers, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.sql import ask

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_query_gives_the_output_shown(demo_home, tmp_path):
    shown = re.search(r'duckdb -readonly -csv demo/coverage\.duckdb "\n(.*?)"\n```\n\n```\n(.*?)```', README, re.DOTALL)
    assert shown, "the README's query and its output are gone"

    answer = tmp_path / "answer.csv"
    ask(demo_home, shown.group(1), output_format="csv", output=answer, time_limit=20)

    assert answer.read_text(encoding="utf-8") == shown.group(2)


def test_files_that_the_readme_names_exist():
    named = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert named
    assert [target for target in named if not (ROOT / target).exists()] == []


def test_commands_that_the_readme_names_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {f"{name}:" in makefile for name in re.findall(r"^make (\w+)", README, re.MULTILINE)} == {True}
