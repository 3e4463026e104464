"""Projects v2 through whole syncs against a simulated GitHub: what boards say, and since when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.github_board_site import BoardStatus
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch, HistoryRow, ItemRecord, Term
from tests.connectors.github.board_samples import (
    FIELDS,
    board,
    draft,
    moves,
    row,
    site_with,
)
from tests.connectors.github.github_samples import (
    FaultyGithub,
    Recorder,
    day,
    site_issue,
    stamp,
)

SITE = "github.test"
NOW = day(60)
HASTY = Patience(first=0.0, secondary=0.0, retries=1)
VALUES = {
    "Status": "o_In Progress", "Estimate": 5.0, "Target date": "2024-03-01", "Priority": "p_High",
    "Sprint": "it1", "Answer": "Mitigate",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        yield server


def sync(
    server: FaultyGithub, state: dict[str, str] | None = None, now: datetime = NOW, **fields: Any
) -> "Synced":
    server.asked.clear()
    fields.setdefault("boards", ("acme/5",))
    connector = GithubConnector(server.source(**fields), Recorder(), patience=HASTY)
    return Synced(list(connector.sync(state or {}, now=now)), state or {})


class Synced:
    """What a sync handed over."""

    def __init__(self, batches: list[Batch], before: dict[str, str]) -> None:
        self.batches = batches
        self.state = before | {k: v for one in batches for k, v in one.state.items()}
        self.records: dict[str, ItemRecord] = {
            record.item.key: record for one in batches for record in one.items
        }

    def seen(self, number: int) -> dict[str, str | None]:
        """What was observed of an issue: the last word of each field."""
        item_id = f"{SITE}#{1000 + number}"
        every = [o for one in self.batches for o in one.observations]
        records = [record for one in self.batches for record in one.items]
        every += [o for record in records for o in record.observations]
        empty = [name for one in records if one.item.item_id == item_id for name in one.empty]
        return {o.field: o.value for o in every if o.entity_id == item_id} | dict.fromkeys(empty)

    def statuses(self, key: str) -> list[tuple[str | None, float]]:
        rows: list[HistoryRow] = [one for one in self.records[key].history if one.field == "status"]
        return [(one.value, (one.valid_from - day(0)).days) for one in rows]

    def all(self, name: str) -> list[Any]:
        return [one for batch in self.batches for one in getattr(batch, name)]


def test_a_board_tells_values_of_every_kind(server: FaultyGithub) -> None:
    server.load(site_with([board([row(1, values=VALUES), row(2)])], [site_issue(1), site_issue(2)]))
    synced = sync(server, fields={"response": "Answer"})
    assert synced.seen(1) == {  # a field that no board has is the issue's own
        "points": "5.0", "due": "2024-03-01", "priority": "high",
        "iteration": f"{SITE}#PVT_5/iteration/it1", "response": "Mitigate",
        "status@acme/projects/5": "In Progress", "start": None,
    }  # fmt: skip
    assert set(synced.seen(2).values()) == {None, ""}
    assert Term(SITE, "priority", "urgent", "Urgent", rank=0) in synced.all("terms")
    spans = {(one.name, one.state, one.end) for one in synced.all("iterations")}
    assert spans == {
        ("Sprint 1", "closed", datetime(2024, 1, 15, tzinfo=UTC)),
        ("Sprint 2", "active", datetime(2024, 1, 29, tzinfo=UTC)),
    }


@pytest.mark.parametrize("written", ["ann/5", "https://github.test/users/ann/projects/5"])
def test_a_board_may_be_a_users(server: FaultyGithub, written: str) -> None:
    theirs = replace(board([row(1, values=VALUES)]), owner="ann")
    server.load(site_with([theirs], [site_issue(1)]))
    synced = sync(server, boards=(written,))
    assert (synced.seen(1)["points"], synced.seen(1)["due"]) == ("5.0", "2024-03-01")


def test_columns_are_statuses_while_an_issue_is_open(server: FaultyGithub) -> None:
    closed = site_issue(
        1, events=tuple(moves(1, (2, "Todo"), (4, "In Progress"), (9, "Done"))), updated=9
    )
    closed = replace(closed, state="CLOSED", state_reason="COMPLETED", closed_at=stamp(day(8)))
    left = site_issue(2, events=tuple(moves(2, (3, "In Progress"), (5, ""))), updated=9)
    server.load(site_with([board([row(1), row(2)])], [closed, left]))
    synced = sync(server)
    assert synced.statuses("acme/shop#1") == [
        ("open", 1), ("column/Todo", 2), ("column/In Progress", 4), ("completed", 8),
    ]  # fmt: skip
    assert synced.statuses("acme/shop#2") == [("open", 2), ("column/In Progress", 3), ("open", 5)]
    assert Term(SITE, "status", "column/In Progress", "In Progress") in synced.all("terms")


def test_of_several_boards_the_first_rules_and_the_others_are_kept(server: FaultyGithub) -> None:
    events = [*moves(1, (2, "Todo")), *moves(1, (3, "Done"), board="PVT_6")]
    only_six = moves(2, (3, "Done"), board="PVT_6")
    issues = [site_issue(1, events=tuple(events)), site_issue(2, events=tuple(only_six))]
    five = board([row(1, values={"Status": "o_Todo", "Estimate": 3.0})])
    six = board([row(1, values={"Status": "o_Done", "Estimate": 8.0}),
                 row(2, values={"Estimate": 2.0})], number=6)  # fmt: skip
    server.load(site_with([five, six], issues))
    synced = sync(server, boards=("acme/5", "https://github.com/orgs/acme/projects/6/views/1"))
    assert synced.seen(1) == {
        "points": "3.0", "due": None, "priority": None, "iteration": None,
        "status@acme/projects/5": "Todo", "status@acme/projects/6": "Done", "start": None,
    }  # fmt: skip
    assert synced.seen(2)["points"] == "2.0"
    assert synced.statuses("acme/shop#1")[-1][0] == "column/Todo"
    assert synced.statuses("acme/shop#2")[-1][0] == "column/Done"


def test_what_a_board_carries_labels_do_not(server: FaultyGithub) -> None:
    labelled = site_issue(1, labels=("size/8", "priority: low"))
    server.load(site_with([board([row(1)])], [labelled]))
    fields = {one.field for one in sync(server).records["acme/shop#1"].history}
    assert "label" in fields and not {"points", "priority"} & fields
    plain = board([row(1)], fields=FIELDS[:2])
    server.load(site_with([plain], [labelled]))  # whose board has no such fields
    told = {one.field: one.value for one in sync(server).records["acme/shop#1"].history}
    assert (told["points"], told["priority"]) == ("8.0", "low")


def test_a_changed_row_is_told_and_its_issue_read_again(server: FaultyGithub) -> None:
    issues = [site_issue(number) for number in range(1, 4)]
    server.load(site_with([board([row(1), row(2), row(3)])], issues))
    first = sync(server)
    assert sync(server, first.state).records == {}, "with nothing new nothing is read again"
    moved = site_issue(2, events=tuple(moves(2, (70, "Done"))))
    rows = [row(1), row(2, 70, values={"Status": "o_Done", "Estimate": 1.0}), row(3)]
    server.load(site_with([board(rows)], [issues[0], moved, issues[2]]))
    second = sync(server, first.state, now=day(71))
    assert second.seen(2)["points"] == "1.0"
    assert second.seen(1) == {}
    assert list(second.records) == ["acme/shop#2"]
    assert second.statuses("acme/shop#2") == [("open", 2), ("column/Done", 70)]


def test_what_leaves_a_board_has_no_values_there(server: FaultyGithub) -> None:
    issues = [site_issue(1), site_issue(2)]
    server.load(site_with([board([row(1, values=VALUES), row(2)])], issues))
    first = sync(server)
    left = site_issue(1, events=tuple(moves(1, (2, "Todo"), (70, ""))))
    server.load(site_with([board([row(2)])], [left, issues[1]]))
    second = sync(server, first.state, now=day(71))
    assert second.seen(1) == dict.fromkeys(
        ("points", "due", "priority", "iteration", "start", "status@acme/projects/5")
    )
    assert second.statuses("acme/shop#1")[-1] == ("open", 70)


def test_issues_that_only_a_board_leads_to_are_items_until_they_leave_it(
    server: FaultyGithub,
) -> None:
    far = [site_issue(7)]
    server.load(site_with([board([row(1), row(7)])], [site_issue(1)], far))
    for repositories in (("acme/shop",), ()):
        first = sync(server, repositories=repositories)
        assert "acme/depot#7" in first.records or "acme/shop#7" in first.records
    containers = {one.container: one.item_ids for one in first.all("sweeps")}
    assert containers == {
        "acme/projects/5": (),
        "acme/depot": (f"{SITE}#1007",),
        "acme/shop": (f"{SITE}#1001",),
    }
    server.load(site_with([board([row(1)])], [site_issue(1)], far))
    second = sync(server, first.state, now=day(71), repositories=())
    assert {one.container: one.item_ids for one in second.all("sweeps")}["acme/depot"] == ()


def test_drafts_are_items_of_their_board(server: FaultyGithub) -> None:
    rows = [
        draft(20, "An idea", values={"Status": "o_Todo", "Estimate": 2.0}),
        draft(21, "Given up", archived=True, values={"Status": "o_Todo"}),
        draft(22, "Delivered", archived=True, values={"Status": "o_Done"}),
    ]
    server.load(site_with([board(rows)], []))
    synced = sync(server)
    items = {one.item.title: one for one in synced.records.values()}
    assert {title: one.item.status for title, one in items.items()} == {
        "An idea": "column/Todo", "Given up": "archived", "Delivered": "column/Done",
    }  # fmt: skip
    idea = items["An idea"]
    assert (idea.item.type, idea.item.container) == ("Draft", "acme/projects/5")
    assert {one.field: one.value for one in idea.observations}["points"] == "2.0"
    assert [(one.field, one.value) for one in idea.history] == [("assignee", f"{SITE}#1")]
    [sweep] = [one for one in synced.all("sweeps") if one.container == "acme/projects/5"]
    assert len(sweep.item_ids) == 3


def test_an_issue_whose_row_is_archived_stands_where_it_stood(server: FaultyGithub) -> None:
    """Archived rows are out of a board's views alone: the issue itself is open, or closed."""
    closed = site_issue(2, events=tuple(moves(2, (3, "Todo"))), updated=9)
    closed = replace(closed, state="CLOSED", state_reason="NOT_PLANNED", closed_at=stamp(day(8)))
    issues = [site_issue(1, events=tuple(moves(1, (3, "In Progress")))), closed]
    rows = [row(number, values={"Status": "o_Todo", "Estimate": 2.0}) for number in (1, 2)]
    server.load(site_with([board(rows)], issues))
    first = sync(server)
    archived = [replace(one, archived=True, updated_at=stamp(day(70))) for one in rows]
    server.load(site_with([board(archived)], issues))
    second = sync(server, first.state, now=day(71))
    for synced in (first, second):
        assert synced.statuses("acme/shop#1")[-1] == ("column/In Progress", 3)
        assert synced.statuses("acme/shop#2")[-1] == ("not_planned", 8)
        assert synced.seen(1)["points"] == "2.0"


