"""What trackers cannot tell of the world's items, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pmo_sync.demo.facts import Team
from pmo_sync.demo.render_github_fields import keeps_fields

Teller = Literal["jira", "jira_dc", "github", "github_fields"]
"""Who tells of an item: its tracker; on GitHub, a repository whose issues have fields or not."""
TELLERS: tuple[Teller, ...] = get_args(Teller)
GITHUBS: tuple[Teller, ...] = ("github", "github_fields")

_NOT_MAPPED = {
    "risk_owner": "whoever is assigned to a risk owns it",
    "proximity": "nobody in the world says how soon a risk would strike",
    "target_start": "the world plans in no other place than its start dates",
    "target_end": "the world plans in no other place than its due dates",
    "tracker_team": "the world's containers are its teams",
    "health": "in the world boards say how a project is, not its items",
    "health_text": "in the world boards say how a project is, not its items",
}
_NO_GITHUB = {
    "resolution": "an issue has a reason in its place, which is its status",
    "estimate": "no seconds of work are foreseen on an issue",
    "remaining": "no seconds of work are foreseen on an issue",
    "spent": "no time is noted on an issue",
    "flagged": "that it is blocked is a label",
    "component": "a part of the product is a label",
    "iteration": "a repository has none",
    "probability": "what is said of a risk is labels",
    "impact": "what is said of a risk is labels",
    **_NOT_MAPPED,
}
NOT_TOLD: Mapping[Teller, Mapping[str, str]] = {
    "jira": _NOT_MAPPED,
    "jira_dc": _NOT_MAPPED,
    "github": {
        "priority": "an issue has none of its own, and the demo's source reads no board",
        "points": "an issue has none of its own, and the demo's source reads no board",
        "start": "an issue has none of its own, and the demo's source reads no board",
        "due": "an issue has none of its own, and the demo's source reads no board",
        "response": "what is said of a risk is labels",
        **_NO_GITHUB,
    },
    "github_fields": {
        "response": "no field is a risk's unless the source says so: the demo's does not",
        **_NO_GITHUB,
    },
}
"""What a connector cannot know of the items that one tells of, and why."""


def teller_of(team: Team) -> Teller:
    """Return who tells of a team's items."""
    return "github_fields" if team.tracker == "github" and keeps_fields(team) else team.tracker
