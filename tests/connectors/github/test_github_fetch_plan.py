"""What is asked, how often and by how many at a time: the fetch plan against a simulated GitHub."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Any

import pytest

from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.abreast import abreast
from pmo_sync.connectors.github.overflow import TOGETHER
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.github_site import GithubIssue
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.errors import SourceError
from pmo_sync.model import Batch, Spent
from tests.connectors.github.github_samples import (
    FaultyGithub,
    Recorder,
    graphql_errors,
    renamings,
    several,
    site,
    site_issue,
)

NOW = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        yield server


def sync(
    server: FaultyGithub,
    state: dict[str, str] | None = None,
    *,
    now: datetime = NOW,
    connections: int = 1,
    **fields: Any,
) -> tuple[list[Batch], dict[str, str]]:
    """The batches of a sync, and the state after it."""
    server.asked.clear()
    before = dict(state or {})
    hasty = Patience(first=0.0, secondary=0.0)
    made = GithubConnector(
        server.source(**fields), Recorder(), patience=hasty, connections=connections
    )
    batches = list(made.sync(before, now=now))
    return batches, before | {key: text for batch in batches for key, text in batch.state.items()}


def asked(server: FaultyGithub) -> list[str]:
    return [
        str(one["query"]).split("query ")[1].split("(")[0].split(" ")[0] for one in server.asked
    ]


def keys(batches: list[Batch]) -> list[str]:
    return [record.item.key.partition("#")[2] for batch in batches for record in batch.items]


OPEN = [site_issue(number) for number in range(1, 251)]


def blocked(number: int, *by: int) -> list[GithubIssue]:
    """The open issues, of which one is blocked by others; its time of change stays."""
    blockers = tuple(f"I_{one}" for one in by)
    return [replace(one, blocked_by=blockers) if one.number == number else one for one in OPEN]


def test_ties_that_move_no_time_are_seen_a_day_later(server: FaultyGithub) -> None:
    server.load(site(OPEN))
    _, state = sync(server)
    server.load(site(blocked(7, 8)))
    batches, same = sync(server, state, now=NOW + DAY / 2)
    assert (asked(server), same) == (["Repositories"], state), "nothing has changed, they say"

    batches, state = sync(server, state, now=NOW + DAY)
    assert asked(server) == ["Server", "Repositories", "Ties", "Ties", "Ties", "Again"]
    assert keys(batches) == ["7", "8"], "who is blocked, and who blocks"
    links = {
        (one.from_id, one.to_id, one.kind) for b in batches for r in b.items for one in r.links
    }
    assert len(links) == 1

    batches, state = sync(server, state, now=NOW + 2 * DAY)
    assert asked(server)[-4:] == ["Repositories", "Ties", "Ties", "Ties"]
    assert keys(batches) == []

    server.load(site(OPEN))
    batches, _ = sync(server, state, now=NOW + 3 * DAY)
    assert keys(batches) == ["7", "8"], "and once more when it is unblocked"


def test_what_was_asked_is_told_by_its_kind(server: FaultyGithub) -> None:
    server.load(site(OPEN))
    _, state = sync(server)
    progress = Recorder()
    list(GithubConnector(server.source(), progress).sync(state, now=NOW + DAY))
    assert progress.steps[-1].startswith(
        "5 requests (Ties 3, Server 1, Repositories 1), 6 points spent, "
    )


def test_points_that_a_first_reading_will_lack_are_foretold(server: FaultyGithub) -> None:
    def nearly_spent(_: Request, proper: Response) -> Response:
        kept = tuple(one for one in proper.headers if one[0] != "X-RateLimit-Remaining")
        return replace(proper, headers=(*kept, ("X-RateLimit-Remaining", "11")))

    server.load(site(OPEN))
    server.faults.extend([None, nearly_spent])
    progress = Recorder()
    list(GithubConnector(server.source(), progress).sync({}, now=NOW))
    assert progress.steps[0] == "about 15 points are needed, 11 are left of this hour"


def test_ties_that_a_first_reading_met_are_not_read_again(server: FaultyGithub) -> None:
    server.load(site(blocked(7, 8, 9)))
    _, state = sync(server)
    batches, _ = sync(server, state, now=NOW + DAY)
    assert (asked(server).count("Ties"), asked(server).count("Again"), keys(batches)) == (3, 0, [])


def test_issues_with_long_lists_are_completed_together(server: FaultyGithub) -> None:
    long = [site_issue(n, events=renamings(n, 150)) for n in range(1, 2 * TOGETHER + 1)]
    server.load(site(long))
    batches, _ = sync(server)
    assert asked(server).count("More") == 2
    titles = [
        sum(row.field == "title" for row in record.history) for b in batches for record in b.items
    ]
    assert titles == [151] * 40


def test_lists_are_completed_in_halves_where_the_server_does_not_manage(
    server: FaultyGithub,
) -> None:
    server.load(site([site_issue(n, events=renamings(n, 150)) for n in range(1, 5)]))
    server.faults.extend([None, None, None, *[Response(b"", 502)] * 4])
    batches, _ = sync(server)
    assert asked(server).count("More") == 4 + 2
    assert all(sum(row.field == "title" for row in r.history) == 151 for r in batches[1].items)


def test_a_first_reading_with_a_hole_asks_for_the_ids(server: FaultyGithub) -> None:
    """What is not known by its id must not be taken for gone."""

    def hole(_: Request, proper: Response) -> Response:
        answer = json.loads(proper.body)
        answer["data"]["repository"]["issues"]["nodes"][2] = None
        path = ["repository", "issues", "nodes", 2]
        answer["errors"] = [{"type": "FORBIDDEN", "message": "Not for you.", "path": path}]
        return json_response(answer)

    server.load(site(OPEN[:5]))
    server.faults.extend([None, None, hole])
    batches, _ = sync(server)
    assert asked(server)[-1] == "Ids"
    assert [len(sweep.item_ids) for batch in batches for sweep in batch.sweeps] == [5]
    assert [one.reason for batch in batches for one in batch.rejected] == ["Not for you."]


def test_a_server_that_is_older_is_asked_for_what_it_has(server: FaultyGithub) -> None:
    def older(_: Request, proper: Response) -> Response:
        body = proper.body
        for name in (b'"blockedBy"', b'"blocking"', b'"parent"', b'"issueType"'):
            body = body.replace(b'"name":' + name, b'"name":"no"')
        return replace(proper, body=body)

    server.load(site(OPEN[:5]))
    server.faults.append(older)
    batches, state = sync(server)
    assert len(keys(batches)) == 5
    texts = " ".join(str(one["query"]) for one in server.asked[2:])
    assert not any(word in texts for word in ("blockedBy(", "blocking("))
    batches, _ = sync(server, state, now=NOW + DAY)
    assert len(keys(batches)) == 5, "once it has more, all is read anew"


def many(count: int) -> list[tuple[str, list[GithubIssue]]]:
    return [
        (
            f"acme/r{index}",
            [
                replace(one, node_id=f"I_{index}_{one.number}", database_id=10_000 * index + n)
                for n, one in enumerate(OPEN[:120], 1)
            ],
        )
        for index in range(1, 9)
    ]


def test_repositories_are_read_several_at_a_time_and_no_more(server: FaultyGithub) -> None:
    repositories = many(8)
    server.load(several(repositories))
    busy, most, lock = [0], [0], Lock()

    def slow(request: Request, answer: Any) -> Response:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        try:
            return answer(request)  # type: ignore[no-any-return]
        finally:
            with lock:
                busy[0] -= 1

    scope = tuple(name for name, _ in repositories)
    alone, state = sync(server, repositories=scope)
    server.between = slow
    together, same = sync(server, repositories=scope, connections=4)
    assert most[0] == 4
    assert same == state
    assert sorted(record.item.item_id for b in together for record in b.items) == sorted(
        record.item.item_id for b in alone for record in b.items
    )
    for name in scope:
        pages = [b.state[name] for b in together if name in b.state]
        assert len(pages) == 3, "in order, two pages and the sweep"
        assert pages[-1] == state[name]


def test_a_limit_that_outlasts_patience_keeps_what_was_read(server: FaultyGithub) -> None:
    repositories = many(8)
    server.load(several(repositories))
    scope = tuple(name for name, _ in repositories)
    spent = graphql_errors({"type": "RATE_LIMIT", "message": "API rate limit already exceeded"})
    spent = replace(
        spent, headers=(("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "99999999999"))
    )
    server.faults.extend([*[None] * 8, *[spent] * 9])
    made = GithubConnector(
        server.source(repositories=scope), Recorder(), patience=Patience(), connections=3
    )
    kept: list[Batch] = []
    with pytest.raises(SourceError, match="the next sync goes on from there") as caught:
        kept.extend(made.sync({}, now=NOW))
    assert caught.value.exit_code == 3
    server.faults.clear()


def test_what_is_ready_is_handed_over_before_an_error_is_raised() -> None:
    def reader(name: str, fail: bool) -> Iterator[str]:
        for number in range(3):
            yield f"{name}{number}"
        if fail:
            raise ValueError(name)

    readers = [lambda name=name: reader(name, name == "b") for name in "abc"]
    got: list[str] = []
    with pytest.raises(ValueError, match="b"):
        for one in abreast(readers, 2, Event()):
            got.append(one)  # noqa: PERF402 (what came before the error counts)
    assert {"b0", "b1", "b2"} <= set(got)
    for name in "abc":
        assert [one for one in got if one[0] == name] == sorted(
            one for one in got if one[0] == name
        )


def test_who_wants_no_more_stops_the_readers() -> None:
    read: list[int] = []

    def reader() -> Iterator[int]:
        for number in range(10_000):
            read.append(number)
            yield number

    stopped = Event()
    results = abreast([reader, reader], 2, stopped)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert stopped.is_set()
    time.sleep(0.3)
    assert len(read) < 20, "little is read ahead"


def spent(server: FaultyGithub, state: dict[str, str] | None = None, **fields: Any) -> Spent:
    hasty = Patience(first=0.0, secondary=0.0)
    made = GithubConnector(server.source(**fields), Recorder(), patience=hasty, connections=1)
    list(made.sync(state or {}, now=NOW))
    assert made.spent.data + made.spent.site == made.requests
    return made.spent


def test_what_a_sync_cost_is_told_beside_the_least(server: FaultyGithub) -> None:
    server.load(site(OPEN))
    assert spent(server) == Spent(data=1 + 3, least=1 + 3, site=1), "a probe, 250 issues"
    _, state = sync(server)
    assert spent(server, state) == Spent(data=1, least=1, site=0)
    server.faults.extend([None, None, Response(b"", 502), Response(b"", 502)])
    shaken = spent(server)
    assert (shaken.least, shaken.data > shaken.least, shaken.site) == (4, True, 1)
    server.load(site([site_issue(n, events=renamings(n, 150)) for n in range(1, 2 * TOGETHER + 1)]))
    assert spent(server) == Spent(data=1 + 1 + 2, least=1 + 1 + 2, site=1), (
        "what was cut: 20 a time"
    )
    server.load(site([]))
    assert spent(server) == Spent(data=1, least=1, site=1)
