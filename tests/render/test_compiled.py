"""What was compiled is kept, and a report is written all the same where it cannot be."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from pmo_sync.render.compiled import compiled


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def environment(text: str, trim_blocks: bool = True) -> Environment:
    made = Environment(loader=DictLoader({"page": text}), autoescape=True, trim_blocks=trim_blocks)
    made.bytecode_cache = compiled(made)
    return made


def written(text: str, trim_blocks: bool = True) -> str:
    """Render a template of this text in an environment of its own."""
    return environment(text, trim_blocks).get_template("page").render()


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.cache"))


def test_a_template_is_compiled_once(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert written("{{ 1 + 1 }}") == "2"
    monkeypatch.setattr(Environment, "compile", lambda *_: pytest.fail("compiled anew"))
    assert written("{{ 1 + 1 }}") == "2"
    assert len(kept(temporary)) == 1


def test_what_changed_is_compiled_anew() -> None:
    assert [written("{{ 1 }}"), written("{{ 2 }}")] == ["1", "2"]


def test_other_options_are_another_template() -> None:
    text = "{% if true %}\nyes{% endif %}"
    assert [written(text), written(text, trim_blocks=False)] == ["yes", "\nyes"]


def test_only_the_user_may_look_there(temporary: Path) -> None:
    written("{{ 1 }}")
    (file,) = kept(temporary)
    assert file.parent.stat().st_mode & 0o077 == 0


def test_without_a_folder_nothing_is_kept(temporary: Path) -> None:
    """Such as where no file may be written, or somebody else's file is in the way."""
    tempfile.tempdir = str(temporary / "missing")
    assert environment("{{ 1 }}").bytecode_cache is None
    assert written("{{ 1 }}") == "1"


def test_a_file_that_is_cut_short_is_made_anew(temporary: Path) -> None:
    written("{{ 1 }}")
    (file,) = kept(temporary)
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    assert written("{{ 1 }}") == "1"
    assert file.read_bytes() == whole


def test_a_file_that_cannot_be_written_is_done_without(temporary: Path) -> None:
    page = environment("{{ 1 }}")
    (folder,) = temporary.iterdir()
    folder.rmdir()
    assert page.get_template("page").render() == "1"
    assert not kept(temporary)
