"""Where secrets are read from, and what is said where they are not."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pmo_sync.config import Secret
from pmo_sync.errors import ConfigError

WHERE = "sources[1] 'jira': token"


@dataclass
class FakeKeyring:
    """What of the keyring package is used."""

    entries: dict[tuple[str, str], str] = field(default_factory=dict)

    def get_password(self, service: str, name: str) -> str | None:
        return self.entries.get((service, name))


def missing(secret: Secret) -> str:
    with pytest.raises(ConfigError) as caught:
        secret.reveal()
    return str(caught.value)


def test_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_TOKEN", "hunter2\n")
    assert Secret("env", "JIRA_TOKEN", WHERE).reveal() == "hunter2"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIRA_TOKEN", raising=False)
    expected = f"{WHERE}: the environment variable JIRA_TOKEN is not set"
    assert missing(Secret("env", "JIRA_TOKEN", WHERE)) == expected


def test_a_variable_that_is_empty_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_TOKEN", " ")
    assert missing(Secret("env", "JIRA_TOKEN", WHERE)) == f"{WHERE}: the secret is empty"


def test_a_file_without_the_white_space_around(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("hunter2\n")
    assert Secret("file", str(path), WHERE).reveal() == "hunter2"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "token"
    expected = f"{WHERE}: cannot read {path}: No such file or directory"
    assert missing(Secret("file", str(path), WHERE)) == expected


def test_a_file_that_is_no_text_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(b"hunter2\xff")
    assert (
        missing(Secret("file", str(path), WHERE)) == f"{WHERE}: cannot read {path}: no UTF-8 text"
    )


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ("jira.example/reader", ("jira.example", "reader")),
        ("https://jira.example/reader", ("https://jira.example", "reader")),
        ("reader", ("pmo-sync", "reader")),
    ],
)
def test_the_keyring(
    monkeypatch: pytest.MonkeyPatch, reference: str, entry: tuple[str, str]
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", FakeKeyring({entry: "hunter2"}))
    assert Secret("keyring", reference, WHERE).reveal() == "hunter2"


def test_an_entry_that_the_keyring_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", FakeKeyring())
    expected = f"{WHERE}: the keyring has no entry jira.example/reader"
    assert missing(Secret("keyring", "jira.example/reader", WHERE)) == expected


def test_without_the_keyring_package_its_installation_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install 'pmo-sync[keyring]'" in missing(Secret("keyring", "a/b", WHERE))


def test_a_secret_shows_nothing_of_itself() -> None:
    secret = Secret("inline", "hunter2", WHERE)
    assert secret.reveal() == "hunter2"
    assert "hunter2" not in f"{secret} {secret!r}"
