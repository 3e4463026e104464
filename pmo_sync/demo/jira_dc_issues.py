"""An issue as Jira Data Center shows it, made of the same issue in Cloud's words."""

from __future__ import annotations

import hashlib

from pmo_sync.demo.jira_dc_fields import CLOUD_ALONE, DC_IDS, EPIC_NAME
from pmo_sync.demo.jira_fields import EPIC_LINK, SPRINT
from pmo_sync.demo.jira_site import Json

_SPRINT_CLASS = "com.atlassian.greenhopper.service.sprint.Sprint"


def dc_issue(issue: Json) -> Json:
    """Return an issue of REST v2, with its changelog oldest first."""
    subtask = issue["fields"]["issuetype"]["subtask"]
    histories = [_history(one, subtask) for one in reversed(issue["changelog"]["histories"])]
    return {**issue, "changelog": {"histories": histories}, "fields": _fields(issue["fields"])}


def _fields(cloud: Json) -> Json:
    """Return the fields under their ids here: a story names its epic, a sub-task its parent."""
    fields = {name: value for name, value in cloud.items() if name not in CLOUD_ALONE}
    if cloud["issuetype"]["subtask"]:
        fields[EPIC_LINK] = None
    else:
        fields.pop("parent", None)
    fields[SPRINT] = [dc_sprint(one) for one in cloud[SPRINT]] if cloud[SPRINT] else None
    fields = {DC_IDS.get(name, name): value for name, value in fields.items()}
    if cloud["issuetype"]["name"] == "Epic":
        fields[EPIC_NAME] = cloud["summary"]
    return fields


def dc_sprint(sprint: Json) -> str:
    """Write a sprint as its Java object does: that is what the field holds."""
    start = sprint.get("startDate")
    values = {
        "activatedDate": start,
        "autoStartStop": "false",
        "completeDate": sprint.get("completeDate"),
        "endDate": sprint.get("endDate"),
        "goal": sprint.get("goal") or None,
        "id": sprint["id"],
        "incompleteIssuesDestinationId": None,
        "name": sprint["name"],
        "rapidViewId": sprint["boardId"],
        "sequence": sprint["id"],
        "startDate": start,
        "state": str(sprint["state"]).upper(),
        "synced": "false",
    }
    said = ",".join(f"{name}={_or_null(value)}" for name, value in values.items())
    mark = hashlib.sha256(str(sprint["id"]).encode()).hexdigest()[:8]
    return f"{_SPRINT_CLASS}@{mark}[{said}]"


def _or_null(value: object) -> object:
    return "<null>" if value is None else value


def _history(cloud: Json, subtask: bool) -> Json:
    """Return a changelog entry; one by an account that is gone names no author."""
    history = {**cloud, "items": [_item(one, subtask) for one in cloud["items"]]}
    return {name: value for name, value in history.items() if value is not None}


def _item(cloud: Json, subtask: bool) -> Json:
    item = {name: value for name, value in cloud.items() if name != "fieldId"}
    if item["field"] != "IssueParentAssociation":
        return item
    if subtask:
        return {**item, "field": "Parent"}
    # what is not there is "" in this field's entries
    ends = {name: item[name] or "" for name in ("from", "fromString", "to", "toString")}
    return {**item, **ends, "field": "Epic Link", "fieldtype": "custom"}
