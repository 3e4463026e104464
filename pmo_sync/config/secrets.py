"""A secret named by the configuration: where it is kept, never what it is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Literal

from pmo_sync.errors import ConfigError

KINDS = ("env", "file", "keyring")
"""How a configuration refers to a secret: ``{ env = "NAME" }`` and so on."""

INLINE_ADVICE = (
    "the secret is written into the file: move it into an environment variable, "
    'then write { env = "NAME" }'
)
_ADVICE = 'must be { env = "NAME" }, { file = "path" } or { keyring = "service/name" }'
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9_=+-]{20,}")
"""What tokens look like; it has no slash or dot, so that paths do not."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A token or password by reference; ``reveal`` reads it when a client logs in."""

    kind: Literal["env", "file", "keyring", "inline"]
    reference: str = field(repr=False)
    where: str = field(default="", compare=False)
    """The configuration key that named it, for messages."""

    def reveal(self) -> str:
        """Read the secret; raise ConfigError that names where it should be, never the value."""
        value = self._read().strip()
        if not value:
            raise ConfigError(f"{self.where}: the secret is empty")
        return value

    def _read(self) -> str:
        if self.kind == "inline":
            return self.reference
        if self.kind == "env":
            if self.reference not in os.environ:
                raise ConfigError(
                    f"{self.where}: the environment variable {self.reference} is not set"
                )
            return os.environ[self.reference]
        if self.kind == "file":
            try:
                return Path(self.reference).expanduser().read_text(encoding="utf-8")
            except OSError as error:
                raise ConfigError(
                    f"{self.where}: cannot read {self.reference}: {error.strerror}"
                ) from None
            except ValueError:
                raise ConfigError(
                    f"{self.where}: cannot read {self.reference}: no UTF-8 text"
                ) from None
        return self._from_keyring()

    def _from_keyring(self) -> str:
        try:
            keyring = import_module("keyring")
        except ImportError:
            raise ConfigError(
                f"{self.where}: the keyring needs an extra: pip install 'pmo-sync[keyring]'"
            ) from None
        service, _, name = self.reference.rpartition("/")
        value = keyring.get_password(service or "pmo-sync", name)
        if value is None:
            raise ConfigError(f"{self.where}: the keyring has no entry {self.reference}")
        return str(value)


def parse_reference(value: object, where: str, base: Path) -> Secret:
    """Read ``{ env | file | keyring = "..." }``; a file is relative to ``base``.

    Raise ConfigError that echoes nothing: a token put in the wrong place must not be shown.
    """
    if not isinstance(value, dict) or len(value) != 1:
        raise ConfigError(_ADVICE)
    kind, reference = next(iter(value.items()))
    if kind not in KINDS or not isinstance(reference, str) or not reference.strip():
        raise ConfigError(_ADVICE)
    if _TOKEN.fullmatch(reference):
        raise ConfigError(f"{_ADVICE}; this looks like the secret itself")
    if kind == "env" and not _VARIABLE.fullmatch(reference):
        raise ConfigError("env takes the name of an environment variable")
    if kind == "file":
        reference = str(located(reference, base))
    return Secret(kind, reference, where)


def located(written: str, base: Path) -> Path:
    """Return the path that a configuration names: from ``base``, unless it is absolute."""
    try:
        return base / Path(written).expanduser()
    except RuntimeError:
        raise ConfigError("must not begin with the home folder of nobody here") from None
