"""Users, as Jira Cloud names them: by account id alone."""

from __future__ import annotations

import re

from pmo_sync.demo.http import Response, json_response
from pmo_sync.demo.jira_state import Call, RefusedError, Route, page_of

_MOST = 200


def _user(call: Call) -> Response:
    wanted = call.request.first("accountId")
    if wanted is None:
        raise RefusedError(400, "The 'accountId' query parameter is required.")
    for user in call.state.site.users:
        if user["accountId"] == wanted:
            return json_response(user)
    raise RefusedError(404, f"Specified user does not exist or you do not have required "
                            f"permissions: {wanted}")  # fmt: skip


def _users(call: Call) -> Response:
    """Answer with a page (of 10 unless asked) of the users named; unknown ids are passed over."""
    wanted = {one for one in call.request.query.get("accountId", ()) if one}
    if not wanted:
        raise RefusedError(400, "The 'accountId' query parameter is required.")
    found = [user for user in call.state.site.users if user["accountId"] in wanted]
    return page_of(found, call.request, call.state.site.base_url, limit=_MOST, default=10)


PEOPLE_ROUTES: tuple[Route, ...] = (
    Route("GET", re.compile("/rest/api/user"), _user),
    Route("GET", re.compile("/rest/api/user/bulk"), _users),
)