def test_what_was_declared_of_a_board_is_handed_over(server: FaultyGithub) -> None:
    updates = (
        BoardStatus("SU_1", 1, "AT_RISK", stamp(day(10)), "Supplier is late", "ann",
                    "2024-01-01", "2024-06-30"),
        BoardStatus("SU_2", 2, None, stamp(day(11)), "Only words"),
    )  # fmt: skip
    server.load(site_with([board(statuses=updates)], []))
    words, risk = sync(server).all("status_updates")
    assert (risk.level, risk.text, risk.author) == ("at_risk", "Supplier is late", f"{SITE}#1")
    assert (risk.start, risk.target) == (date(2024, 1, 1), date(2024, 6, 30))
    assert (risk.board, risk.board_title, words.level) == ("acme/projects/5", "Board 5", None)
    assert risk.restricted
    server.load(site_with([replace(board(statuses=updates), public=True)], []))
    assert not any(one.restricted for one in sync(server).all("status_updates"))


def test_a_board_that_cannot_be_read_fails_the_sync_after_the_rest(server: FaultyGithub) -> None:
    server.load(site_with([board([row(1)])], [site_issue(1)]))
    with pytest.raises(AccessError, match=r"board acme/projects/9: .*Projects: read"):
        sync(server, boards=("acme/9", "acme/5"))
    server.scopes = ("repo",)
    server.load(site_with([board([row(1)])], [site_issue(1)]))
    with pytest.raises(AccessError, match=r"board acme/projects/5: .*read:project"):
        sync(server)


def test_a_large_board_is_read_in_pages_of_a_hundred(server: FaultyGithub) -> None:
    issues = [site_issue(number) for number in range(1, 251)]
    server.load(site_with([board([row(number) for number in range(1, 251)])], issues))
    state = sync(server).state
    sync(server, state)
    names = [str(one["query"]).split("query ")[1].split("(")[0].split(" ")[0]
             for one in server.asked]  # fmt: skip
    assert names == ["Board", "Repositories", *["BoardItems"] * 2]
