"""How a source logs in: with a token, or as the installation of a GitHub App.

A workflow's own token is a token like any other. An app's key signs a request for a token of one
hour, which is asked for anew shortly before it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

import github
import requests
from github.Auth import AppAuth, Auth, Token
from github.GithubIntegration import GithubIntegration
from jwt import PyJWTError

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.github.refusal import said
from pmo_sync.errors import AccessError, ConfigError

EARLY = timedelta(minutes=5)
"""So long before its end a token is no longer used: a page may take a while."""
MASK = "***"


class Login:
    """A source's login; ``auth`` is what PyGithub adds to each request."""

    def __init__(self, source: Source, base: str, *, timeout: int, verify: str | bool) -> None:
        self._secret = source.app_key if source.app else source.token
        self.auth: Auth | None = None
        self._known: Callable[[], str] = str
        if source.app:
            app = Installation(source, base, timeout=timeout, verify=verify)
            self.auth, self._known = app, lambda: app.current
        elif source.token:
            token = _printable(source.token)
            self.auth, self._known = Token(token), lambda: token

    @property
    def where(self) -> str:
        """The key of the configuration that names the secret; empty where there is none."""
        return self._secret.where if self._secret else ""

    def clean(self, text: str) -> str:
        """A server's words without our token, should it repeat it."""
        token = self._known()
        return text.replace(token, MASK) if token else text


class Installation(Auth):
    """The login of one installation of an app; safe to share between threads."""

    def __init__(self, source: Source, base: str, *, timeout: int, verify: str | bool) -> None:
        self.current = ""
        """The token in use; empty before the first request."""
        self._source, self._until = source, datetime.fromtimestamp(0, UTC) + EARLY
        self._lock = Lock()
        self._number = source.installation
        self._app = GithubIntegration(
            auth=AppAuth(_app_id(source), _key(source)),
            base_url=base,
            timeout=timeout,
            verify=verify,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )

    @property
    def token_type(self) -> str:
        """The word before the token in the header."""
        return "token"

    @property
    def token(self) -> str:
        """The token of the hour; AccessError where the app may not have one."""
        with self._lock:
            if datetime.now(UTC) >= self._until - EARLY:
                self._renew()
            return self.current

    def _renew(self) -> None:
        where = f"{self._source.name}: app {self._source.app}"
        try:
            if self._number is None:
                self._number = self._find()
            granted = self._app.get_access_token(self._number)
        except github.GithubException as error:
            raise _refused(where, error) from None
        except (PyJWTError, ValueError, TypeError):
            place = self._source.app_key.where if self._source.app_key else "app_key"
            raise ConfigError(f"{place}: is no private key of a GitHub App (a PEM file)") from None
        self.current, self._until = granted.token, granted.expires_at

    def _find(self) -> int:
        """The installation on whoever owns the scope."""
        owner = _owner(self._source)
        try:
            return self._app.get_org_installation(owner).id
        except github.UnknownObjectException:
            return self._app.get_user_installation(owner).id


def require_login(source: Source) -> None:
    """Raise ConfigError where half a login is configured, or two."""
    if source.app and not source.app_key:
        raise ConfigError(f"{source.name}: app wants app_key, the app's private key")
    if (source.app_key or source.installation) and not source.app:
        raise ConfigError(f"{source.name}: app_key and installation want app, the app's id")
    if source.app and source.token:
        raise ConfigError(f"{source.name}: token and app are two logins: keep one")


def _refused(where: str, error: github.GithubException) -> Exception:
    if error.status == 429 or error.status >= 500:
        return requests.ConnectionError()
    words = said(str((error.data or {}).get("message", "")) if isinstance(error.data, dict) else "")
    advice = {
        401: "the app's id and app_key do not belong together",
        403: "the installation is suspended, or the app was refused",
        404: "it is not installed there: install it on the organization, or set installation",
    }.get(error.status, "no token for the installation")
    return AccessError(f"{where}: {advice} ({error.status} {words})")


def _app_id(source: Source) -> int | str:
    app = source.app or ""
    return int(app) if app.isdigit() else app


def _key(source: Source) -> Callable[[], str]:
    """The private key; an environment variable may hold its line ends as backslash and n."""
    secret = source.app_key
    return lambda: secret.reveal().replace("\\n", "\n") if secret else ""


def _owner(source: Source) -> str:
    named = [source.organization, *source.repositories, *source.boards]
    return next((name for name in named if name), "").partition("/")[0]


def _printable(secret: Secret) -> str:
    """The token; a character that no token has would put it into an exception's text."""
    token = secret.reveal()
    if not (token.isascii() and token.isprintable()):
        raise ConfigError(f"{secret.where}: the token has characters that no GitHub token has")
    return token
