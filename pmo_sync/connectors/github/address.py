"""Where a GitHub's interface is, from the address that people know it by."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from pmo_sync.errors import ConfigError

CLOUD = "https://api.github.com"


def api_base(url: str) -> str:
    """Return the base of the REST interface, from which PyGithub derives the GraphQL address.

    ========================================  =================================  ==============
    url                                       base                               GraphQL
    ========================================  =================================  ==============
    https://github.com, https://api.github..  https://api.github.com             /graphql
    https://NAME.ghe.com (data residency)     https://api.NAME.ghe.com           /graphql
    https://HOST (Enterprise Server)          https://HOST/api/v3                /api/graphql
    a URL with a path                         as it is                           beside its /v3
    a loopback address (the demo server)      as it is                           /graphql
    ========================================  =================================  ==============
    """
    parts = urlsplit(url.rstrip("/"))
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise ConfigError("url: want an address such as https://github.com, without a login in it")
    if host in ("github.com", "www.github.com", "api.github.com"):
        return CLOUD
    base = f"{parts.scheme}://{parts.netloc}"
    if parts.path or is_loopback(url) or host.startswith("api."):
        return base + parts.path
    if host.endswith(".ghe.com"):
        return f"{parts.scheme}://api.{parts.netloc}"
    return f"{base}/api/v3"


def is_loopback(url: str) -> bool:
    """Say whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
