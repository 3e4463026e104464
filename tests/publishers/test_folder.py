"""The folder publisher: whole editions, dated, with the latest day, listed, and again the same."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.config import Publish
from pmo_sync.errors import ConfigError, PmoSyncError
from pmo_sync.publishers import folder as folders
from pmo_sync.publishers.base import Edition, Part
from pmo_sync.publishers.folder import Folder
from pmo_sync.reports.editions import Listed

SUNDAY = date(2026, 3, 8)


def edition(day: date = SUNDAY, text: str = "a", snapshot: int = 1, *names: str) -> Edition:
    parts = tuple(
        Part(name, name.capitalize(), f"{text}!", f"{name}-{text}", {f"{name}.html": text.encode()})
        for name in names or ("index", "status")
    )
    return Edition(day, "Ours", f"{text}!", snapshot, parts)


def listing(portfolio: str, editions: Sequence[Listed]) -> bytes:
    lines = [
        f"{e.day} {e.headline} {' '.join(address for _, address in e.pages)}" for e in editions
    ]
    return "\n".join([portfolio, *lines]).encode()


@pytest.fixture(params=["links", "copies"])
def out(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where links can be made, and one where they cannot."""
    if request.param == "copies":
        monkeypatch.setattr(folders, "can_link", lambda _: False)
    return tmp_path / "out"


def publish(out: Path, *editions: Edition, keep: int | None = None) -> None:
    for each in editions:
        Folder(Publish("folder", out, keep)).publish(each, listing)


def shown(out: Path) -> dict[str, str]:
    """What can be asked for: each page's text, by its address."""
    return {
        f"{folder.name}/{page.name}": page.read_text()
        for folder in out.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
        for page in folder.glob("*.html")
    }


def test_a_day_has_its_folder_and_latest_is_the_newest_day(out: Path) -> None:
    week = timedelta(days=7)
    for day in (SUNDAY, SUNDAY + week, SUNDAY - week, SUNDAY + week):
        publish(out, edition(day, str(day), 1, "status"))

    assert shown(out) == {
        "2026-03-01/status.html": "2026-03-01",
        "2026-03-08/status.html": "2026-03-08",
        "2026-03-15/status.html": "2026-03-15",
        "latest/status.html": "2026-03-15",
    }


def test_the_list_has_all_editions_newest_first_with_their_headlines(out: Path) -> None:
    publish(out, edition(SUNDAY, "first"), edition(SUNDAY + timedelta(days=1), "second"))
    assert (out / "index.html").read_text().splitlines() == [
        "Ours",
        "2026-03-09 second! 2026-03-09/index.html 2026-03-09/status.html",
        "2026-03-08 first! 2026-03-08/index.html 2026-03-08/status.html",
    ]


def test_the_same_edition_is_held_and_a_changed_or_damaged_one_is_not(out: Path) -> None:
    place = Folder(Publish("folder", out))
    assert not place.holds(edition())
    publish(out, edition())
    assert place.holds(edition())
    assert place.holds(edition(SUNDAY, "a", 9, "status"))
    assert not place.holds(edition(SUNDAY, "b"))
    assert not place.holds(edition(SUNDAY, "a", 1, "index", "risk"))
    (out / "2026-03-08" / "status.html").unlink()
    assert not place.holds(edition())


def test_a_newer_snapshot_replaces_all_of_a_day(out: Path) -> None:
    publish(out, edition(SUNDAY, "old", 1, "index", "status"), edition(SUNDAY, "new", 2, "status"))
    assert shown(out) == {"2026-03-08/status.html": "new", "latest/status.html": "new"}


def test_reports_of_one_snapshot_join_one_edition(out: Path) -> None:
    publish(out, edition(SUNDAY, "a", 1, "status"), edition(SUNDAY, "b", 1, "risk"))
    assert shown(out) == {
        "2026-03-08/risk.html": "b", "2026-03-08/status.html": "a",
        "latest/risk.html": "b", "latest/status.html": "a",
    }  # fmt: skip


@pytest.mark.parametrize(("keep", "days"), [(None, 5), (1, 1), (3, 3), (9, 5)])
def test_no_more_days_are_kept_than_asked_for(out: Path, keep: int | None, days: int) -> None:
    publish(out, *(edition(SUNDAY + timedelta(days=n)) for n in range(5)), keep=keep)
    left = sorted(child.name for child in out.iterdir() if child.name.startswith("20"))
    assert left == [f"2026-03-{12 - n:02}" for n in reversed(range(days))]
    assert len((out / "index.html").read_text().splitlines()) == 1 + days
    assert (out / "latest" / "index.html").exists()


