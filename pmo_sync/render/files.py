"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pmo_sync.errors import PmoSyncError

NEW_FILE = 0o666
"""Less what the user's umask takes away."""


def write(path: Path, data: bytes | str) -> None:
    """Put ``data`` (text as UTF-8) at ``path``, making its folder; what was there stays until
    all of the new file is on the disk, and stays for good where that fails."""
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            raise PmoSyncError(f"{path}: not a file that can be replaced")
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data.encode() if isinstance(data, str) else data)
    except OSError as error:
        raise PmoSyncError(f"{path}: cannot be written: {error.strerror or error}") from error


def _replace(target: Path, data: bytes) -> None:
    """Write beside the target, in the same file system, then take its name."""
    draft = target.with_name(f".{target.name[:64]}.{secrets.token_hex(6)}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE)
    try:
        with os.fdopen(handle, "wb") as file:
            if target.exists():
                draft.chmod(stat.S_IMODE(target.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
