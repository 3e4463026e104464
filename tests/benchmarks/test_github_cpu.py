"""What a page of 100 issues costs the simulated GitHub: run with ``-m slow -s``."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from graphql import execute, parse

from pmo_sync.connectors.github import issue_queries
from pmo_sync.connectors.github.shape import FULL, Shape
from pmo_sync.demo.github_allowance import Allowance
from pmo_sync.demo.github_cost import Cost
from pmo_sync.demo.github_graph import GithubGraph
from pmo_sync.demo.github_graphql import GithubGraphql, load_schema
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.world import build

SERVED = Shape(FULL.fields - {"ClosedEvent.stateReason(enableDuplicate)"}, FULL.events)
QUERY = issue_queries.issues(SERVED).text
REPOSITORIES = ("portal", "data-platform", "gateway", "pricing")
LIMIT = 0.010


def variables(name: str, after: str | None = None) -> dict[str, Any]:
    return {"owner": "harbourline", "name": name, "first": 100, "after": after}


def pages(graphql: GithubGraphql) -> Iterator[tuple[float, int, int, int]]:
    """Yield CPU seconds, issues, events and bytes of each page of all repositories."""
    for name in REPOSITORIES:
        after = None
        while True:
            begun = time.process_time()
            asked = {"query": QUERY, "variables": variables(name, after)}
            body = msgspec.json.encode(graphql.run(asked))
            spent = time.process_time() - begun
            page = msgspec.json.decode(body)["data"]["repository"]["issues"]
            events = sum(len(one["timelineItems"]["nodes"]) for one in page["nodes"])
            yield spent, len(page["nodes"]), events, len(body)
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]


def row(name: str, found: list[tuple[float, int, int, int]]) -> float:
    """Print a row of the table; return the median cost of a full page in seconds."""
    full = sorted(one for one in found if one[1] == 100)
    spent, _, _, size = full[len(full) // 2]
    events = sum(one[2] for one in full) / sum(one[1] for one in full)
    print(f"{name:28}{1000 * spent:8.1f}{1000 * full[-1][0]:8.1f}{events:10.1f}{size / 1000:8.0f}")
    return spent


@pytest.mark.slow
def test_what_a_page_of_100_issues_costs() -> None:
    graph = GithubGraph(github_site(build(), "https://github.test"))
    graphql = GithubGraphql(graph, Allowance(), ("read:project",))
    graphql.run({"query": QUERY, "variables": variables("field-app")})
    gc.collect()
    print(f"\nlimit {1000 * LIMIT:.0f} ms for 8 events an issue")
    print(f"{'a page of 100 issues':28}{'ms':>8}{'most':>8}{'events':>10}{'kB':>8}")
    first = row("asked for the first time", list(pages(graphql)))
    again = row("asked for again", list(pages(graphql)))
    schema, document, root = load_schema(), parse(QUERY), graphql.root(Cost(0, 0))
    begun = time.process_time()
    execute(schema, document, root, variable_values=variables("portal"))
    print(f"{'executed by graphql-core':28}{1000 * (time.process_time() - begun):8.1f}")
    assert again < first
