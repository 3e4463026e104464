"""The simulated trackers know nothing of the program that reads them: only its runners do, and
what loads a world straight into a store knows of records and the store."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pmo_sync.demo

MODULES = sorted(
    path for path in Path(pmo_sync.demo.__path__[0]).glob("*.py") if not path.stem.startswith("run")
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.stem))
def test_a_module_imports_nothing_of_ours_but_its_own_package(path: Path) -> None:
    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    ours = {name for name in imported if name.startswith("pmo_sync.")}
    allowed = ["pmo_sync.demo.", "pmo_sync.errors"]
    if path.stem.startswith("load"):
        allowed += ["pmo_sync.model", "pmo_sync.store"]
    assert {name for name in ours if not name.startswith(tuple(allowed))} <= {"pmo_sync.demo"}
