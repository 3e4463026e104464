"""Carries queries to a GitHub: PyGithub's authentication and requester, one for each thread.

Of PyGithub the requester alone is used. Its objects fetch what they lack one by one, and its
``GithubRetry`` is left out: it knows neither a 429 without Retry-After nor a limit that comes as
an error in a 200, waits as long as Retry-After says, silently, and cannot ask for less. Its pauses
between requests are left out too. A requester keeps the request that is under way in its one
connection: two threads that shared it would send each other's queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import local

import github
from github.Requester import Requester

from pmo_sync import __version__
from pmo_sync.config import Source
from pmo_sync.connectors.github.access import Login
from pmo_sync.connectors.github.address import api_base
from pmo_sync.connectors.github.waits import Response
from pmo_sync.errors import ConfigError

TIMEOUT = 60
"""Seconds; GitHub itself gives up after ten."""


class Transport:
    """One login at one GitHub; threads may share it."""

    def __init__(self, source: Source) -> None:
        self.base = api_base(source.url)
        self._bundle = _bundle(source)
        self.login = Login(source, self.base, timeout=TIMEOUT, verify=self._bundle)
        self._own = local()

    def send(self, text: str, variables: Mapping[str, object]) -> Response:
        """One HTTP request; raise what requests or PyGithub raise where it fails."""
        requester = self._requester()
        status, headers, body = requester.requestJson(
            "POST", requester.graphql_url, input={"query": text, "variables": dict(variables)}
        )
        return Response(status, headers, body)

    def _requester(self) -> Requester:
        """This thread's own requester."""
        known: Requester | None = getattr(self._own, "requester", None)
        if known is None:
            known = self._own.requester = github.Github(
                base_url=self.base,
                auth=self.login.auth,
                timeout=TIMEOUT,
                user_agent=f"pmo-sync/{__version__}",
                verify=self._bundle,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
            ).requester
        return known


def _bundle(source: Source) -> str | bool:
    """The certificates to trust: a file of the source's own, or the usual ones."""
    if source.ca_bundle is None:
        return True
    if not source.ca_bundle.exists():
        raise ConfigError(f"{source.name}: ca_bundle: no such file: {source.ca_bundle}")
    return str(source.ca_bundle)
