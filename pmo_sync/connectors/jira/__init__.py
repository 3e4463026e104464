"""The Jira connector: Jira Cloud and Data Center, read only.

The request plan of one sync, in order:

1. The site: ``serverInfo`` (who answers, and which kind of Jira), ``myself`` (the login holds);
   then, side by side, on Cloud ``_edge/tenant_info`` (its identity), ``field``, the projects
   (``project/search``, on Data Center ``project``), ``issuetype``, ``status``, ``priority``,
   ``resolution``.
2. Plans, while 3 begins: ``project/{key}/versions`` for each project; ``board`` for each project
   (once where all projects are in scope) and ``board/{id}/sprint`` for each board that can have
   sprints. A source that is given by JQL alone asks this last, for the projects that its sweep
   found.
3. Items: what was updated since the watermark less five minutes, 100 a request with their newest
   changes and only the fields that are mapped, eight requests at once. Where the changelog leaves
   links to pages elsewhere, the issue's ``remotelink``, unless the source says ``remote_links =
   false``. Where an issue names its epic by key alone and this sync has not seen it,
   ``issue/{key}``. Some 500 issues are a batch, committed with the place that it reached.
   Cloud: ``POST search/jql``, oldest change first; if that has another page, one request for the
   newest change of all (made beside the first page where everything is asked for), then
   ``search/jql`` for ids alone (5,000 a page, one ahead) and ``issue/bulkfetch``. The
   place is the newest ``updated`` so far, but of issues that changed after they were listed. Where
   embedded changelogs are shorter than their totals, ``changelog/bulkfetch`` for all of a batch,
   unfiltered: ten fields at most would take two passes over the same entries. Where the site has no
   bulk requests, the search's pages and ``issue/{id}/changelog``.
   Data Center: ``search`` by position in the order of keys, after one request for the newest
   change of all; the place is the position, and that change once the last page is read. Where an
   embedded changelog is shorter than its total, ``issue/{id}`` with its own.
4. Accounts that only changelogs name: ``user/bulk``, on Data Center ``user`` for each.
5. The sweep, where it is due (``sweep_hours``): keys alone of the whole scope, 5,000 (Data Center:
   1,000) a page; it ends with one ``Sweep`` for each project. It begins with 6 and 7 as soon as 3
   has listed all that changed, while that is still read: what comes later was not listed. Where an
   issue turns up in a project of which the sweep knows nothing, it is made once more. Of a project
   that held items and holds none it is asked once whether it is archived or deleted
   (``project/search``, on Data Center ``project``): then it takes its items along, however many.
6. With the sweep, time noted on items, not where the source says ``worklogs = false``:
   ``worklog/updated`` with ``worklog/list`` of what it names, and ``worklog/deleted``, 1,000 a
   page, since they were last asked for: they name items of the whole site, and the sweep knows
   which are in scope. For an item that came from another project ``issue/{id}/worklog``.
7. With the sweep, where the source has a ``risk_jql``: the keys that it finds in the scope.

A rate limit (429) halves how many requests go at once, ten quiet turns of all allow one more
again, and none goes before the moment that Retry-After, X-RateLimit-* or the quota of points names
(``pacing.py``). All waits of a sync together end after an hour (``patience.py``).

What 1 and 2 said is remembered for an hour (``memory.py``): a sync soon after makes the requests
of 3, 5 and 6 alone, four where nothing is new (Data Center: five). Later, with nothing new, that is
9 + versions + boards + sprint pages, one page of items, the pages of the sweep and two of 6.
A workflow migration does not touch ``updated``, so what it rewrote arrives with the item's next
change or with the next full cycle.

What differs between the two is a fetch plan (``plan.py``): ``cloud.py`` and ``data_center.py``.
Errors: SourceError, AccessError and RefusedError (with the HTTP status) name the source and the
request path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.base import Container, Finding, Progress
from pmo_sync.connectors.jira.check import findings
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.fields import KNOWN, SYSTEM
from pmo_sync.connectors.jira.patience import Patience
from pmo_sync.connectors.jira.sync import sync
from pmo_sync.model import Batch, Spent

__all__ = ["JiraClient", "JiraConnector", "Patience"]

MAPPING_VERSION = 3
"""Raised when the mapping says something new of old payloads: stores then read all again."""


class JiraConnector:
    """One Jira site."""

    def __init__(
        self, source: Source, progress: Progress, patience: Patience | None = None
    ) -> None:
        self._source = source
        self._progress = progress
        self._client = JiraClient(source, progress, patience)

    @property
    def requests(self) -> int:
        """HTTP requests made so far, repeats included."""
        return self._client.requests

    @property
    def spent(self) -> Spent:
        """Those for issues, their histories, links and worklogs are for data."""
        client = self._client
        return Spent(client.for_data, client.least.count, client.requests - client.for_data)

    def check(self) -> Sequence[Finding]:
        """Prove the source: reachable, logged in, permitted, fields mapped, boards visible."""
        return list(findings(self._client, self._source))

    def containers(self) -> Sequence[Container]:
        """List the projects that the login can see."""
        return [Container(project.key, project.name) for project in self._client.projects()]

    def fingerprint(self) -> str:
        """Name what is asked for: site, scope, fields and the version of the mapping."""
        source = self._source
        asked = (
            MAPPING_VERSION,
            source.url,
            source.projects,
            source.jql,
            source.boards,
            source.remote_links,
            source.worklogs,
            sorted(source.fields.items()),
            sorted(KNOWN.items()),
            SYSTEM,
        )
        return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]

    def sync(
        self,
        state: Mapping[str, str],
        *,
        now: datetime,
    ) -> Iterator[Batch]:
        """Yield what changed since ``state``, then the sweeps; see the request plan above."""
        return sync(self._client, self._source, self._progress, state, now)
