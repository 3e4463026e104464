"""Whole syncs against a simulated GitHub: what is asked, what is handed over, what is resumed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pmo_sync.config import Source
from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.checks import transport
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.github_site import GithubMilestone, Label
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.errors import AccessError, ConfigError, SourceError
from pmo_sync.model import Batch, Term
from tests.connectors.github.github_samples import (
    FaultyGithub,
    Recorder,
    day,
    graphql_errors,
    renamings,
    site,
    site_issue,
    stamp,
)

NOW = datetime(2025, 1, 1, tzinfo=UTC)
SITE = "github.test"
HASTY = Patience(first=0.0, secondary=0.0)
ISSUES = [site_issue(number) for number in range(1, 251)]


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        server.load(site(ISSUES))
        yield server


def connector(
    server: FaultyGithub, progress: Recorder | None = None, **fields: Any
) -> GithubConnector:
    return GithubConnector(server.source(**fields), progress or Recorder(), patience=HASTY)


def sync(server: FaultyGithub, state: dict[str, str] | None = None, **fields: Any) -> list[Batch]:
    server.asked.clear()
    return list(connector(server, **fields).sync(state or {}, now=NOW))


def state_after(batches: list[Batch]) -> dict[str, str]:
    return {scope: text for batch in batches for scope, text in batch.state.items()}


def numbers(batches: list[Batch]) -> list[int]:
    return [int(record.item.key.partition("#")[2]) for batch in batches for record in batch.items]


def asked(server: FaultyGithub) -> list[str]:
    return [
        str(one["query"]).split("query ")[1].split("(")[0].split(" ")[0] for one in server.asked
    ]


def swept(batches: list[Batch]) -> list[int]:
    return [len(sweep.item_ids) for batch in batches for sweep in batch.sweeps]


def test_a_first_sync_reads_everything_and_needs_no_list_of_ids(server: FaultyGithub) -> None:
    batches = sync(server)
    assert asked(server) == ["Server", "Repositories", "Issues", "Issues", "Issues"]
    assert numbers(batches) == list(range(1, 251)), "oldest change first"
    assert swept(batches) == [250]
    assert batches[0].sites[0].site == SITE
    assert Term(SITE, "status", "open", "Open", "todo") in batches[0].terms


def test_with_nothing_new_one_request_suffices(server: FaultyGithub) -> None:
    state = state_after(sync(server))
    batches = sync(server, state)
    assert asked(server) == ["Repositories"]
    assert (numbers(batches), swept(batches), state_after(batches)) == ([], [], {})


def test_what_a_server_offers_is_asked_once_a_day(server: FaultyGithub) -> None:
    state = state_after(sync(server))
    for later, named in ((timedelta(hours=23), []), (timedelta(hours=25), ["Server"])):
        server.asked.clear()
        list(connector(server).sync(state, now=NOW + later))
        assert [name for name in asked(server) if name == "Server"] == named


def test_what_changed_is_read_and_the_ids_are_swept(server: FaultyGithub) -> None:
    state = state_after(sync(server))
    server.load(site([site_issue(7, updated=300), *ISSUES[:6], *ISSUES[7:]]))
    batches = sync(server, state)
    assert asked(server) == ["Repositories", "Issues", "Ids", "Ids", "Ids"]
    assert numbers(batches) == [250, 7], "and what lies within the overlap"
    assert swept(batches) == [250]
    sync(server, state | state_after(batches))
    assert asked(server) == ["Repositories"]


@pytest.mark.parametrize("gone", [1, 250], ids=["the first", "the one that changed last"])
def test_what_has_gone_is_missing_from_the_sweep_and_then_all_is_quiet(
    server: FaultyGithub, gone: int
) -> None:
    state = state_after(sync(server))
    server.load(site([issue for issue in ISSUES if issue.number != gone]))
    batches = sync(server, state)
    [sweep] = [sweep for batch in batches for sweep in batch.sweeps]
    assert (sweep.site, sweep.container) == (SITE, "acme/shop")
    assert len(sweep.item_ids) == 249 and f"{SITE}#{1000 + gone}" not in sweep.item_ids
    sync(server, state | state_after(batches))
    assert asked(server) == ["Repositories"]


def test_an_emptied_repository_is_swept_and_then_all_is_quiet(server: FaultyGithub) -> None:
    state = state_after(sync(server))
    server.load(site([]))
    batches = sync(server, state)
    assert swept(batches) == [0]
    sync(server, state | state_after(batches))
    assert asked(server) == ["Repositories"]


@pytest.mark.parametrize("committed", [0, 1, 2, 3])
def test_a_killed_sync_goes_on_after_its_last_committed_batch(
    server: FaultyGithub, committed: int
) -> None:
    begun = connector(server).sync({}, now=NOW)
    kept = [next(begun) for _ in range(1 + committed)]
    rest = sync(server, state_after(kept))
    assert set(numbers(kept)) | set(numbers(rest)) == set(range(1, 251))
    assert (
        len(numbers(rest)) <= 250 - 100 * committed + 1
        if committed < 3
        else len(numbers(rest)) == 1
    )
    assert swept(rest) == [250]


def test_a_word_of_the_site_is_said_before_it_is_used_and_once(server: FaultyGithub) -> None:
    urgent = [site_issue(number, labels=("priority: High",)) for number in range(1, 251)]
    server.load(site(urgent, labels=(Label("L_1", "priority: High"),)))
    high = Term(SITE, "priority", "high", "High", rank=1)
    assert [high in batch.terms for batch in sync(server) if batch.items] == [True, False, False]


def test_a_state_that_is_not_ours_means_a_new_start(server: FaultyGithub) -> None:
    state = state_after(sync(server))
    other = {"acme/shop": json.dumps({**json.loads(state["acme/shop"]), "shape": "older"})}
    for odd in ({"acme/shop": "???"}, {"acme/shop": "{}"}, other):
        assert len(numbers(sync(server, odd))) == 250


def test_a_page_that_the_server_cannot_manage_is_asked_for_in_halves(server: FaultyGithub) -> None:
    server.faults.extend([None, None, *[Response(b"", 502)] * 2])
    batches = sync(server)
    sizes = [one["first"] for one in server.asked if "first" in one]
    assert sizes == [100, 50, 25, 25, 25, 25, 50, 50, 50], "and in larger ones where that goes well"
    assert numbers(batches) == list(range(1, 251))


def test_a_page_with_holes_for_lack_of_time_is_asked_for_in_halves(server: FaultyGithub) -> None:
    data = {"repository": {"issues": {"nodes": [None], "pageInfo": {"hasNextPage": False}}}}
    slow = graphql_errors({"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much"}, data=data)
    server.faults.extend([None, None, slow])
    assert numbers(sync(server)) == list(range(1, 251))
    assert [one["first"] for one in server.asked if "first" in one][:3] == [100, 50, 50]


def test_a_server_that_never_manages_fails_the_sync(server: FaultyGithub) -> None:
    server.faults.extend([None, None, *[ConnectionResetError()] * 100])
    with pytest.raises(SourceError, match=r"gh: Issues: the connection to .* broke off"):
        sync(server)


def edited(change: Any) -> Any:
    """A fault that changes the first page of issues."""

    def apply(_: Request, proper: Response) -> Response:
        answer = json.loads(proper.body)
        change(answer["data"]["repository"]["issues"]["nodes"], answer)
        return json_response(answer)

    return apply


def test_an_issue_that_cannot_be_mapped_is_rejected_and_the_rest_goes_on(
    server: FaultyGithub,
) -> None:
    def change(nodes: list[Any], answer: Any) -> None:
        nodes[0]["createdAt"] = "yesterday"
        nodes[1] = None
        nodes[2].update(databaseId=None, fullDatabaseId=None)
        answer["errors"] = [{"type": "NOT_FOUND", "message": "?", "path": ["nodes", 1]}]

    server.faults.extend([None, None, edited(change)])
    progress = Recorder()
    batches = list(connector(server, progress).sync({}, now=NOW))
    assert numbers(batches) == list(range(4, 251))
    rejected = [(one.native_id, one.key) for batch in batches for one in batch.rejected]
    assert rejected == [
        ("1001", "acme/shop#1"),
        ("acme/shop@start/1", "acme/shop@start/1"),
        ("acme/shop@start/2", "acme/shop#3"),
    ]
    assert "createdAt" in batches[1].rejected[0].reason
    assert "acme/shop: error in a partial answer: 1" in progress.steps


def test_what_is_cut_off_behind_an_issue_that_cannot_be_mapped_is_asked_for_again(
    server: FaultyGithub,
) -> None:
    def cut(request: Request, proper: Response) -> Response:
        odd: Response = edited(lambda nodes, _: nodes[0].update(createdAt="yesterday"))(
            request, proper
        )
        return replace(odd, body=odd.body[:-100])

    server.faults.extend([None, None, cut])
    assert numbers(sync(server)) == list(range(1, 251))


def test_a_list_that_was_left_out_is_fetched_and_one_that_is_forbidden_is_counted(
    server: FaultyGithub,
) -> None:
    def change(nodes: list[Any], _: Any) -> None:
        nodes[0]["timelineItems"] = None
        nodes[1]["labels"] = None

    no = graphql_errors({"type": "FORBIDDEN", "message": "no"}, data={"n0": None})
    server.load(site([site_issue(1, events=renamings(1, 3)), site_issue(2)]))
    server.faults.extend([None, None, edited(change), None, no])
    progress = Recorder()
    [_, batch, _] = connector(server, progress).sync({}, now=NOW)
    assert [row.value for row in batch.items[0].history if row.field == "title"][-1] == "Task 1"
    assert len([row for row in batch.items[0].history if row.field == "title"]) >= 4
    assert "acme/shop: list that this token may not read: 1" in progress.steps


def test_what_does_not_fit_its_page_is_fetched_to_the_end(server: FaultyGithub) -> None:
    labels = tuple(Label(f"L_{index}", f"label {index:03}") for index in range(130))
    long = site_issue(
        1, events=renamings(1, 375), labels=tuple(label.name for label in labels),
        blocked_by=tuple(f"I_{number}" for number in range(2, 62)),
    )  # fmt: skip
    others = [site_issue(number) for number in range(2, 70)]
    server.load(site([long, *others], labels=labels))
    [_, batch, _] = sync(server)
    [record] = [record for record in batch.items if record.item.key == "acme/shop#1"]
    fields = [row.field for row in record.history]
    assert fields.count("title") == 376, (
        "its first and 375 others, of which the present overrules one"
    )
    assert fields.count("label") == 130
    assert len(record.links) == 60
    assert asked(server).count("More") == 3 + 2 + 1


def test_milestones_are_read_whole_and_observed(server: FaultyGithub) -> None:
    milestones = tuple(
        GithubMilestone(f"M_{n}", n, f"v{n}", "OPEN", stamp(day(0)), stamp(day(0)), stamp(day(n)))
        for n in range(1, 131)
    )
    server.load(site([site_issue(1, milestone=130)], milestones))
    batches = sync(server)
    assert asked(server) == ["Server", "Repositories", "Milestones", "Issues"]
    assert len(batches[0].milestones) == 130
    assert len(batches[0].observations) == 3 * 130
    [row] = [row for row in batches[1].items[0].history if row.field == "milestone"]
    assert row.value == batches[0].milestones[-1].milestone_id == f"{SITE}#77/milestone/130"


def test_an_organization_means_its_repositories_in_use(server: FaultyGithub) -> None:
    whole = site([site_issue(1)])
    [shop] = whole.repositories
    others = [
        replace(
            shop, name=name, node_id=name, url=f"https://github.test/acme/{name}", issues=(),
            archived=name == "old", has_issues=name != "wiki",
        )
        for name in ("old", "wiki", "new")
    ]  # fmt: skip
    server.load(replace(whole, repositories=(shop, *others)))
    batches = sync(server, organization="acme")
    swept_containers = {sweep.container for batch in batches for sweep in batch.sweeps}
    assert swept_containers == {"acme/shop", "acme/new"}
    assert [one.key for one in connector(server, organization="acme").containers()] == [
        "acme/new", "acme/shop",
    ]  # fmt: skip
    named = connector(server, repositories=("acme/shop",)).containers()
    assert {one.key for one in named} == {"acme/new", "acme/shop"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"shop", "team-a", "team-b"}),
        ({"include": ("team-*",)}, {"team-a", "team-b"}),
        ({"include": ("TEAM-*", "shop"), "exclude": ("*-b",)}, {"shop", "team-a"}),
        ({"archived": True}, {"shop", "team-a", "team-b", "team-old"}),
        ({"forks": True, "exclude": ("shop",)}, {"team-a", "team-b", "team-fork"}),
    ],
)
def test_an_organization_is_narrowed_and_widened(
    server: FaultyGithub, fields: dict[str, Any], expected: set[str]
) -> None:
    whole = site([])
    [shop] = whole.repositories
    others = [
        replace(shop, name=name, node_id=name, url=f"https://github.test/acme/{name}",
                archived=name == "team-old", fork=name == "team-fork")
        for name in ("team-a", "team-b", "team-old", "team-fork")
    ]  # fmt: skip
    server.load(replace(whole, repositories=(shop, *others)))
    batches = sync(server, organization="acme", **fields)
    swept_names = {sweep.container.rpartition("/")[2] for one in batches for sweep in one.sweeps}
    assert swept_names == expected


@pytest.mark.parametrize(
    "change",
    [{"archived": True}, {"name": "store"}, {"has_issues": False}, None],
    ids=["archived", "renamed", "without issues", "deleted or hidden"],
)
def test_a_repository_that_leaves_the_organization_is_said_to_have_left(
    server: FaultyGithub, change: dict[str, Any] | None
) -> None:
    whole = site([site_issue(1)])
    [shop] = whole.repositories
    stays = replace(shop, name="stays", node_id="R_2", url="https://github.test/acme/stays",
                    issues=())  # fmt: skip
    server.load(replace(whole, repositories=(shop, stays)))
    state = state_after(sync(server, organization="acme"))
    changed = (replace(shop, **change),) if change else ()
    server.load(replace(whole, repositories=(*changed, stays)))
    batches = sync(server, state, organization="acme")
    told = [one.container for batch in batches for one in batch.departed]
    assert told == ["acme/shop", "acme/shop/pulls"]
    again = state | state_after(batches)
    quiet = sync(server, again, organization="acme")
    assert [one for batch in quiet for one in batch.departed] == []
    server.load(replace(whole, repositories=(shop, stays)))
    assert 1 in numbers(sync(server, again, organization="acme")), "and it may come back"


def test_many_repositories_with_nothing_new_are_a_handful_of_requests(server: FaultyGithub) -> None:
    whole = site([])
    names = [f"r{index}" for index in range(60)]
    server.load(
        replace(
            whole,
            repositories=tuple(
                replace(whole.repositories[0], name=name, node_id=name, issues=(
                    replace(site_issue(index + 1), node_id=f"I_{name}"),))
                for index, name in enumerate(names)
            ),
        )
    )  # fmt: skip
    scope = tuple(f"acme/{name}" for name in names)
    state = state_after(sync(server, repositories=scope))
    assert set(state) >= set(scope)
    sync(server, state, repositories=scope)
    assert asked(server) == ["Repositories", "Repositories"]


def test_a_repository_that_cannot_be_read_fails_the_sync_after_the_others(
    server: FaultyGithub,
) -> None:
    running = connector(server, repositories=("acme/lost", "acme/shop")).sync({}, now=NOW)
    batches = []
    with pytest.raises(AccessError, match=r"acme/lost: not found, or hidden .*Issues: read"):
        for batch in running:
            batches.append(batch)  # noqa: PERF402
    assert len(numbers(batches)) == 250


def test_private_repositories_are_restricted(server: FaultyGithub) -> None:
    server.load(site([site_issue(1)], private=True))
    assert sync(server)[1].items[0].item.restricted


def test_check_proves_and_warns(server: FaultyGithub) -> None:
    def older(_: Request, proper: Response) -> Response:
        return replace(proper, body=proper.body.replace(b"ISSUE_TYPE_", b"NO_SUCH_"))

    server.faults.append(older)
    findings = connector(server, repositories=("Acme/Shop", "acme/lost")).check()
    assert [(one.level, one.subject) for one in findings if one.level != "warning"] == [
        ("ok", "server"), ("ok", "rate limit"), ("error", "repository"), ("ok", "repository"),
    ]  # fmt: skip
    assert findings[-1].text == "acme/shop: 250 issues"
    assert any("too old for" in one.text for one in findings if one.level == "warning")


@pytest.mark.parametrize(
    ("fields", "text"),
    [({"token": None}, "no token is configured"), ({"organization": "nobody"}, "not found")],
)
def test_check_never_raises(server: FaultyGithub, fields: dict[str, Any], text: str) -> None:
    last = connector(server, **fields).check()[-1]
    assert last.level == "error" and text in last.text


def test_check_tells_of_scopes_and_of_the_end_of_a_token(server: FaultyGithub) -> None:
    def scopes(_: Request, proper: Response) -> Response:
        kept = tuple(pair for pair in proper.headers if pair[0] != "X-OAuth-Scopes")
        more = (("X-OAuth-Scopes", "read:org"),
                ("github-authentication-token-expiration", "2024-10-04 11:29:00 UTC"))  # fmt: skip
        return replace(proper, headers=(*kept, *more))

    server.faults.append(scopes)
    texts = [finding.text for finding in connector(server).check()]
    assert "scopes: read:org; private repositories want the scope repo" in texts
    assert "is valid until 2024-10-04 11:29:00 UTC" in texts


def test_http_to_another_machine_is_warned_of() -> None:
    [finding] = transport(Source("gh", "github", "http://git.corp"))
    assert finding.level == "warning" and "unencrypted" in finding.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"repositories": ()}, "wants repositories"),
        ({"repositories": ("shop",)}, "want 'owner/name', not 'shop'"),
        ({"boards": ("shop",)}, "want 'owner/5' or the board's address, not 'shop'"),
        ({"include": ("shop",)}, "choose from an organization"),
        ({"fields": {"due": "x*"}}, "due is not told by a label pattern"),
        ({"fields": {"size": "x*"}}, "GitHub has no size to map .known: points, priority, start"),
    ],
)
def test_a_source_that_cannot_work_is_refused(
    server: FaultyGithub, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        connector(server, **fields)


def test_the_fingerprint_follows_what_is_asked_for(server: FaultyGithub) -> None:
    base = connector(server).fingerprint()
    assert base == connector(server).fingerprint()
    assert base != connector(server, repositories=("acme/api",)).fingerprint()
    assert base != connector(server, fields={"points": "p*"}).fingerprint()
    assert connector(server).requests == 0, "nothing is asked for it"