def test_a_report_on_a_past_day_is_kept_though_it_is_older_than_those_to_keep(out: Path) -> None:
    publish(out, edition(SUNDAY), edition(SUNDAY - timedelta(days=90)), keep=1)
    assert (out / "2025-12-08" / "index.html").exists()


def test_what_was_published_before_there_were_editions_is_listed_and_taken_over(out: Path) -> None:
    for name in ("2026-03-01", "2026-03-08", "latest"):
        (out / name).mkdir(parents=True)
        (out / name / "status.html").write_text("old")
    publish(out, edition())
    assert shown(out)["latest/status.html"] == shown(out)["2026-03-08/status.html"] == "a"
    assert "2026-03-01  2026-03-01/status.html" in (out / "index.html").read_text()


@pytest.mark.parametrize(
    "theirs", ["index.html", "latest/film.mp4", "2026-03-08/notes/a.html", "latest"]
)
def test_what_others_put_there_is_never_replaced(out: Path, theirs: str) -> None:
    (out / theirs).parent.mkdir(parents=True)
    (out / theirs).write_text("precious")
    with pytest.raises(PmoSyncError, match="not ours: publish to a folder of its own"):
        publish(out, edition())
    assert (out / theirs).read_text() == "precious"


def test_a_note_that_names_files_elsewhere_is_not_believed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    publish(out, edition(SUNDAY, "a", 1, "status"))
    note = out / "2026-03-08" / "edition.json"
    note.write_text(note.read_text().replace("status.html", "../../../secret"))
    publish(out, edition(SUNDAY, "b", 1, "risk"))
    assert shown(out).keys() == {"2026-03-08/risk.html", "latest/risk.html"}
    assert not any("s3cret" in text for text in shown(out).values())


def test_what_a_killed_run_left_goes_in_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for text in "abcd":
        publish(out, edition(SUNDAY, text, ord(text)))
        (out / ".editions" / f"2026-03-08.{text}").mkdir()  # made, and never shown
    assert shown(out)["latest/index.html"] == "d"
    # The one that is shown, the one before (somebody may be reading it), the last leftover.
    assert len(list((out / ".editions").iterdir())) == 3


class Stopped(BaseException):
    """What a kill is to the code that it hits."""


def test_killed_anywhere_the_folder_shows_old_or_new_and_publishing_again_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [0]
    real = {name: getattr(Path, name) for name in ("replace", "symlink_to", "mkdir")}

    def stopping(name: str) -> object:
        def step(self: Path, *args: object, **more: object) -> object:
            steps[0] -= 1
            if steps[0] == 0:
                raise Stopped
            return real[name](self, *args, **more)

        return step

    for stop in range(1, 40):
        out = tmp_path / str(stop)
        publish(out, edition(SUNDAY, "old", 1))
        with monkeypatch.context() as patch:
            for name in real:
                patch.setattr(Path, name, stopping(name))
            steps[0] = stop
            try:
                publish(out, edition(SUNDAY, "new", 2))
                finished = True
            except Stopped:
                finished = False
        assert len({*shown(out).values()}) == 1, f"a mix after step {stop}"
        publish(out, edition(SUNDAY, "new", 2))
        assert {*shown(out).values()} == {"new"}
        if finished:
            return
    pytest.fail("it was never left to finish")


def test_a_reader_sees_one_edition_whatever_is_published_meanwhile(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, edition(SUNDAY, "0", 0))
    published = 0

    def write() -> None:
        nonlocal published
        for number in range(1, 60):
            publish(out, edition(SUNDAY, str(number), number))
            published = number

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while writer.is_alive():
        before, place = published, (out / "latest").resolve()
        try:
            texts = {(place / name).read_text() for name in ("index.html", "status.html")}
        except FileNotFoundError:
            # What was shown stays while one more is published: who is slower than that is too slow.
            assert published > before
            continue
        assert len(texts) == 1
        assert (out / "2026-03-08" / "index.html").read_text().isdigit()
        reads += 1
    writer.join()
    assert published == 59
    assert reads > 10


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab")), min_size=1, max_size=8))
def test_in_whatever_order_days_come_latest_is_the_newest_and_each_day_its_last(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, str]]
) -> None:
    out = tmp_path_factory.mktemp("out")
    last: dict[date, str] = {}
    for number, (days, text) in enumerate(runs):
        day = SUNDAY + timedelta(days=days)
        publish(out, edition(day, text, number, "status"))
        last[day] = text
    assert shown(out) == {
        **{f"{day}/status.html": text for day, text in last.items()},
        "latest/status.html": last[max(last)],
    }


def test_a_folder_publisher_without_a_path_is_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ConfigError, match="needs a path"):
        Folder(Publish("folder"))


def test_a_place_that_is_no_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PmoSyncError, match="cannot be published to"):
        publish(tmp_path / "out", edition())
