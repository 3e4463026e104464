"""Two small Jira sites as the sources of one portfolio, and a folder that it is published to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.pipeline.record import Record
from pmo_sync.pipeline.run import Order, run
from pmo_sync.render.progress import Quiet
from tests.connectors.jira.jira_small_site import SITE, minute
from tests.connectors.jira.jira_wire import EMAIL, TOKEN

DAY = date(2026, 7, 1)
MORNING = datetime(2026, 7, 1, 6, tzinfo=UTC)

CONFIG = """\
[portfolio]
name = "Two sites"
timezone = "Europe/Paris"

[[projects]]
name = "Payments"
owner = "Ada"
target = 2026-06-01
select = [{ source = "one", container = "PAY" }]

[[projects]]
name = "Operations"
target = 2026-12-01
select = [{ source = "two", container = "OPS" }]

[[publish]]
type = "folder"
path = "public"
"""


@dataclass
class Clock:
    """A clock that goes on by a second each time that it is looked at."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Portfolio:
    """The two sites and a folder with the configuration of both."""

    folder: Path
    one: JiraServer
    two: JiraServer
    clock: Clock
    renamed: int = 0

    @property
    def path(self) -> Path:
        return self.folder / "pmo-sync.toml"

    @property
    def config(self) -> Config:
        return load(self.path)

    @property
    def public(self) -> Path:
        return self.folder / "public"

    def run(self, **told: Any) -> Record:
        """Run with the tiny report and the index, as JSON, unless told otherwise."""
        wanted: dict[str, Any] = {
            "day": DAY, "folder": self.folder / "reports", "names": ("tiny", "index"),
            "formats": ("json",),
        }  # fmt: skip
        return run(self.config, Quiet(), Order(**wanted | told), clock=self.clock)

    def rename(self, count: int, minutes: int = 900) -> None:
        """Let so many of the first site's items have another title, from that minute on."""
        touched, self.renamed = max(count, self.renamed), count
        issues = []
        for place, one in enumerate(SITE.issues):
            fields = dict(one["fields"])
            if place < count:
                fields["summary"] = f"{place} of {count} renamed"
            if place < touched:  # who gets the first title back has changed too
                fields["updated"] = minute(minutes)
            issues.append({**one, "fields": fields})
        self.one.load(replace(SITE, base_url=self.one.url, issues=tuple(issues)))

    def refuse(self, name: str) -> None:
        """Let a source's token be wrong from now on."""
        (self.folder / f"{name}.token").write_text("wrong-token-6f1e")


@contextmanager
def two_jiras(folder: Path, kind: type[JiraServer] = JiraServer) -> Iterator[Portfolio]:
    """Serve both sites, and write the configuration into ``folder``."""
    servers = [kind(JiraLogin(EMAIL, TOKEN)) for _ in range(2)]
    with servers[0] as one, servers[1] as two:
        one.load(replace(SITE, base_url=one.url))
        two.load(replace(SITE, base_url=two.url, cloud_id="cloud-2"))
        folder.mkdir(exist_ok=True)
        text = CONFIG
        for name, server in (("one", one), ("two", two)):
            (folder / f"{name}.token").write_text(TOKEN)
            text += (
                f'\n[[sources]]\nname = "{name}"\ntype = "jira"\nurl = "{server.url}"\n'
                f'email = "{EMAIL}"\ntoken = {{ file = "{name}.token" }}\n'
            )
        portfolio = Portfolio(folder, one, two, Clock())
        portfolio.path.write_text(text)
        yield portfolio
