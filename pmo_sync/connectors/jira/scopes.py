"""Which scopes a restricted token of Cloud needs for what is asked, as Jira describes it."""

from __future__ import annotations

import re

WORK = ("read:jira-work",)
USERS = ("read:jira-user",)
BOARDS = (
    "read:board-scope:jira-software", "read:sprint:jira-software", "read:project:jira",
)  # fmt: skip
_KINDS = (
    (re.compile(r"/rest/agile/"), BOARDS),
    (re.compile(r"/rest/api/[^/]+/(myself|user)\b"), USERS),
)


def scopes_of(path: str) -> tuple[str, ...]:
    """Return the scopes that a token needs for a request."""
    return next((scopes for kind, scopes in _KINDS if kind.search(path)), WORK)
