"""Pull requests, releases and deployments through whole syncs against a simulated GitHub."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.links import keys_in
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.github_deliveries import GithubDeployment, GithubRelease
from pmo_sync.demo.github_pull_site import GithubPull
from pmo_sync.demo.github_site import GithubSite
from pmo_sync.model import Batch, Delivery
from tests.connectors.github.github_samples import (
    FaultyGithub,
    Recorder,
    day,
    site,
    site_issue,
    stamp,
)

NOW = datetime(2025, 1, 1, tzinfo=UTC)
SITE = "github.test"


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        yield server


def pull(number: int, updated: float = 20, **fields: Any) -> GithubPull:
    fields.setdefault("state", "OPEN")
    return GithubPull(
        f"PR_{number}", 5000 + number, number, fields.pop("title", f"Pull {number}"),
        f"https://github.test/acme/shop/pull/{number}", created_at=stamp(day(10)),
        updated_at=stamp(day(updated)), base="main", head=fields.pop("head", "topic"),
        author=fields.pop("author", "ann"), **fields,
    )  # fmt: skip


def world(*pulls: GithubPull, **fields: Any) -> GithubSite:
    return site([site_issue(1), site_issue(2)], pulls=pulls, **fields)


class Synced:
    """What a sync handed over, and what it asked."""

    def __init__(
        self, server: FaultyGithub, state: dict[str, str] | None = None, **fields: Any
    ) -> None:
        server.asked.clear()
        self.progress = Recorder()
        hasty = Patience(first=0.0, secondary=0.0, retries=1)
        connector = GithubConnector(server.source(**fields), self.progress, patience=hasty)
        self.batches: list[Batch] = list(connector.sync(state or {}, now=NOW))
        self.state = (state or {}) | {k: v for one in self.batches for k, v in one.state.items()}
        self.asked = [str(one["query"]).split("query ")[1].split("(")[0].split(" ")[0]
                      for one in server.asked]  # fmt: skip

    def all(self, name: str) -> list[Any]:
        return [one for batch in self.batches for one in getattr(batch, name)]

    def links(self) -> set[tuple[str, str, str]]:
        told = [*self.all("pulls"), *self.all("items")]
        return {(one.from_key, one.kind, one.to_key) for each in told for one in each.links}


def test_a_pull_request_is_evidence_of_what_it_closes_and_names(server: FaultyGithub) -> None:
    merged = pull(
        11, title="PAY-12: pay by card", head="feature/SHOP-7-basket", state="MERGED",
        body="Closes #1, see OPS-3. UTF-8 and a PAY-12x are no keys.", closes=("I_1",),
        merged_at=stamp(day(15)), closed_at=stamp(day(15)),
    )  # fmt: skip
    server.load(world(merged, pull(12, draft=True)))
    synced = Synced(server)
    assert synced.links() == {
        ("acme/shop#11", "closes", "acme/shop#1"), ("acme/shop#11", "relates", "PAY-12"),
        ("acme/shop#11", "relates", "SHOP-7"), ("acme/shop#11", "relates", "OPS-3"),
    }  # fmt: skip
    one, other = (record.pull for record in sorted(synced.all("pulls"), key=lambda r: r.pull.key))
    assert (one.pull_id, one.state, one.merged) == (f"{SITE}#5011", "merged", day(15))
    assert (other.state, other.draft) == ("open", True)
    assert {record.item.type for record in synced.all("items")} == {"Issue"}
    [named] = [link for link in synced.all("pulls")[0].links if link.to_key == "PAY-12"] or [
        link for link in synced.all("pulls")[1].links if link.to_key == "PAY-12"
    ]
    assert named.to_id == "?#PAY-12"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("PAY-12", ("PAY-12",)),
        ("[PAY-12] fix, (A1_B-7)", ("PAY-12", "A1_B-7")),
        ("https://jira.example/browse/PAY-12?x=1", ("PAY-12",)),
        ("PAY-12 and PAY-12 again", ("PAY-12",)),
        ("pay-12 P-1 PAY-0 XPAY-12a UTF-8 SHA-256 CVE-2024-1 GH-5 1PAY-3 x.PAY-4", ()),
    ],
)
def test_keys_are_found_in_texts(text: str, keys: tuple[str, ...]) -> None:
    assert keys_in(text) == keys


def test_a_bots_text_names_nothing(server: FaultyGithub) -> None:
    server.load(world(pull(11, author="helper", body="Upstream fixed HADOOP-1", head="x/PAY-3")))
    assert Synced(server).links() == {("acme/shop#11", "relates", "PAY-3")}


def test_pull_requests_are_work_items_where_the_source_says_so(server: FaultyGithub) -> None:
    merged = pull(11, state="MERGED", merged_at=stamp(day(15)), closed_at=stamp(day(15)),
                  assignees=("ann",), closes=("I_1",))  # fmt: skip
    given_up = pull(12, state="CLOSED", closed_at=stamp(day(16)))
    server.load(world(merged, given_up))
    synced = Synced(server, pull_requests="items")
    found = {one.item.key: one for one in synced.all("items") if one.item.type == "Pull request"}
    assert {key: one.item.status for key, one in found.items()} == {
        "acme/shop#11": "pull/merged", "acme/shop#12": "pull/closed",
    }  # fmt: skip
    record = found["acme/shop#11"]
    assert record.item.container == "acme/shop/pulls", "the sweep of issues says nothing of it"
    assert [(row.field, row.value, row.valid_from) for row in record.history] == [
        ("status", "pull/open", day(10)), ("status", "pull/merged", day(15)),
        ("assignee", f"{SITE}#1", day(10)),
    ]  # fmt: skip
    assert {one.value: one.category for one in synced.all("terms")}["pull/closed"] == "dropped"


def test_with_nothing_new_no_evidence_is_read(server: FaultyGithub) -> None:
    server.load(world(pull(11), releases=(GithubRelease("RE_1", "v1", stamp(day(5))),)))
    first = Synced(server)
    assert first.asked[-2:] == ["PullRequests", "Releases"]
    again = Synced(server, first.state)
    assert again.asked == ["Repositories"] and again.state == first.state
    server.load(world(pull(11), pull(12, 30)))
    changed = Synced(server, first.state)
    told = [one.pull.key for one in changed.all("pulls")]
    assert told == ["acme/shop#12", "acme/shop#11"], "and what lies within the overlap"


def test_evidence_is_read_back_to_what_is_known(server: FaultyGithub) -> None:
    old = [pull(number, number / 10) for number in range(10, 260)]
    server.load(world(*old))
    first = Synced(server)
    assert first.asked.count("PullRequests") == 3 and len(first.all("pulls")) == 250
    server.load(world(*old[1:], replace(old[0], updated_at=stamp(day(40)))))
    second = Synced(server, first.state)
    assert second.asked.count("PullRequests") == 1
    assert [one.pull.key for one in second.all("pulls")] == ["acme/shop#10", "acme/shop#259"]


def test_releases_and_deployments_are_deliveries(server: FaultyGithub) -> None:
    releases = (
        GithubRelease("RE_1", "v1.0", stamp(day(5)), stamp(day(6)), "One", author="ann"),
        GithubRelease("RE_2", "v1.1", stamp(day(7))),
    )
    steps = (("QUEUED", stamp(day(8))), ("SUCCESS", stamp(day(9))), ("INACTIVE", stamp(day(12))))
    deployments = (
        GithubDeployment("DE_1", "production", "INACTIVE", stamp(day(8)), "ann", steps, "main"),
        GithubDeployment("DE_2", "staging", "FAILURE", stamp(day(9)), "helper",
                         (("FAILURE", stamp(day(9))),)),
    )  # fmt: skip
    server.load(world(releases=releases, deployments=deployments))
    found: dict[str, Delivery] = {
        one.delivery_id.rpartition("#")[2]: one for one in Synced(server).all("deliveries")
    }
    assert {key: (one.kind, one.name, one.state, one.delivered) for key, one in found.items()} == {
        "RE_1": ("release", "One", "published", day(6)),
        "RE_2": ("release", "v1.1", "draft", None),
        "DE_1": ("deployment", "main", "inactive", day(9)),
        "DE_2": ("deployment", "deployment", "failure", None),
    }
    assert found["DE_1"].environment == "production"


@pytest.mark.parametrize("organization", [None, "acme"])
def test_evidence_that_the_token_may_not_read_spoils_nothing_else(
    server: FaultyGithub, organization: str | None
) -> None:
    server.load(world(pull(11), unreadable=frozenset({"releases", "deployments"})))
    scope: dict[str, Any] = {"organization": organization} if organization else {}
    synced = Synced(server, **scope)
    assert len(synced.all("items")) == 2 and len(synced.all("pulls")) == 1
    assert "acme/shop: list of evidence that this token may not read: 2" in synced.progress.steps


def test_evidence_can_be_left_out(server: FaultyGithub) -> None:
    server.load(world(pull(11)))
    assert Synced(server, pull_requests="ignore").asked == ["Server", "Repositories", "Issues"]
