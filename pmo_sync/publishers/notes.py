"""``edition.json``: what a published edition says of itself, for machines and for the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from pmo_sync.publishers.base import Edition, Part

NAME = "edition.json"
VERSION = 1
OURS = (".html", ".json", ".part")
"""The ends of what was published before there were notes, and of drafts."""


@dataclass(frozen=True, slots=True)
class PartNote:
    """One report: the digest is of what it says, not of when its sources were read."""

    name: str
    title: str
    headline: str
    digest: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """The edition of a day; ``schema`` is raised when a field changes its meaning or goes."""

    schema: int
    portfolio: str
    day: date
    headline: str
    snapshot: int
    parts: tuple[PartNote, ...]


def note_of(edition: Edition) -> bytes:
    """Write what an edition says of itself."""
    parts = tuple(
        PartNote(part.name, part.title, part.headline, part.digest, tuple(part.files))
        for part in edition.parts
    )
    note = Note(
        VERSION, edition.portfolio, edition.day, edition.headline, edition.snapshot, parts
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n"


def read_note(folder: Path) -> Note | None:
    """Read it; None where there is none of ours. A file that is named lies in the folder itself."""
    try:
        note = msgspec.json.decode((folder / NAME).read_bytes(), type=Note)
    except (OSError, msgspec.MsgspecError):
        return None
    plain = all(Path(name).name == name for part in note.parts for name in part.files)
    return note if note.schema == VERSION and plain else None


def not_ours(folder: Path) -> list[str]:
    """Name what lies in a plain folder and was not published: neither told of by its note, nor a
    page or data of before there were notes, nor the draft of one."""
    if folder.is_symlink() or not folder.exists():
        return []
    if not folder.is_dir():
        return [folder.name]
    note = read_note(folder)
    told = {NAME, *(name for part in note.parts for name in part.files)} if note else set()
    return sorted(
        child.name
        for child in folder.iterdir()
        if child.name not in told and (child.is_dir() or child.suffix not in OURS)
    )


def part_of(folder: Path, told: PartNote) -> Part:
    """Read a report that is published, as it is."""
    files = {name: (folder / name).read_bytes() for name in told.files}
    return Part(told.name, told.title, told.headline, told.digest, files)
