"""Logging in: with a token, as an installation of an app, and what is said of what cannot work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.github import GithubConnector
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.github_app import GithubApp
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.errors import AccessError, ConfigError
from tests.connectors.github.github_samples import Recorder, site, site_issue

NOW = datetime(2025, 1, 1, tzinfo=UTC)


@cache
def keys() -> tuple[str, str]:
    """A private key and its public one, as PEM."""
    private = rsa.generate_private_key(65537, 2048)
    return (
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ).decode(),
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode(),
    )  # fmt: skip


@pytest.fixture
def server() -> Iterator[GithubServer]:
    with GithubServer("another-token") as server:
        server.app = GithubApp("12345", keys()[1], "acme", installation=77)
        server.load(site([site_issue(1)]))
        yield server


def source(server: GithubServer, **fields: Any) -> Source:
    fields.setdefault("app", "12345")
    fields.setdefault("app_key", Secret("inline", keys()[0], "sources[1].app_key"))
    return Source("gh", "github", server.url, repositories=("acme/shop",), **fields)


def read(source: Source) -> int:
    connector = GithubConnector(source, Recorder(), patience=Patience(retries=0))
    return sum(len(batch.items) for batch in connector.sync({}, now=NOW))


@pytest.mark.parametrize("installation", [None, 77], ids=["found", "configured"])
def test_an_app_reads_as_its_installation(server: GithubServer, installation: int | None) -> None:
    assert read(source(server, installation=installation)) == 1
    assert server.app and len(server.app.given) == 1, "one token for all requests of the hour"


@pytest.mark.parametrize("kind", ["env", "file"])
def test_the_key_is_read_from_the_environment_or_a_file(
    server: GithubServer, kind: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_KEY", keys()[0].replace("\n", "\\n"))
    (tmp_path / "app.pem").write_text(keys()[0])
    place = {"env": "APP_KEY", "file": str(tmp_path / "app.pem")}[kind]
    assert read(source(server, app_key=Secret(kind, place))) == 1


def test_a_token_that_ends_is_replaced_in_time(server: GithubServer) -> None:
    assert server.app
    server.app.lifetime = timedelta(minutes=4)
    assert read(source(server)) == 1
    assert len(server.app.given) > 1


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"app": "999"}, AccessError, "gh: app 999: the app's id and app_key do not belong"),
        ({"installation": 5}, AccessError, "it is not installed there"),
        (
            {"app_key": Secret("inline", "no key", "sources[1].app_key")}, ConfigError,
            r"sources\[1\].app_key: is no private key of a GitHub App",
        ),
        ({"app_key": None}, ConfigError, "gh: app wants app_key"),
        ({"app": None}, ConfigError, "want app, the app's id"),
        ({"token": Secret("inline", "x")}, ConfigError, "two logins"),
    ],
)  # fmt: skip
def test_a_login_that_cannot_work_says_why(
    server: GithubServer, fields: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as told:
        read(source(server, **fields))
    assert "BEGIN" not in str(told.value)


def test_check_finds_an_app_that_is_not_installed(server: GithubServer) -> None:
    [finding] = GithubConnector(source(server, installation=5), Recorder()).check()
    assert finding.level == "error" and "not installed" in finding.text
