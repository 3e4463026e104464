"""Files, folders and links that change in one step, for publishers that write to a disk."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path


def put(path: Path, data: bytes) -> None:
    """Put a file at ``path``; who reads it meanwhile sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def put_folder(folder: Path, files: Mapping[str, bytes], last: str) -> None:
    """Make ``folder`` hold just ``files``, the one called ``last`` after all others."""
    if folder.is_symlink():
        folder.unlink()
    for name in sorted(files, key=lambda name: name == last):
        put(folder / name, files[name])
    for other in folder.iterdir():
        if other.name not in files and other.is_file():
            other.unlink()


def can_link(folder: Path) -> bool:
    """Say whether links to folders can be made here and replaced in one step."""
    if os.name == "nt":
        return False
    probe = folder / f".link.{secrets.token_hex(4)}"
    try:
        probe.symlink_to(".", target_is_directory=True)
    except (OSError, NotImplementedError):
        return False
    probe.unlink()
    return True


def point(link: Path, to: Path) -> None:
    """Make ``link`` lead to the folder ``to``, in one step; a plain folder that is there is put
    away first."""
    if link.is_dir() and not link.is_symlink():
        away = link.with_name(f".{link.name}.{secrets.token_hex(4)}.old")
        link.rename(away)
        shutil.rmtree(away)
    draft = link.with_name(f".{link.name}.{secrets.token_hex(4)}.link")
    draft.symlink_to(os.path.relpath(to, link.parent), target_is_directory=True)
    draft.replace(link)
