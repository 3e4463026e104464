"""What went wrong, in words that say what a person can do about it; never a secret in them."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import msgspec
from requests import PreparedRequest, Response
from requests.exceptions import (
    ConnectTimeout,
    ProxyError,
    ReadTimeout,
    SSLError,
)
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.payloads import Refusal
from pmo_sync.connectors.jira.scopes import scopes_of
from pmo_sync.errors import AccessError, SourceError

LOGIN_REFUSED = (
    "the login is refused (401): tokens expire; make a new one in the account's settings (an API "
    "token with its e-mail for Cloud, a personal access token for Data Center)"
)
CAPTCHA = (
    "the site wants a CAPTCHA after failed log-ins: log in once with a browser, or ask an "
    "administrator to reset the account's failed log-ins"
)
ADVICE = {
    400: "the question is refused (400)",
    403: "the login may not see this (403): it needs Jira access and 'Browse projects'",
    404: "not found (404): check the url of the source",
    405: "the site does not offer this (405)",
    410: "this address is gone (410): the tracker removed it; a newer pmo-sync may be needed",
    429: "the rate limit is used up (429): try again later or sync less at once",
}
REFUSALS = (400, 403, 404, 405, 410)
HINT_LENGTH = 300


class RefusedError(AccessError):
    """The tracker answered, and said no: ``status`` says which no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def failed_answer(where: str, response: Response) -> SourceError | None:
    """Return the error that an answer stands for; None where it is one that we can use."""
    if "AUTHENTICATED_FAILED" in response.headers.get("X-Seraph-LoginReason", ""):
        # Jira serves the anonymous view with 200: everything private would seem deleted.
        return RefusedError(f"{where}: {LOGIN_REFUSED}", 401)
    if "AUTHENTICATION_DENIED" in response.headers.get("X-Seraph-LoginReason", ""):
        return RefusedError(f"{where}: {CAPTCHA}", 401)
    if response.is_redirect:
        # Followed, a POST would become a GET and the login might go to another host.
        target = urlsplit(response.headers["location"])
        return SourceError(
            f"{where}: the site redirects to {target.hostname or 'another path'}: "
            "set its present address as the url of the source"
        )
    if response.ok:
        return None
    status = response.status_code
    if status in (401, 403) and "scope" in _own_words(response).casefold():
        needed = ", ".join(scopes_of(where))
        # The login holds, this is not for it: like a permission that is missing.
        return RefusedError(f"{where}: the token lacks a scope for this: it needs {needed}", 403)
    if status == 401:
        return RefusedError(f"{where}: {LOGIN_REFUSED}", status)
    advice = ADVICE.get(status, f"the tracker failed ({status}), also when asked again")
    hint = _own_words(response)
    text = f"{where}: {advice}" + (f": {hint}" if hint else "")
    return RefusedError(text, status) if status in REFUSALS else SourceError(text)


def failed_connection(where: str, error: OSError, timeout: tuple[float, float]) -> SourceError:
    """Return the error for a request that got no answer."""
    return SourceError(f"{where}: {_no_answer(error, timeout)}")


def request_path(request: PreparedRequest) -> str:
    """Name a request without its host and query."""
    return f"{request.method} {request.path_url.partition('?')[0]}"


def _no_answer(error: OSError, timeout: tuple[float, float]) -> str:
    if isinstance(error, SSLError):
        return (
            "the server's certificate is not trusted: if your organization has its own "
            "certificate authority, set ca_bundle of the source to its file"
        )
    if isinstance(error, ProxyError) and "Tunnel connection failed" in str(error):
        return "the proxy refuses to lead there: check its login in HTTPS_PROXY, and what it allows"
    if isinstance(error, ProxyError):
        return "the proxy cannot be reached: check HTTPS_PROXY and NO_PROXY"
    if isinstance(error, ConnectTimeout):
        return f"no connection within {timeout[0]:g} seconds"
    if isinstance(error, ReadTimeout):
        return f"no answer within {timeout[1]:g} seconds"
    if "TLS CA certificate bundle" in str(error):
        return "the file named by ca_bundle (or REQUESTS_CA_BUNDLE) cannot be read"
    return _no_connection(error)


def _no_connection(error: OSError) -> str:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    root = reason.__cause__ if isinstance(reason, Exception) else None
    if isinstance(reason, NameResolutionError) or isinstance(root, socket.gaierror):
        return "the host name is not known (DNS): check the url of the source"
    if isinstance(root, ConnectionRefusedError):
        return "the connection is refused: check the url of the source and any firewall"
    if isinstance(reason, NewConnectionError):
        return "no connection: check the url of the source, the network and any firewall"
    if "timed out" in str(reason):
        return "no answer in time"
    return f"the connection broke ({type(reason or error).__name__})"


def _own_words(response: Response) -> str:
    """Return what Jira itself says, in one short line; nothing of an HTML page."""
    try:
        refusal = decoder(Refusal).decode(response.content)
    except msgspec.DecodeError:
        return ""
    words = [*refusal.error_messages, *(f"{k}: {v}" for k, v in refusal.errors.items())]
    text = " ".join("; ".join(words or [refusal.message]).split())
    return text[:HINT_LENGTH]
