"""Types that threads use for the first time at once do not end the process."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Generic, TypeVar
import msgspec
from pmo_sync.connectors.decoding import decoder

sys.setswitchinterval(1e-6)
T = TypeVar("T")
for _ in range(150):
    class Inner(msgspec.Struct):
        a: int | None = None
        b: list[str] | None = None

    class Page(msgspec.Struct, Generic[T]):
        rows: list[T]
        one: T | None = None
        more: dict[str, T] | None = None

    together = Barrier(4)

    def read(_):
        together.wait()
        return decoder(Page[Inner]).decode(b'{"rows": [{"a": 1}]}').rows[0].a

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [1, 1, 1, 1]
print("read")
"""


def test_several_threads_that_read_the_same_type_first() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "read\n"), done.stderr
