"""Files are whole or not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pmo_sync.errors import PmoSyncError
from pmo_sync.render import files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("data", "stored"), [("grün\n", b"gr\xc3\xbcn\n"), (b"\x00\xff", b"\x00\xff")]
)
def test_writes_text_and_bytes_and_makes_the_folder(
    tmp_path: Path, data: str | bytes, stored: bytes
) -> None:
    path = tmp_path / "out" / "deep" / "status.html"
    files.write(path, data)
    assert path.read_bytes() == stored
    assert names(path.parent) == ["status.html"]


def test_replaces_and_keeps_the_permissions(tmp_path: Path) -> None:
    path = tmp_path / "status.html"
    path.write_text("old")
    path.chmod(0o640)
    files.write(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.write(tmp_path / "status.html", "new")
    finally:
        os.umask(before)
    assert (tmp_path / "status.html").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "latest.html"
    link.symlink_to(tmp_path / "real" / "status.html")
    files.write(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real" / "status.html").read_text() == "new"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "status.html"
    path.write_text("old")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PmoSyncError, match=r"status\.html: cannot be written: No space left"):
        files.write(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["status.html"]


def test_an_interrupt_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write(tmp_path / "status.html", "new")
    assert names(tmp_path) == []


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(PmoSyncError, match="not a file that can be replaced"):
        files.write(tmp_path, "new")


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PmoSyncError, match=r"status\.html: cannot be written"):
        files.write(tmp_path / "out" / "status.html", "new")
