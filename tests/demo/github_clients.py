"""How tests ask the simulated GitHub: the real client, and by hand."""

from __future__ import annotations

from typing import Any

import requests
from github import Auth, Github

from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.servers import GITHUB_TOKEN


def connect(url: str, token: str = GITHUB_TOKEN) -> Github:
    """A client that neither tries again nor pauses: it counts a query as a write."""
    return Github(
        base_url=url,
        auth=Auth.Token(token),
        seconds_between_requests=None,
        seconds_between_writes=None,
        retry=None,
    )


def ask(server: GithubServer, query: str, **variables: Any) -> requests.Response:
    """The answer to a query."""
    return requests.post(
        f"{server.url}/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"bearer {GITHUB_TOKEN}"},
        timeout=30,
    )


def post(server: GithubServer, query: str, **variables: Any) -> Any:
    """What a query is answered, whose answer is a 200."""
    answer = ask(server, query, **variables)
    assert answer.status_code == 200
    return answer.json()


def data(server: GithubServer, query: str, **variables: Any) -> Any:
    """What a query finds that meets no error."""
    answer = post(server, query, **variables)
    assert "errors" not in answer, answer["errors"][:3]
    return answer["data"]
