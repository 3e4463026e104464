"""What real data does: 517 recorded issues through the real client, counted again from the file.

Each test is a sentence about GitHub of the notes that came with the recordings.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.story import TOPICS
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.recorded_github import github_site
from pmo_sync.model import Batch, HistoryRow, ItemRecord, Milestone, Person
from tests.connectors.github.github_samples import RECORDED, Recorder, event, mapped

FOLDER = RECORDED / "github-secp256k1"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason=f"the recorded GitHub threads are not at {FOLDER}"
)
KEY = "bitcoin-core/secp256k1"
NOW = datetime(2026, 6, 30, tzinfo=UTC)
TOKEN = "a-token-for-recordings"


class Synced:
    """The recorded repository after one sync."""

    def __init__(self, batches: list[Batch], requests: int, steps: list[str]) -> None:
        self.requests, self.steps = requests, steps
        items = [record for batch in batches for record in batch.items]
        self.count = len(items)
        self.records: dict[int, ItemRecord] = {
            int(record.item.key.rpartition("#")[2]): record for record in items
        }
        self.persons: dict[str, Person] = {
            person.person_id: person for batch in batches for person in batch.persons
        }
        self.milestones: dict[str, Milestone] = {
            one.milestone_id: one for batch in batches for one in batch.milestones
        }
        self.rejected = [one for batch in batches for one in batch.rejected]
        self.swept = [len(sweep.item_ids) for batch in batches for sweep in batch.sweeps]

    def history(self, number: int, field: str) -> list[HistoryRow]:
        return [row for row in self.records[number].history if row.field == field]

    def all(self, field: str) -> Iterator[HistoryRow]:
        return (row for record in self.records.values() for row in record.history
                if row.field == field)  # fmt: skip


@pytest.fixture(scope="module")
def raw() -> list[dict[str, Any]]:
    with gzip.open(FOLDER / "threads.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def issues(raw: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {one["issue"]["number"]: one for one in raw if one["type"] == "issue"}


@pytest.fixture(scope="module")
def synced() -> Synced:
    with GithubServer(TOKEN) as server:
        server.load(github_site(FOLDER))
        token = Secret("inline", TOKEN, "source.token")
        source = Source("gh", "github", server.url, token=token, repositories=(KEY,))
        progress = Recorder()
        connector = GithubConnector(source, progress)
        batches = list(connector.sync({}, now=NOW))
        return Synced(batches, connector.requests, progress.steps)


def told(thread: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    return [one for one in thread["events"] if one["event"] in kinds]


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_most_of_rest_issues_are_pull_requests_and_none_of_ours_is(
    raw: list[dict[str, Any]], issues: dict[int, Any], synced: Synced
) -> None:
    assert (len(raw), len(issues)) == (1825, 517)
    assert set(synced.records) == set(issues)
    assert (synced.count, synced.swept, synced.rejected) == (517, [517], [])
    assert synced.requests <= 2 + 6


def test_ids_keys_times_and_titles_are_those_of_the_file(
    issues: dict[int, Any], synced: Synced
) -> None:
    for number, thread in issues.items():
        item, issue = synced.records[number].item, thread["issue"]
        assert item.item_id == f"github.com#{issue['id']}"
        assert (item.key, item.title, item.url) == (
            f"{KEY}#{number}",
            issue["title"],
            issue["html_url"],
        )
        assert (item.created, item.updated) == (
            when(issue["created_at"]),
            when(issue["updated_at"]),
        )


def test_issues_by_state_and_reason(issues: dict[int, Any], synced: Synced) -> None:
    expected = Counter(
        "discussion" if told(thread, "converted_to_discussion")
        else "open" if thread["issue"]["state"] == "open" else thread["issue"]["state_reason"]
        for thread in issues.values()
    )  # fmt: skip
    assert Counter(one.item.status for one in synced.records.values()) == expected
    assert expected == {
        "completed": 399,
        "open": 81,
        "not_planned": 25,
        "discussion": 11,
        "duplicate": 1,
    }


def test_every_closing_and_reopening_is_a_change_of_status(
    issues: dict[int, Any], synced: Synced
) -> None:
    """Events do not say why; the last closing is as the issue is now, earlier ones completed."""
    for number, thread in issues.items():
        changes = sorted(told(thread, "closed", "reopened"), key=lambda one: one["created_at"])
        expected = [("open", when(thread["issue"]["created_at"]))]
        for one in changes:
            value = "open" if one["event"] == "reopened" else "completed"
            if one is changes[-1] and thread["issue"]["state"] == "closed":
                value = thread["issue"]["state_reason"]
            if value != expected[-1][0]:
                expected.append((value, when(one["created_at"])))
        rows = synced.history(number, "status")
        if not told(thread, "converted_to_discussion"):
            assert [(row.value, row.valid_from) for row in rows] == expected
        if closed := thread["issue"].get("closed_at"):
            [*_, last] = [row.valid_to for row in rows if row.value == "open"]
            assert last and abs((last - when(closed)).total_seconds()) <= 1


def test_ghost_authors_are_nobody(issues: dict[int, Any], synced: Synced) -> None:
    ghosts = {n for n, one in issues.items() if one["issue"]["user"]["login"] == "ghost"}
    assert len(ghosts) == 7
    assert {n for n, one in synced.records.items() if one.item.reporter is None} == ghosts
    assert {row.actor for n in ghosts for row in synced.history(n, "status")[:1]} == {None}


def test_events_with_null_actor_count_all_the_same(issues: dict[int, Any], synced: Synced) -> None:
    anonymous = {
        number for number, thread in issues.items()
        if any(one["actor"] is None for one in told(thread, "closed"))
    }  # fmt: skip
    assert anonymous == {649, 915}
    for number in anonymous:
        last = synced.history(number, "status")[-1]
        assert (last.value, last.actor, last.valid_to) == ("completed", None, None)


def test_what_became_a_discussion_has_no_closing_event_and_is_not_delivered(
    issues: dict[int, Any], synced: Synced
) -> None:
    converted = {n: one for n, one in issues.items() if told(one, "converted_to_discussion")}
    assert len(converted) == 11
    for number, thread in converted.items():
        assert thread["issue"]["state_reason"] == "completed" and not thread["issue"].get(
            "closed_by"
        )
        [opened, ended] = synced.history(number, "status")
        assert (opened.value, ended.value) == ("open", "discussion")
        [conversion] = told(thread, "converted_to_discussion")
        assert ended.valid_from == when(conversion["created_at"])


def test_reopened_is_open(issues: dict[int, Any], synced: Synced) -> None:
    reopened = [n for n, one in issues.items() if one["issue"]["state_reason"] == "reopened"]
    assert sorted(reopened) == [1213, 1701]
    for number in reopened:
        values = [row.value for row in synced.history(number, "status")]
        assert values == ["open", "completed", "open"]


def test_milestones_were_renamed_and_their_events_were_not(
    issues: dict[int, Any], synced: Synced
) -> None:
    for number, thread in issues.items():
        now = thread["issue"].get("milestone")
        current = [r.value for r in synced.history(number, "milestone") if r.valid_to is None]
        names = [synced.milestones[value].name for value in current if value]
        assert names == ([now["title"]] if now else [])
    [stable, planned] = synced.history(1176, "milestone")
    assert told(issues[1176], "milestoned")[-1]["milestone"]["title"] == "0.3.1 (or 0.4.0)"
    assert [synced.milestones[str(row.value)].name for row in (stable, planned)] == [
        "stable release (1.0.0-rc.1)", "0.4.0",
    ]  # fmt: skip
    lost = [synced.milestones[str(row.value)] for row in synced.history(1175, "milestone")]
    assert [one.name for one in lost if one.state == "unknown"] == [
        "0.3.1 (or 0.4.0)", "0.6.1",
    ]  # fmt: skip


def test_every_milestoning_that_lasted_is_a_row(issues: dict[int, Any], synced: Synced) -> None:
    entered = Counter(n for n, one in issues.items() for _ in told(one, "milestoned"))
    assert entered == Counter(
        int(record.item.key.rpartition("#")[2])
        for record in synced.records.values() for row in record.history if row.field == "milestone"
    )  # fmt: skip
    assert sum(entered.values()) == 54


def test_an_open_issue_may_be_in_a_closed_milestone_and_a_milestone_have_no_date(
    issues: dict[int, Any], synced: Synced
) -> None:
    open_in_closed = set()
    for number, thread in issues.items():
        milestone = thread["issue"].get("milestone")
        if milestone:
            [row] = [r for r in synced.history(number, "milestone") if r.valid_to is None]
            known = synced.milestones[str(row.value)]
            assert known.state == milestone["state"]
            if (thread["issue"]["state"], known.state) == ("open", "closed"):
                open_in_closed.add(number)
            assert (known.due is None) == ("due_on" not in milestone)
            assert (known.finished is None) == ("closed_at" not in milestone)
    assert open_in_closed == {1095}


def test_labels_now_are_those_of_the_file_and_renamed_ones_keep_their_time(
    issues: dict[int, Any], synced: Synced
) -> None:
    for number, thread in issues.items():
        there = {row.value for row in synced.history(number, "label") if row.valid_to is None}
        assert there == {label["name"] for label in thread["issue"]["labels"]}
    [row] = [row for row in synced.history(1632, "label") if row.value == "tweak/refactor"]
    [renamed] = [one for one in told(issues[1632], "labeled")
                 if one["label"]["name"] == "refactor/smell"]  # fmt: skip
    assert row.valid_from == when(renamed["created_at"])


def test_a_bot_may_be_an_assignee(issues: dict[int, Any], synced: Synced) -> None:
    bots = {n for n, one in issues.items()
            if any(who["type"] == "Bot" for who in one["issue"]["assignees"])}  # fmt: skip
    assert len(bots) == 2
    for number in bots:
        kinds = {synced.persons[str(row.value)].kind for row in synced.history(number, "assignee")
                 if row.valid_to is None}  # fmt: skip
        assert "app" in kinds


def test_assignees_now_are_those_of_the_file(issues: dict[int, Any], synced: Synced) -> None:
    for number, thread in issues.items():
        there = {row.value for row in synced.history(number, "assignee") if row.valid_to is None}
        assert there == {f"github.com#{who['id']}" for who in thread["issue"]["assignees"]}


def test_renamed_issues_had_other_titles(issues: dict[int, Any], synced: Synced) -> None:
    renamed = {n: told(one, "renamed") for n, one in issues.items() if told(one, "renamed")}
    for number, renames in renamed.items():
        titles = [row.value for row in synced.history(number, "title")]
        assert (
            titles[0] == renames[0]["rename"]["from"] and titles[-1] == renames[-1]["rename"]["to"]
        )
    assert {n for n, one in issues.items() if synced.history(n, "title")} == set(renamed)


def test_unknown_and_untimed_events_do_not_stop_an_issue(raw: list[dict[str, Any]]) -> None:
    kinds = {f"{one['event'].title().replace('_', '').replace('-', '')}Event"
             for thread in raw for one in thread["events"]}  # fmt: skip
    unknown = sorted(kinds - TOPICS.keys())
    assert "CopilotWorkStartedEvent" in unknown
    result = mapped(*(event(kind, 1) for kind in unknown), event("ClosedEvent", None))
    assert [row.value for row in result.record.history if row.field == "status"] == ["open"]
    assert result.notes == {"event of an unknown type": len(unknown), "event without a time": 1}


def test_nothing_is_before_the_issue_or_overlaps(synced: Synced) -> None:
    for record in synced.records.values():
        spans: dict[tuple[str, str | None], list[HistoryRow]] = {}
        for row in record.history:
            assert row.valid_from >= record.item.created
            several = row.field in ("label", "assignee")
            spans.setdefault((row.field, row.value if several else None), []).append(row)
        for rows in spans.values():
            for one, other in pairwise(rows):
                assert one.valid_to is not None and one.valid_to <= other.valid_from


def test_disagreements_are_told(synced: Synced) -> None:
    assert all(step.startswith(f"{KEY}: ") for step in synced.steps[:-1])
    assert " requests (" in synced.steps[-1], "and what it cost"
    assert any("label disagrees with its events" in step for step in synced.steps)
    assert not any("status disagrees" in step for step in synced.steps)
