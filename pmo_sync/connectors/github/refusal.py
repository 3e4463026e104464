"""What a refusal means and what a person must do about it; never a secret."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError

from pmo_sync.connectors.github.payloads import GraphqlError
from pmo_sync.connectors.github.waits import Response
from pmo_sync.errors import AccessError, SourceError

PERMISSIONS = "Issues: read and Metadata: read (a classic token: the scope repo)"
ACCESS_TYPES = ("FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND", "UNAUTHORIZED")


class OverloadedError(SourceError):
    """The server did not manage the answer, again and again; a smaller question may do."""


class LimitError(SourceError):
    """The rate limit outlasts our patience: what was read is kept, and goes on from there."""

    exit_code = 3


def said(text: str) -> str:
    """A tracker's own words, fit to be shown in a line: cut, and without control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def from_response(
    where: str, base: str, token_at: str, response: Response, text: str
) -> SourceError:
    """The error for an HTTP status other than 200."""
    status, words = response.status, said(text)
    sso = response.headers.get("x-github-sso", "")
    if status == 401:
        place = f"set a new one at {token_at}" if token_at else "no token is configured"
        return AccessError(f"{where}: the token is not accepted (401 {words}); {place}")
    if status == 403 and sso.startswith("required"):
        return AccessError(f"{where}: {_single_sign_on(sso)}")
    if status == 403:
        return AccessError(f"{where}: forbidden (403 {words}); the token needs {PERMISSIONS}")
    if status == 404 or 300 <= status < 400:
        return SourceError(
            f"{where}: no GraphQL interface at {base} ({status}); is the url right? (known: "
            "https://github.com, https://HOST of an Enterprise Server)"
        )
    return SourceError(f"{where}: the server answers {status} {words}".rstrip())


def from_errors(where: str, errors: Sequence[GraphqlError]) -> SourceError:
    """The error for a GraphQL answer without data."""
    words = said("; ".join(error.message for error in errors)) or "an answer without data"
    if any(error.type in ACCESS_TYPES for error in errors):
        return AccessError(f"{where}: {advice(errors)}")
    return SourceError(f"{where}: the server refuses the query: {words}")


def advice(errors: Sequence[GraphqlError], needs: str = PERMISSIONS) -> str:
    """What an administrator must change so that this can be read; ``needs`` names permissions."""
    words = said("; ".join(dict.fromkeys(error.message for error in errors)))
    if "SAML" in words:
        return f"{_single_sign_on('')} ({words})"
    if any(error.type == "FORBIDDEN" for error in errors):
        return f"forbidden ({words}); the token needs {needs}"
    if any(error.type == "INSUFFICIENT_SCOPES" for error in errors):
        return f"the token's scopes do not suffice ({words}); it needs {needs}"
    return (
        f"not found, or hidden from this token ({words}); check the spelling, that the token may "
        f"use this repository, and that it has {needs}"
    )


def hidden_by_single_sign_on(headers: Mapping[str, str]) -> str:
    """What an answer that lacks an organization's data says of it; empty where it lacks none."""
    kind, _, rest = headers.get("x-github-sso", "").partition(";")
    if kind.strip() != "partial-results":
        return ""
    ids = said(rest.partition("organizations=")[2])
    return (
        f"single sign-on hides the data of organizations (by id: {ids}): authorize the token for"
        " them (Configure SSO)"
    )


def from_failure(where: str, host: str, error: Exception) -> tuple[SourceError, bool]:
    """The error for a connection that failed, and whether it is worth trying again.

    The exception's own text is not shown: it may hold the address of a proxy with its password.
    """
    causes = list(_causes(error))
    if any(isinstance(cause, requests.exceptions.SSLError) for cause in causes):
        hint = "for a private certificate authority name its file as ca_bundle"
        return SourceError(f"{where}: the certificate of {host} is not trusted; {hint}"), False
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        return SourceError(f"{where}: the proxy does not let us reach {host}"), True
    if any(isinstance(cause, NameResolutionError | socket.gaierror) for cause in causes):
        return SourceError(f"{where}: the name {host} cannot be resolved (DNS)"), True
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return SourceError(f"{where}: {host} refuses the connection"), True
    if isinstance(error, requests.exceptions.Timeout):
        return OverloadedError(f"{where}: {host} does not answer in time"), True
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.ConnectionError):
        return OverloadedError(f"{where}: the connection to {host} broke off"), True
    if isinstance(error, RuntimeError):
        # PyGithub's word for a server that redirects to another host or protocol.
        hint = "write the url that the browser shows after signing in"
        return SourceError(f"{where}: {host} redirects elsewhere; {hint}"), False
    return SourceError(f"{where}: the request failed ({type(error).__name__})"), False


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what is behind it: requests and urllib3 put one into the other."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        wrapped = [arg for arg in error.args if isinstance(arg, BaseException)]
        reason = getattr(error, "reason", None) or (
            getattr(wrapped[0], "reason", None) if wrapped else None
        )
        inner = reason if isinstance(reason, BaseException) else None
        error = inner or (wrapped[0] if wrapped else None) or error.__cause__ or error.__context__


def _single_sign_on(header: str) -> str:
    """The address in the header is for this token alone: it is shown without its query."""
    _, _, url = header.partition("url=")
    parts = urlsplit(url.strip())
    at = f" at {parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else ""
    return f"the organization wants single sign-on: authorize the token for it{at} (Configure SSO)"
