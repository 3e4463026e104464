"""Shared: both engines."""

from __future__ import annotations

import pytest

from tests.frames.engines import ENGINES, Engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each test runs on DuckDB, lazily, and on pandas."""
    chosen: Engine = request.param
    return chosen
