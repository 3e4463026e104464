"""The snapshot that questions are asked of: what was published when one began to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pmo_sync.config import Config
from pmo_sync.frames import Tables, from_store
from pmo_sync.store import Store


@contextmanager
def reading(config: Config) -> Iterator[Tables]:
    """Open the store's current snapshot as frames."""
    with Store(config.store_path).read() as con:
        yield from_store(con)
