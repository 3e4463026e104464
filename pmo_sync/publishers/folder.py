"""Publish into a folder, e.g. one that a web server shows: a folder a day, and ``latest``.

Each edition is written to a folder of its own under ``.editions``, complete before anybody sees
it; ``<day>`` is a symbolic link to it, and ``latest`` one to the newest day. A link is replaced in
one step, so a reader sees the old edition or the new one. Web servers follow such links, and so do
a share's clients where the server resolves them. Where links cannot be made (Windows, which wants
a privilege for it and cannot replace one; some network shares), days are plain folders whose files
are replaced one by one, each at once: a reader in just that moment may see pages of two runs.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from pmo_sync.config import Publish
from pmo_sync.errors import ConfigError, PmoSyncError
from pmo_sync.publishers import notes
from pmo_sync.publishers.base import Edition, Listing
from pmo_sync.publishers.notes import Note, not_ours, note_of, part_of, read_note
from pmo_sync.publishers.places import can_link, point, put, put_folder
from pmo_sync.reports.editions import Listed

LATEST = "latest"
EDITIONS = ".editions"
LIST = "index.html"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Folder:
    """A folder of dated editions; ``keep`` of them at most, where it is set."""

    def __init__(self, target: Publish) -> None:
        if target.path is None:
            raise ConfigError("publish: a folder needs a path")
        self._path = target.path
        self._keep = target.keep

    def place(self) -> str:
        """Name the folder."""
        return str(self._path.absolute())

    def holds(self, edition: Edition) -> bool:
        """Say whether the day's folder has all parts of the edition, with all their files."""
        folder = self._path / edition.day.isoformat()
        note = read_note(folder)
        told = {(part.name, part.digest): {*part.files} for part in note.parts} if note else {}
        return all(
            {*part.files} <= told.get((part.name, part.digest), set())
            and all((folder / name).is_file() for name in part.files)
            for part in edition.parts
        )

    def publish(self, edition: Edition, listing: Listing) -> str:
        """Show the edition at ``<day>/`` and, where no later day is there, at ``latest/``."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._refuse_others(edition.day)
            whole = self._joined(edition)
            place = self._show(whole)
            kept, dropped = self._sorted_out(edition.day)
            put(self._path / LIST, listing(edition.portfolio, [self._listed(day) for day in kept]))
            for day in dropped:
                self._drop(self._path / day)
        except OSError as error:
            raise PmoSyncError(f"{self._path}: cannot be published to: {error.strerror}") from error
        return str(place)

    def _refuse_others(self, day: date) -> None:
        """Raise PmoSyncError where something would be replaced that was not published by us."""
        if (self._path / LIST).exists() and not any(self._path.glob(f"*/{notes.NAME}")):
            raise PmoSyncError(f"{self._path / LIST}: is not ours: publish to a folder of its own")
        for folder in (self._path / day.isoformat(), self._path / LATEST):
            if others := not_ours(folder):
                raise PmoSyncError(
                    f"{folder}: {others[0]} there is not ours: publish to a folder of its own"
                )

    def _joined(self, edition: Edition) -> Edition:
        """Add the reports of the day that are there already, where they are of the same snapshot:
        what one run after another published by itself is one edition."""
        folder = self._path / edition.day.isoformat()
        note = read_note(folder)
        if note is None or note.snapshot != edition.snapshot:
            return edition
        ours = {part.name for part in edition.parts}
        kept = [part_of(folder, told) for told in note.parts if told.name not in ours]
        return replace(edition, parts=(*edition.parts, *kept))

    def _show(self, edition: Edition) -> Path:
        day = self._path / edition.day.isoformat()
        files = {name: data for part in edition.parts for name, data in part.files.items()}
        files[notes.NAME] = note_of(edition)
        newest = edition.day.isoformat() >= max(self._days(), default="")
        if can_link(self._path):
            self._link(day, files, newest)
        else:
            for folder in (day, *([self._path / LATEST] if newest else [])):
                put_folder(folder, files, last=notes.NAME)
        return day

    def _link(self, day: Path, files: Mapping[str, bytes], newest: bool) -> None:
        editions = self._path / EDITIONS
        before = day.resolve()
        made = editions / f"{day.name}.{secrets.token_hex(4)}"
        put_folder(made, files, last=notes.NAME)
        point(day, made)
        if newest:
            point(self._path / LATEST, day)
        # What was shown until now stays for those who are reading it; older ones go.
        shown = {before, *((self._path / each).resolve() for each in self._days())}
        for edition in editions.iterdir():
            if edition.resolve() not in shown:
                shutil.rmtree(edition, ignore_errors=True)

    def _days(self) -> list[str]:
        return sorted(child.name for child in self._path.iterdir() if _DAY.fullmatch(child.name))

    def _sorted_out(self, today: date) -> tuple[list[str], list[str]]:
        """Return the days to list, newest first, and those to drop; never the one of this run."""
        days = self._days()[::-1]
        kept = [
            day
            for number, day in enumerate(days)
            if self._keep is None or number < self._keep or day == today.isoformat()
        ]
        return kept, [day for day in days if day not in kept]

    def _listed(self, day: str) -> Listed:
        folder = self._path / day
        note = read_note(folder)
        links = tuple((title, f"{day}/{name}") for title, name in _pages(folder, note))
        return Listed(date.fromisoformat(day), note.headline if note else "", links)

    def _drop(self, day: Path) -> None:
        if day.is_symlink():
            day.unlink()  # its edition goes at the next publishing: somebody may be reading it
        elif not not_ours(day):
            shutil.rmtree(day)


def _pages(folder: Path, note: Note | None) -> Iterator[tuple[str, str]]:
    """Yield (title, file) of each report, as a page where there is one."""
    if note is None:
        yield from ((path.stem, path.name) for path in sorted(folder.glob("*.html")))
        return
    for part in note.parts:
        yield part.title, min(part.files, key=lambda name: not name.endswith(".html"))
