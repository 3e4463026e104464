"""Parsed TOML -> the dataclasses of the schema, by their types; every mistake is collected.

Something is always returned, with the default (or the empty text) where a value cannot be used,
so that one reading finds the mistakes of form and those of reference. (cattrs stops at an object
with a mistake in it, and turns what is no text into text.) A message names the kind of a wrong
value, and the value itself only where the schema lists the values: it could be a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems, hint
from pmo_sync.config.schema import Config
from pmo_sync.config.secrets import INLINE_ADVICE, Secret, located, parse_reference
from pmo_sync.errors import ConfigError

NOT_KEYS = ("path", "warnings")
"""Fields of ``Config`` that say how it was read: no keys of the file."""


def structure(document: Mapping[str, Any], path: Path, problems: Problems) -> Config:
    """Fill a Config from a parsed file; paths in it become absolute, except the store's."""
    reader = _Reader(path.parent, problems)
    values = reader.values(Config, document, ())
    return Config(**{**values, "path": path})


class _Reader:
    def __init__(self, base: Path, problems: Problems) -> None:
        self._base = base
        self._problems = problems

    def values(self, cls: Any, table: Mapping[str, Any], where: KeyPath) -> dict[str, Any]:
        """Return the arguments for ``cls`` that ``table`` holds, required ones always."""
        known = keys_of(cls)
        for key in table:
            if key not in known:
                self._problems.error(where, f"unknown key {key!r}{hint(key, known)}", key)
        values = {}
        for key, (field, annotation) in known.items():
            value = self._read(annotation, table[key], (*where, key)) if key in table else None
            if value is not None:
                values[key] = value
            elif is_required(field):
                values[key] = ""
                if key not in table:
                    self._problems.error(where, f"missing key {key!r}")
        return values

    def _read(self, annotation: Any, value: object, path: KeyPath) -> Any | None:
        """Return a value as its type; None, and a problem noted, where it cannot be used."""
        try:
            return self._convert(annotation, value, path)
        except ConfigError as mistake:
            self._problems.error(path, str(mistake))
            return None

    def _convert(self, annotation: Any, value: object, path: KeyPath) -> Any:
        """Return ``value`` as the type that the schema names; raise ConfigError."""
        origin, parameters = get_origin(annotation), get_args(annotation)
        if origin in (UnionType, Union):  # with a Literal it is still typing's
            return self._convert(_without_none(parameters), value, path)
        if origin is Literal:
            return _choice(value, parameters)
        if origin is tuple:
            return self._several(parameters[0], value, path)
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(parameters[1], value, path)
        if annotation is Secret:
            return self._secret(value, path)
        if annotation is Path:
            return self._path(value, path)
        if is_dataclass(annotation):
            return self._table(annotation, value, path)
        return _SCALARS[annotation](value)

    def _several(self, member: Any, value: object, path: KeyPath) -> tuple[Any, ...]:
        if not isinstance(value, list):
            wanted = f"written [[{path[-1]}]], once for each" if is_dataclass(member) else "a list"
            raise ConfigError(f"must be {wanted}, is {_kind(value)}")
        found = [self._read(member, each, (*path, i)) for i, each in enumerate(value)]
        blank = _blank(member) if is_dataclass(member) else ""
        return tuple(blank if each is None else each for each in found)

    def _table(self, cls: Any, value: object, path: KeyPath) -> Any:
        if isinstance(value, list) and len(path) == 1:
            raise ConfigError(f"must be one table: write [{path[-1]}]")
        if not isinstance(value, dict):
            raise ConfigError(f"must be a table, is {_kind(value)}")
        return cls(**self.values(cls, value, path))

    def _mapping(self, member: Any, value: object, path: KeyPath) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ConfigError(f"must be a table, is {_kind(value)}")
        found = {key: self._read(member, each, (*path, key)) for key, each in value.items()}
        return {key: each for key, each in found.items() if each is not None}

    def _path(self, value: object, path: KeyPath) -> Path:
        base = Path() if path == ("store", "path") else self._base
        return located(_text(value), base)

    def _secret(self, value: object, path: KeyPath) -> Secret:
        where = self._problems.label(path)
        if isinstance(value, str) and value.strip():
            self._problems.warning(path, INLINE_ADVICE)
            return Secret("inline", value, where)
        return parse_reference(value, where, self._base)


@cache
def keys_of(cls: Any) -> dict[str, tuple[Field[Any], Any]]:
    """Return the keys of a table: name -> (field, resolved type)."""
    hints = get_type_hints(cls)
    known = {field.name: (field, hints[field.name]) for field in fields(cls)}
    return {key: pair for key, pair in known.items() if cls is not Config or key not in NOT_KEYS}


def is_required(field: Field[Any]) -> bool:
    """Tell whether a key has no default; every required key is text."""
    return field.default is MISSING and field.default_factory is MISSING


def _blank(member: Any) -> Any:
    """Return what stands for a table that cannot be used, so that positions stay true."""
    required = [key for key, (field, _) in keys_of(member).items() if is_required(field)]
    return member(**dict.fromkeys(required, ""))


def _without_none(parameters: tuple[Any, ...]) -> Any:
    return next(each for each in parameters if each is not NoneType)


def _choice(value: object, choices: tuple[str, ...]) -> str:
    text = _text(value)
    if text not in choices:
        raise ConfigError(f"unknown value {text!r} (known: {', '.join(choices)})")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"must be text, is {_kind(value)}")
    if not value.strip():
        raise ConfigError("must not be empty")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ConfigError(f"must be a whole number, is {_kind(value)}")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ConfigError(f"must be a number, is {_kind(value)}")
    if not -_LARGEST < value < _LARGEST:
        raise ConfigError("must be an ordinary number")
    return float(value)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise ConfigError("must be a date like 2026-03-31") from None
    except ConfigError:
        raise ConfigError(f"must be a date like 2026-03-31, is {_kind(value)}") from None


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"must be true or false, is {_kind(value)}")
    return value


_SCALARS: Mapping[Any, Any] = {
    str: _text, bool: _flag, int: _whole, float: _number, date: _day,
}  # fmt: skip

_LARGEST = 1e15

_KINDS = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a whole number"),
    (float, "a number with a fraction"),
    (datetime, "a date with a time"),
    (date, "a date"),
    (list, "a list"),
    (dict, "a table"),
)


def _kind(value: object) -> str:
    """Name what a value is, never the value."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "a time")
