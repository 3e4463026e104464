"""A GitHub App that is installed on an organization: it proves its key, and is given tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt

from pmo_sync.demo.http import Request, Response, json_response

_TOKENS = re.compile(r"^/app/installations/(\d+)/access_tokens$")
_INSTALLED = re.compile(r"^/(?:orgs|users)/([^/]+)/installation$")


@dataclass(slots=True)
class GithubApp:
    """An app by its id and public key (PEM), and where it is installed. ``lifetime`` is that of
    its tokens; ``given`` lists those that it was given."""

    app_id: str
    public_key: str
    owner: str
    installation: int = 1
    lifetime: timedelta = timedelta(hours=1)
    given: list[str] = field(default_factory=list)

    def answer(self, path: str, request: Request) -> Response | None:
        """Answer what an app asks for itself; None where the path is for others."""
        tokens, installed = _TOKENS.match(path), _INSTALLED.match(path)
        if not tokens and not installed:
            return None
        if not self._proven(request):
            return json_response({"message": "A JSON web token could not be decoded"}, 401)
        if installed:
            known = installed[1].casefold() == self.owner.casefold()
            found = {"id": self.installation, "app_id": 1, "account": {"login": self.owner}}
            return json_response(found) if known else json_response({"message": "Not Found"}, 404)
        if tokens and int(tokens[1]) != self.installation:
            return json_response({"message": "Not Found"}, 404)
        return self._token()

    def _proven(self, request: Request) -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            claims = jwt.decode(token, self.public_key, algorithms=["RS256"], issuer=self.app_id)
        except jwt.PyJWTError:
            return False
        return kind.casefold() == "bearer" and claims["exp"] - claims["iat"] <= 660

    def _token(self) -> Response:
        self.given.append(f"ghs_installation{len(self.given)}")
        until = (datetime.now(UTC) + self.lifetime).strftime("%Y-%m-%dT%H:%M:%SZ")
        granted = {"token": self.given[-1], "expires_at": until,
                   "permissions": {"issues": "read", "metadata": "read"},
                   "repository_selection": "all"}  # fmt: skip
        return json_response(granted, 201)
