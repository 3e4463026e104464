"""A sprint as Data Center packs it into the issue's field: its Java object, written as text."""

from __future__ import annotations

import re

from pmo_sync.connectors.jira.payloads import Sprint

_NAMES = (
    "activatedDate", "autoStartStop", "completeDate", "endDate", "goal", "id",
    "incompleteIssuesDestinationId", "name", "rapidViewId", "sequence", "startDate", "state",
    "synced",
)  # fmt: skip
_BODY = re.compile(r"\[(.*)\]\s*$", re.DOTALL)
_STARTS = re.compile(rf"(?:^|,)({'|'.join(_NAMES)})=")
_NUMBERS = ("id", "rapidViewId")
_NUMBER = re.compile(r"\d+")
_NULL = "<null>"


def unpacked(text: str) -> Sprint:
    """Read ``...Sprint@1f[id=4,state=ACTIVE,name=...]``, its parts in any order; raise ValueError
    for one without a number.

    A name or goal may hold commas; of a part that comes twice the first one counts that fits.
    """
    found = _BODY.search(text)
    said = {name: value for name, value in _parts(found[1] if found else "").items() if value}
    if "id" not in said:
        raise ValueError(f"not a sprint: {text[:80]!r}")
    board = said.get("rapidViewId")
    return Sprint(
        id=int(said["id"]),
        name=said.get("name", ""),
        state=said.get("state", "").casefold(),
        board_id=int(board) if board else None,
        start_date=said.get("startDate"),
        end_date=said.get("endDate"),
        complete_date=said.get("completeDate"),
    )


def _parts(body: str) -> dict[str, str]:
    """Return the parts by name; '' for what is null."""
    starts = list(_STARTS.finditer(body))
    ends = [*(start.start() for start in starts[1:]), len(body)]
    values: dict[str, str] = {}
    for start, end in zip(starts, ends[: len(starts)], strict=True):
        value = body[start.end() : end]
        if start[1] not in _NUMBERS or _NUMBER.fullmatch(value):
            values.setdefault(start[1], "" if value == _NULL else value)
    return values
