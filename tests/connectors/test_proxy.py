"""Whole syncs over https through a proxy of the environment: it learns a host, and no secret."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config import Source
from pmo_sync.connectors.base import Connector
from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.waits import Patience as GithubPatience
from pmo_sync.connectors.jira import JiraConnector
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.errors import SourceError
from tests.connectors.github.github_samples import TOKEN as GITHUB_TOKEN
from tests.connectors.github.github_samples import FaultyGithub, Recorder, site, site_issue
from tests.connectors.jira.jira_small_site import NOW, SITE, AlteredServer
from tests.connectors.jira.jira_wire import EMAIL, HASTE, Said, certificate, running, source
from tests.connectors.jira.jira_wire import TOKEN as JIRA_TOKEN
from tests.connectors.tunnel import Proxy, over_tls

HOSTS = {"jira": "jira.behind-a-proxy.invalid", "github": "api.git.behind-a-proxy.invalid"}
"""Known to no DNS: only the proxy leads there."""
BASIC = base64.b64encode(f"{EMAIL}:{JIRA_TOKEN}".encode()).decode()
SECRETS = (JIRA_TOKEN, BASIC, GITHUB_TOKEN)
PASSWORD = "the-password-of-the-proxy"
LOGIN = base64.b64encode(f"someone:{PASSWORD}".encode()).decode()


@dataclass
class Behind:
    """Both trackers behind a proxy, and what trusts their certificate."""

    bundle: Path
    ports: dict[str, int]
    github: Source

    def connector(self, kind: str, **keys: Any) -> Connector:
        """A connector in haste, which trusts the certificate unless it is told otherwise."""
        url, keys = f"https://{HOSTS[kind]}", {"ca_bundle": self.bundle} | keys
        if kind == "jira":
            return JiraConnector(source(url, **keys), Said(), HASTE)
        made = replace(self.github, url=url, **keys)
        hasty = GithubPatience(retries=1, first=0.0, secondary=0.0)
        return GithubConnector(made, Recorder(), patience=hasty)


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    bundle = certificate(tmp_path, *HOSTS.values())
    jira, github = AlteredServer({}, JiraLimits(page=6)), FaultyGithub()
    jira.load(SITE)
    github.load(site([site_issue(number) for number in range(1, 21)]))
    ports = {HOSTS["jira"]: over_tls(jira, bundle), HOSTS["github"]: over_tls(github, bundle)}
    with jira, github:
        yield Behind(bundle, ports, github.source())


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("kind", HOSTS)
def test_a_sync_goes_through_the_proxy_which_sees_no_token(
    behind: Behind,
    environment: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with running(Proxy(behind.ports)) as proxy:
        environment.setenv("HTTPS_PROXY", f"http://someone:{PASSWORD}@{proxy.url}")
        connector = behind.connector(kind)
        batches = list(connector.sync({}, now=NOW))
    assert sum(len(batch.items) for batch in batches) == 20
    told(proxy, kind)
    assert [one for one in (*SECRETS, PASSWORD, LOGIN) if one in caplog.text] == []


def told(proxy: Proxy, kind: str) -> None:
    """The proxy was told where to lead and who asks it, in words, and all else under a seal."""
    assert proxy.asked
    for head in (one.decode() for one in proxy.asked):
        assert head.startswith(f"CONNECT {HOSTS[kind]}:443 HTTP/1.")
        assert f"Proxy-Authorization: Basic {LOGIN}" in head
        assert [one for one in (*SECRETS, "/rest/", "/graphql") if one in head] == []
    carried = b"".join(proxy.carried)
    assert len(carried) > 1000
    assert [one for one in SECRETS if one.encode() in carried] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [("jira", "the proxy refuses to lead there"), ("github", "the proxy does not let us reach")],
)
def test_a_proxy_that_refuses_is_told_without_its_password(
    behind: Behind,
    environment: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
    words: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with running(Proxy(behind.ports, refusing=True)) as proxy:
        environment.setenv("HTTPS_PROXY", f"http://someone:{PASSWORD}@{proxy.url}")
        with pytest.raises(SourceError) as caught:
            list(behind.connector(kind).sync({}, now=NOW))
    assert proxy.asked
    assert words in str(caught.value)
    said = str(caught.value) + caplog.text
    assert [one for one in (*SECRETS, PASSWORD, LOGIN) if one in said] == []


@pytest.mark.parametrize("kind", HOSTS)
def test_behind_a_proxy_too_a_certificate_must_be_trusted(
    behind: Behind, environment: pytest.MonkeyPatch, kind: str
) -> None:
    with running(Proxy(behind.ports)) as proxy:
        environment.setenv("HTTPS_PROXY", f"http://{proxy.url}")
        with pytest.raises(SourceError, match=r"certificate.*not trusted.*ca_bundle"):
            list(behind.connector(kind, ca_bundle=None).sync({}, now=NOW))


@pytest.mark.parametrize("kind", HOSTS)
def test_what_no_proxy_names_is_asked_directly(
    behind: Behind, environment: pytest.MonkeyPatch, kind: str
) -> None:
    with running(Proxy(behind.ports)) as proxy:
        environment.setenv("HTTPS_PROXY", f"http://{proxy.url}")
        environment.setenv("NO_PROXY", "behind-a-proxy.invalid")
        with pytest.raises(SourceError, match="DNS"):
            list(behind.connector(kind).sync({}, now=NOW))
    assert proxy.asked == []
