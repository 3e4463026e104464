"""A folder to be in, and what reading a text as its configuration gives."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.errors import ConfigError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(here: Path) -> Callable[[str], Config]:
    """Read a text as ``pmo-sync.toml``."""

    def read(text: str) -> Config:
        path = here / "pmo-sync.toml"
        path.write_bytes(dedent(text).encode())
        return load(path)

    return read


@pytest.fixture
def mistakes(read: Callable[[str], Config]) -> Callable[[str], list[str]]:
    """Read a text that cannot be used, and return what is said of it, line by line."""

    def mistakes(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            read(text)
        assert caught.value.exit_code == 2
        return str(caught.value).splitlines()

    return mistakes
