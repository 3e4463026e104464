"""Templates as they were compiled, kept from one run to the next: that is half of a page's time.

They lie in a folder of the user's own among the system's temporary files, as Jinja keeps them;
where that cannot be, each run compiles its own.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from pmo_sync import __version__


def compiled(env: Environment) -> BytecodeCache | None:
    """Return where templates compiled with the options of ``env`` are kept, by version of the
    program; each also by its text. None where there is no folder that is the user's alone."""
    options = (__version__, env.autoescape, env.trim_blocks, env.lstrip_blocks)
    how = sha256(repr(options).encode()).hexdigest()[:8]
    try:
        return _Kept(pattern=f"pmo-sync-{how}-%s.cache")
    except (OSError, RuntimeError):
        return None


class _Kept(FileSystemBytecodeCache):
    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # a full disk is no reason to have no report
            super().dump_bytecode(bucket)

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)
