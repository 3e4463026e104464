"""What is measured against each other: our sync, and a loop that only downloads and parses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import requests
from requests import Response
from requests.adapters import HTTPAdapter

from pmo_sync.config.load import load
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from tests.benchmarks.apart import Asked

NOW = datetime(2026, 7, 1, 18, tzinfo=UTC)


def configured(folder: Path, url: str) -> Path:
    """Write a configuration of one Jira Cloud site."""
    folder.mkdir(parents=True)
    path = folder / "pmo-sync.toml"
    path.write_text(
        f'[[sources]]\nname = "jira"\ntype = "jira"\nurl = "{url}"\n'
        f'email = "{JIRA_EMAIL}"\ntoken = {{ file = "jira.token" }}\n'
    )
    (folder / "jira.token").write_text(JIRA_TOKEN)
    return path


def sync(path: Path) -> None:
    """Sync everything into the published store."""
    (result,) = syncing.sync(load(path), Quiet(), now=NOW, full=True)
    if result.outcome != "complete":
        raise RuntimeError(result.message)


def bare(origin: str, asked: Sequence[Asked], connections: int) -> None:
    """Ask the same over so many connections; read and parse the answers, and forget them: what
    requests itself offers, with Python's own parser."""
    _bare(origin, asked, connections, Response.json)


def fast(origin: str, asked: Sequence[Asked], connections: int) -> None:
    """Do the same with the fastest parser there is."""
    _bare(origin, asked, connections, lambda answer: msgspec.json.decode(answer.content))


def _bare(
    origin: str, asked: Sequence[Asked], connections: int, parse: Callable[[Response], object]
) -> None:
    with requests.Session() as session:
        session.auth = (JIRA_EMAIL, JIRA_TOKEN)
        session.mount(origin, HTTPAdapter(pool_maxsize=connections))

        def ask(one: Asked) -> None:
            answer = session.request(
                one.method, origin + one.path, params=one.query, data=one.body,
                headers={"Content-Type": "application/json"}, timeout=60,
            )  # fmt: skip
            answer.raise_for_status()
            parse(answer)

        if connections == 1:
            for one in asked:
                ask(one)
            return
        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(ask, asked))
