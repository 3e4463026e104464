import github
import pytest

from pmo_sync.connectors.github.address import api_base, is_loopback
from pmo_sync.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "base", "graphql"),
    [
        ("https://github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://github.com/", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://api.github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://octo.ghe.com", "https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
        ("https://git.corp", "https://git.corp/api/v3", "https://git.corp/api/graphql"),
        (
            "https://git.corp:8443",
            "https://git.corp:8443/api/v3",
            "https://git.corp:8443/api/graphql",
        ),
        ("https://git.corp/api/v3", "https://git.corp/api/v3", "https://git.corp/api/graphql"),
        ("http://git.corp", "http://git.corp/api/v3", "http://git.corp/api/graphql"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
        ("http://localhost:80", "http://localhost:80", "http://localhost:80/graphql"),
    ],
)
def test_the_interface_follows_from_the_address(url: str, base: str, graphql: str) -> None:
    assert api_base(url) == base
    assert github.Github(base_url=base).requester.graphql_url == graphql


@pytest.mark.parametrize(
    "url", ["github.com", "ftp://github.com", "https://", "https://me:pw@git.corp"]
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError, match="url: want an address") as caught:
        api_base(url)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [("http://[::1]:80", True), ("http://127.3.2.1", True), ("http://10.0.0.1", False)],
)
def test_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback
