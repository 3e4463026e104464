"""The fields of a Jira Data Center site: Cloud's, under ids that its administrators happened on."""

from __future__ import annotations

from typing import Any

from pmo_sync.demo.jira_fields import (
    EPIC_LINK,
    FLAGGED,
    IMPACT,
    POINTS,
    PROBABILITY,
    RANK,
    RESPONSE,
    SPRINT,
    START_DATE,
    jira_fields,
)
from pmo_sync.demo.jira_site import Json

EPIC_NAME = "customfield_10103"
DC_IDS = {
    EPIC_LINK: "customfield_10101",
    SPRINT: "customfield_10105",
    POINTS: "customfield_10106",
    RANK: "customfield_10107",
    FLAGGED: "customfield_10300",
    START_DATE: "customfield_10400",
    PROBABILITY: "customfield_10501",
    IMPACT: "customfield_10502",
    RESPONSE: "customfield_10503",
}
"""A custom field's id on Cloud -> its id here."""
CLOUD_ALONE = frozenset({"statuscategorychangedate"})
"""System fields that a Data Center does not have."""


def jira_dc_fields() -> tuple[Json, ...]:
    """Return the fields of the site, as /field lists them."""
    shared = tuple(_field(one) for one in jira_fields() if one["id"] not in CLOUD_ALONE)
    return (*shared, _epic_name())


def _field(cloud: Json) -> Json:
    number: str = DC_IDS.get(str(cloud["id"]), str(cloud["id"]))
    schema: dict[str, Any] = dict(cloud["schema"])
    if cloud["id"] == SPRINT:
        schema["items"] = "string"
    field = {name: cloud[name] for name in ("name", "custom", "orderable", "navigable",
                                            "searchable", "clauseNames")}  # fmt: skip
    if not cloud["custom"]:
        return {"id": number, **field, "schema": schema}
    schema["customId"] = int(number.rpartition("_")[2])
    field["clauseNames"] = [f"cf[{schema['customId']}]", cloud["name"]]
    return {"id": number, **field, "schema": schema}


def _epic_name() -> Json:
    number = int(EPIC_NAME.rpartition("_")[2])
    return {
        "id": EPIC_NAME,
        "name": "Epic Name",
        "custom": True,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [f"cf[{number}]", "Epic Name"],
        "schema": {
            "type": "string",
            "custom": "com.pyxis.greenhopper.jira:gh-epic-label",
            "customId": number,
        },
    }
