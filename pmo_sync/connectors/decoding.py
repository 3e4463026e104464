"""Decoders of JSON, made one at a time.

msgspec learns what a type holds when it is first used. Where two threads do so at once, the process
may crash: it did, when several repositories began to be read.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_MAKING = Lock()


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return the decoder of a type."""
    wanted: Any = kind
    with _MAKING:
        made: msgspec.json.Decoder[T] = _made(wanted)
        return made


@lru_cache(256)  # those of a site's own fields are made anew for each sync
def _made(kind: Any) -> Any:
    return msgspec.json.Decoder(kind)
