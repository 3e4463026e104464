"""The door to the configuration: find the file, read it, say all that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pmo_sync.config.problems import Problems, render
from pmo_sync.config.references import check_references
from pmo_sync.config.schema import Config
from pmo_sync.config.structure import structure
from pmo_sync.config.values import check_values
from pmo_sync.errors import ConfigError

DEFAULT_NAME = "pmo-sync.toml"
VARIABLE = "PMO_SYNC_CONFIG"

_SYNTAX = re.compile(r"(?P<what>.*) \(at (line (?P<line>\d+), column (?P<column>\d+)|end of .*)\)")


def find(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """Return the file to read: the named one, else the environment's, else ./pmo-sync.toml."""
    return cwd / (explicit or env.get(VARIABLE) or DEFAULT_NAME)


def load(path: Path) -> Config:
    """Read a configuration; raise ConfigError with every mistake in it, one a line.

    No secret is read: ``Secret.reveal`` does that when a client logs in.
    """
    path = path.absolute()
    file = _shown(path)
    text = _read(path, file)
    document = _parse(text, file)
    problems = Problems(document)
    config = structure(document, path, problems)
    check_values(config, problems)
    check_references(config, problems)
    if problems.errors:
        raise ConfigError("\n".join(render(problems, problems.errors, file, text)))
    return replace(config, warnings=tuple(render(problems, problems.warnings, file, text)))


def _shown(path: Path) -> str:
    """Name the file as short as it stays true: relative where it is below the folder we are in."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _read(path: Path, file: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"{file}: no such file: 'pmo-sync init' writes one, 'pmo-sync demo' needs none "
            f"(-c or ${VARIABLE} names another)"
        ) from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file}:{line}: is not UTF-8 text") from None


def _parse(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}{_syntax_mistake(str(error), text)}") from None
    except (ValueError, RecursionError):  # an integer, or a nesting, beyond what Python reads
        raise ConfigError(f"{file}: is not valid TOML: a value is too large") from None


def _syntax_mistake(message: str, text: str) -> str:
    """Turn tomllib's words into ``:line:column: what``; they never quote a value."""
    match = _SYNTAX.fullmatch(message)
    if match is None:
        return f": is not valid TOML: {message}"
    lines = text.splitlines() or [""]
    line, column = match["line"] or len(lines), match["column"] or len(lines[-1]) + 1
    return f":{line}:{column}: is not valid TOML: {match['what']}"
