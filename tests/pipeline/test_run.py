"""``run`` as a whole, over HTTP: what fails is named and stops nothing else, and twice is once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pmo_sync import registry
from pmo_sync.errors import ConfigError, LockedError, PmoSyncError, SourceError
from pmo_sync.pipeline import keeping, syncing
from pmo_sync.store import Receipts, Store
from tests.connectors.jira.jira_wire import TOKEN
from tests.pipeline.tiny_report import PLACE
from tests.pipeline.two_jiras import DAY, MORNING, Portfolio, two_jiras


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portfolio]:
    monkeypatch.setitem(registry.REPORTS, "tiny", PLACE)
    with two_jiras(tmp_path / "ours") as portfolio:
        yield portfolio


def record_of(portfolio: Portfolio) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((portfolio.folder / "reports" / "run.json").read_bytes())
    return told


def page(portfolio: Portfolio, name: str = "tiny") -> dict[str, Any]:
    told: dict[str, Any] = json.loads((portfolio.public / "latest" / f"{name}.json").read_bytes())
    return told


def test_a_run_syncs_reports_publishes_and_tells_what_it_did(ours: Portfolio) -> None:
    record = ours.run()

    assert record.exit_code == 0
    told = record_of(ours)
    assert list(told) == [
        "schema", "program", "started", "as_of", "finished", "exit_code", "error", "snapshot",
        "sources", "reports", "published",
    ]  # fmt: skip
    assert (told["schema"], told["exit_code"], told["error"]) == (1, 0, None)
    assert told["started"] < told["finished"]
    assert [(s["name"], s["outcome"], s["items"]) for s in told["sources"]] == [
        ("one", "complete", 20), ("two", "complete", 20),
    ]  # fmt: skip
    for report in told["reports"]:
        assert [(ours.folder / "reports" / file).is_file() for file in report["files"]] == [True]
    assert [(p["publisher"], p["outcome"]) for p in told["published"]] == [("folder", "published")]
    assert (
        page(ours)["headline"] == page(ours, "index")["headline"] == told["reports"][0]["headline"]
    )


def test_twice_on_one_day_publishes_once(ours: Portfolio) -> None:
    ours.run()
    before = (ours.public / "latest").resolve()

    record = ours.run()

    assert [each.outcome for each in record.published] == ["unchanged"]
    assert (ours.public / "latest").resolve() == before
    assert record.snapshot == 2  # it was synced again, and nothing was new


def test_changed_content_replaces_the_days_edition(ours: Portfolio) -> None:
    ours.run()
    ours.rename(3)

    record = ours.run()

    assert [each.outcome for each in record.published] == ["published"]
    assert page(ours)["headline"] == "3 of 40 items were renamed."
    assert [child.name for child in ours.public.iterdir() if child.name[0] == "2"] == [str(DAY)]
    assert len(Receipts(ours.config.store_path).all()) == 1


def test_a_source_that_fails_is_named_at_the_top_since_when_and_why(ours: Portfolio) -> None:
    ours.run()
    ours.refuse("two")
    ours.rename(2)

    record = ours.run(names=("status", "index"), formats=("json", "html"))

    assert record.exit_code == 3
    one, two = record.sources
    assert (one.outcome, one.changed, two.outcome) == ("complete", 2, "failed")
    assert two.stale_since is not None
    items = {each["name"]: each["items"] for each in page(ours, "index")["sources"]}
    assert items == {"one": 20, "two": 20}  # the last good ones
    for name in ("status", "index"):
        html = (ours.public / "latest" / f"{name}.html").read_text()
        top = html[: html.index("<main")]
        assert "not read since 1 Jul 2026, 08:00: " in top
        assert "401" in top
        assert "wrong-token" not in html
        assert TOKEN not in html


def test_when_all_fail_the_reports_are_of_the_last_good_data(ours: Portfolio) -> None:
    ours.run(publish=False)
    ours.refuse("one")
    ours.refuse("two")

    record = ours.run()

    assert record.exit_code == 3
    assert len(record.failures()) == 2
    assert page(ours)["headline"] == "0 of 40 items were renamed."


def test_when_all_fail_and_there_is_no_data_there_is_no_report(ours: Portfolio) -> None:
    ours.refuse("one")
    (ours.folder / "two.token").unlink()

    with pytest.raises(SourceError) as caught:
        ours.run()

    assert caught.value.exit_code == 1
    told = record_of(ours)
    assert told["exit_code"] == 1
    assert "401" in told["error"]
    assert told["reports"] == told["published"] == []
    assert not ours.public.exists()


def test_a_second_run_waits_so_long_and_then_gives_up(ours: Portfolio) -> None:
    with Store(ours.config.store_path).running(), pytest.raises(LockedError, match="run is at wor"):
        ours.run(wait=0.2)
    assert not (ours.folder / "reports").exists()  # run.json is the other's to write


def test_a_second_run_goes_on_when_the_first_is_done(ours: Portfolio) -> None:
    lock = Store(ours.config.store_path).running()
    lock.__enter__()
    threading.Timer(0.3, lambda: lock.__exit__(None, None, None)).start()

    assert ours.run(wait=30).exit_code == 0


def test_a_sync_by_hand_is_not_held_up_by_what_is_published(ours: Portfolio) -> None:
    with Store(ours.config.store_path).running():
        assert len(syncing.sync(ours.config, _quiet(), now=MORNING)) == 2


def _quiet() -> Any:
    from pmo_sync.render.progress import Quiet

    return Quiet()


def test_only_some_sources_and_no_publishing(ours: Portfolio) -> None:
    record = ours.run(only=("two",), publish=False)
    assert [each.name for each in record.sources] == ["two"]
    assert record.published == []
    assert not ours.public.exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"names": ("tony",)}, "no report 'tony' .known: index, status"),
        ({"only": ("x",)}, "no sou"),
    ],
)
def test_what_is_not_known_is_said_before_anything_is_asked(
    ours: Portfolio, told: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        ours.run(**told)
    assert ours.one.requests == 0


class Killed(BaseException):
    """What a kill is to the code that it hits."""


def test_killed_before_the_receipt_it_publishes_the_same_again_and_nothing_twice(
    ours: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Receipts, "add", killed)
        ours.run()
    assert record_of(ours)["exit_code"] == 1

    assert ours.run().exit_code == 0
    assert ours.run().published[0].outcome == "unchanged"
    assert [child.name for child in ours.public.iterdir() if child.name[0] == "2"] == [str(DAY)]


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), RuntimeError("Query interrupted")],
    ids=["anywhere", "in the middle of a query"],
)
def test_interrupted_it_says_so_and_lets_go_of_the_lock(
    ours: Portfolio, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch, pytest.raises(type(error)):
        patch.setattr("pmo_sync.pipeline.run.reports", interrupted)
        ours.run()

    told = record_of(ours)
    assert (told["exit_code"], told["error"]) == (130, "interrupted")
    assert told["sources"][0]["outcome"] == "complete"
    assert ours.run().exit_code == 0


def test_where_nothing_can_be_written_the_error_names_the_place(ours: Portfolio) -> None:
    (ours.folder / "file").write_text("")
    with pytest.raises(PmoSyncError, match=r"file.*: cannot be written"):
        ours.run(folder=ours.folder / "file")


def test_one_place_that_fails_does_not_stop_the_others(ours: Portfolio) -> None:
    (ours.folder / "no-folder").write_text("a file")
    text = ours.path.read_text()
    before = '[[publish]]\ntype = "folder"\npath = "no-folder"\n\n[[publish]]'
    ours.path.write_text(text.replace("[[publish]]", before))

    record = ours.run()

    assert record.exit_code == 3
    assert [each.outcome for each in record.published] == ["failed", "published"]
    assert "no-folder: cannot be published to" in record.failures()[0]


def test_what_somebody_took_away_is_published_again(ours: Portfolio) -> None:
    ours.run()
    (ours.public / "latest" / "tiny.json").unlink()
    assert ours.run().published[0].outcome == "published"
    assert page(ours)["report"] == "tiny"


def test_receipts_survive_a_backup_and_its_restoration(ours: Portfolio, tmp_path: Path) -> None:
    ours.run()
    receipts = Receipts(ours.config.store_path).all()
    assert [(each.day, set(each.parts)) for each in receipts] == [(DAY, {"tiny", "index"})]

    keeping.store_export(ours.config, tmp_path / "all.zip")
    ours.rename(4)
    ours.run()
    assert Receipts(ours.config.store_path).all() != receipts
    keeping.store_import(ours.config, tmp_path / "all.zip", replace=True)

    assert Receipts(ours.config.store_path).all() == receipts
    # What is shown is not what the restored receipt says: looked at, it is published again.
    assert ours.run(only=("two",)).published[0].outcome == "published"
    assert page(ours)["headline"] == "0 of 40 items were renamed."


def test_receipts_that_cannot_be_read_are_a_clear_error(ours: Portfolio) -> None:
    ours.run()
    (ours.config.store_path / "receipts.json").write_text("{")
    with pytest.raises(PmoSyncError, match=r"receipts\.json: cannot be read"):
        ours.run()


def test_a_day_is_the_one_asked_for(ours: Portfolio) -> None:
    ours.run()
    ours.run(day=datetime(2026, 6, 1, tzinfo=UTC).date())
    days = sorted(child.name for child in ours.public.iterdir() if child.name[0] == "2")
    assert days == ["2026-06-01", "2026-07-01"]
    assert page(ours)["as_of"] == "2026-07-01"
