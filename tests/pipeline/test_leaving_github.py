"""What left a GitHub is out of the counts from the next sync on, and stays in the past."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pmo_sync.demo.github_site import GithubIssue, GithubRepository, GithubSite, TimelineEvent
from pmo_sync.errors import SourceError
from pmo_sync.frames import from_store, items_at
from pmo_sync.frames.tables import records
from pmo_sync.policy import Policy
from pmo_sync.store import Store
from tests.connectors.github.github_samples import (
    FaultyGithub,
    day,
    several,
    site,
    site_issue,
    stamp,
)
from tests.pipeline.test_leaving import synced, there

NOW, LATER = day(100), day(102)
CHANGED = stamp(day(101))
BOTH = ("acme/shop", "acme/depot")
Change = Callable[[GithubSite], GithubSite]


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        server.load(several(zip(BOTH, ([*map(site_issue, range(1, 11))], []), strict=True)))
        yield server


def changed(whole: GithubSite, shop: Iterable[GithubIssue], *depot: GithubIssue) -> GithubSite:
    here, there = whole.repositories
    now = replace(here, issues=tuple(shop)), replace(there, issues=depot)
    return replace(whole, repositories=now)


def deleted(whole: GithubSite) -> GithubSite:
    return changed(whole, _shop(whole).issues[1:])


def transferred(whole: GithubSite) -> GithubSite:
    """Its number and address are others there, its id stays."""
    first, *others = _shop(whole).issues
    told = TimelineEvent(
        "TransferredEvent", "T_1", CHANGED, "ann", {"fromRepository": _shop(whole).node_id}
    )
    url = "https://github.test/acme/depot/issues/7"
    arrived = replace(first, number=7, url=url, updated_at=CHANGED, events=(told,))
    return changed(whole, others, arrived)


def discussed(whole: GithubSite) -> GithubSite:
    first, *others = _shop(whole).issues
    events = tuple(
        TimelineEvent(kind, f"D_{kind}", CHANGED, "ann")
        for kind in ("ClosedEvent", "ConvertedToDiscussionEvent")
    )
    closed = replace(
        first, state="CLOSED", state_reason="COMPLETED", closed_at=CHANGED, updated_at=CHANGED,
        events=events,
    )  # fmt: skip
    return changed(whole, [*others, closed])


def hidden(whole: GithubSite) -> GithubSite:
    """Made private: for a token that may not see it, it is not there."""
    return replace(whole, repositories=whole.repositories[1:])


def _shop(whole: GithubSite) -> GithubRepository:
    return whole.repositories[0]


def counted(folder: Path, at: datetime) -> dict[str, str]:
    """The category of each item by its key, at an instant."""
    with Store(folder / "store").read() as con:
        found = items_at(from_store(con), at.replace(tzinfo=None), Policy()).items
        return {row["key"]: row["category"] for row in records(found)}


OPEN = {f"acme/shop#{number}": "todo" for number in range(1, 11)}
OTHERS = {key: said for key, said in OPEN.items() if key != "acme/shop#1"}


@pytest.mark.parametrize(
    ("scope", "happens", "now"),
    [
        (BOTH[:1], deleted, OTHERS),
        (BOTH[:1], transferred, OTHERS),
        (BOTH, transferred, OTHERS | {"acme/depot#7": "todo"}),
        (BOTH, discussed, OTHERS | {"acme/shop#1": "dropped"}),
    ],
    ids=["deleted", "transferred out of the scope", "within it", "made a discussion"],
)
def test_what_left(
    server: FaultyGithub,
    tmp_path: Path,
    scope: tuple[str, ...],
    happens: Change,
    now: dict[str, str],
) -> None:
    asked = server.source(repositories=scope)
    synced(tmp_path, asked, NOW)
    assert server.site
    server.load(happens(server.site))
    synced(tmp_path, asked, LATER)
    assert counted(tmp_path, LATER) == now
    before = counted(tmp_path, NOW)
    assert (len(before), set(before.values())) == (10, {"todo"}), "it is still there in the past"


def test_what_was_transferred_and_came_back_is_one_item(
    server: FaultyGithub, tmp_path: Path
) -> None:
    asked = server.source(repositories=BOTH[:1])
    synced(tmp_path, asked, NOW)
    assert server.site
    whole = server.site
    server.load(transferred(whole))
    synced(tmp_path, asked, LATER)
    first, *others = _shop(whole).issues
    server.load(changed(whole, [*others, replace(first, number=11, updated_at=stamp(day(103)))]))
    synced(tmp_path, asked, LATER + timedelta(days=2))
    found = [len(there(tmp_path, at)) for at in (NOW, LATER, LATER + timedelta(days=2))]
    assert found == [10, 9, 10]
    assert "acme/shop#11" in counted(tmp_path, LATER + timedelta(days=2))


def test_a_named_repository_that_was_made_private_fails_and_its_items_stay(
    server: FaultyGithub, tmp_path: Path
) -> None:
    asked = server.source(repositories=BOTH)
    synced(tmp_path, asked, NOW)
    assert server.site
    server.load(hidden(server.site))
    with pytest.raises(SourceError, match="acme/shop"):
        synced(tmp_path, asked, LATER)
    assert len(there(tmp_path, LATER)) == 10


def test_a_repository_of_an_organization_that_was_made_private_takes_its_items_along(
    server: FaultyGithub, tmp_path: Path
) -> None:
    asked = server.source(organization="acme")
    synced(tmp_path, asked, NOW)
    assert server.site
    server.load(hidden(server.site))
    synced(tmp_path, asked, LATER)
    assert (len(there(tmp_path, NOW)), len(there(tmp_path, LATER))) == (10, 0)


def test_a_sweep_that_would_lose_too_much_is_not_believed(
    server: FaultyGithub, tmp_path: Path
) -> None:
    asked = server.source()
    synced(tmp_path, asked, NOW)
    server.load(site([site_issue(1, 101)]))
    with pytest.raises(SourceError, match="9 of 10 items"):
        synced(tmp_path, asked, LATER)
    assert len(there(tmp_path, LATER)) == 10
