"""The fields of a Jira Cloud site: the system's, and the usual custom ones."""

from __future__ import annotations

from pmo_sync.demo.jira_site import Json

EPIC_LINK = "customfield_10014"
START_DATE = "customfield_10015"
POINTS = "customfield_10016"
RANK = "customfield_10019"
SPRINT = "customfield_10020"
FLAGGED = "customfield_10021"
PROBABILITY = "customfield_10031"
IMPACT = "customfield_10032"
RESPONSE = "customfield_10033"
IMPEDIMENT = "10019"

_GREENHOPPER = "com.pyxis.greenhopper.jira"
_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
_SYSTEM_FIELDS = (
    ("summary", "Summary", "string", None),
    ("description", "Description", "string", None),
    ("issuetype", "Issue Type", "issuetype", None),
    ("project", "Project", "project", None),
    ("status", "Status", "status", None),
    ("resolution", "Resolution", "resolution", None),
    ("resolutiondate", "Resolved", "datetime", None),
    ("priority", "Priority", "priority", None),
    ("assignee", "Assignee", "user", None),
    ("reporter", "Reporter", "user", None),
    ("creator", "Creator", "user", None),
    ("created", "Created", "datetime", None),
    ("updated", "Updated", "datetime", None),
    ("duedate", "Due date", "date", None),
    ("labels", "Labels", "array", "string"),
    ("components", "Components", "array", "component"),
    ("fixVersions", "Fix versions", "array", "version"),
    ("issuelinks", "Linked Issues", "array", "issuelinks"),
    ("subtasks", "Sub-tasks", "array", "issuelinks"),
    ("timeoriginalestimate", "Original estimate", "number", None),
    ("timeestimate", "Remaining Estimate", "number", None),
    ("timespent", "Time Spent", "number", None),
    ("statuscategorychangedate", "Status Category Changed", "datetime", None),
    ("worklog", "Log Work", "array", "worklog"),
    ("security", "Security Level", "securitylevel", None),
)
_CUSTOM_FIELDS = (
    (EPIC_LINK, "Epic Link", "any", None, f"{_GREENHOPPER}:gh-epic-link"),
    (START_DATE, "Start date", "date", None, f"{_TYPES}:datepicker"),
    (POINTS, "Story Points", "number", None, f"{_TYPES}:float"),
    (RANK, "Rank", "any", None, f"{_GREENHOPPER}:gh-lexo-rank"),
    (SPRINT, "Sprint", "array", "json", f"{_GREENHOPPER}:gh-sprint"),
    (FLAGGED, "Flagged", "array", "option", f"{_TYPES}:multicheckboxes"),
    (PROBABILITY, "Probability", "option", None, f"{_TYPES}:select"),
    (IMPACT, "Impact", "option", None, f"{_TYPES}:select"),
    (RESPONSE, "Response", "option", None, f"{_TYPES}:select"),
)


def jira_fields() -> tuple[Json, ...]:
    """Return the fields of the site, as /field lists them."""
    system = (
        _field(name, title, {"type": kind, "system": name}, items, custom=False)
        for name, title, kind, items in _SYSTEM_FIELDS
    )
    custom = (
        _field(
            name,
            title,
            {"type": kind, "custom": plugin, "customId": int(name.rpartition("_")[2])},
            items,
            custom=True,
        )
        for name, title, kind, items, plugin in _CUSTOM_FIELDS
    )
    return (*system, *custom)


def _field(
    name: str, title: str, schema: dict[str, str | int], items: str | None, *, custom: bool
) -> Json:
    if items:
        schema["items"] = items
    clauses = [f"cf[{schema['customId']}]", title] if custom else [name]
    return {
        "id": name,
        "key": name,
        "name": title,
        "untranslatedName": title,
        "custom": custom,
        "orderable": True,
        "navigable": name != "worklog",
        "searchable": True,
        "clauseNames": clauses,
        "schema": schema,
    }
