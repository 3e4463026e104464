"""Where a site keeps what we look for: custom fields have another id on every site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from pmo_sync.connectors.jira.payloads import Field
from pmo_sync.model import DECLARED_FIELDS, RISK_FIELDS

SUGGESTIONS = 3
_KIND = "com.pyxis.greenhopper.jira:"
_PLAN = "com.atlassian.jpo:jpo-custom-field-baseline-"

KNOWN: Mapping[str, tuple[str, ...]] = {
    "points": ("Story Points", _KIND + "jsw-story-points", "Story point estimate"),
    "iteration": (_KIND + "gh-sprint", "Sprint"),
    "parent": (
        _KIND + "gh-epic-link",
        "Epic Link",
        "com.atlassian.jpo:jpo-custom-field-parent",
        "Parent Link",
    ),
    "flagged": ("Flagged",),
    "start": ("Start date",),
    "due": ("duedate",),
    "target_start": (_PLAN + "start",),
    "target_end": (_PLAN + "end",),
    "tracker_team": (
        "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team",
        "com.atlassian.teams:rm-teams-custom-field-team",
        "Team",
    ),
}
"""Our field -> where it is by default: a kind of field (the same in every language) or a name."""

OURS = (*KNOWN, *RISK_FIELDS, *DECLARED_FIELDS, "development")
"""What a configuration may map; what is not ``KNOWN`` is nowhere by default. ``development``
holds addresses of issues and pull requests elsewhere."""

SYSTEM = (
    "summary", "status", "issuetype", "project", "created", "updated", "priority", "resolution",
    "resolutiondate", "reporter", "creator", "assignee", "parent", "timeoriginalestimate",
    "timeestimate", "timespent", "security", "labels", "components", "fixVersions", "issuelinks",
)  # fmt: skip
"""Fields that have the same id on every site."""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """``ids``: our field -> its ids on the site, the first with a value counts.

    ``problems``: our field -> why what the configuration says of it cannot be followed.
    ``names``: the site's name of a mapped field -> its id; changelogs of Data Center have names.
    ``persons``: those of our mapped fields that hold an account.
    """

    ids: Mapping[str, tuple[str, ...]]
    problems: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    persons: frozenset[str] = frozenset()

    def asked(self) -> list[str]:
        """List the fields to ask a search for."""
        return [*SYSTEM, *(wanted for ids in self.ids.values() for wanted in ids)]

    def named(self, name: str) -> str | None:
        """Return the id of the mapped field that the site calls so."""
        return self.names.get(name)

    def by_id(self) -> dict[str, str]:
        """Return our names of mapped fields by their ids; of two for one id the first."""
        pairs = [(field_id, ours) for ours, ids in self.ids.items() for field_id in ids]
        return dict(reversed(pairs))


def map_fields(fields: Sequence[Field], configured: Mapping[str, str]) -> FieldMap:
    """Find our fields on a site, by the configured name or id, else by the default ones."""
    ids: dict[str, tuple[str, ...]] = {}
    problems = {}
    for ours in dict.fromkeys((*KNOWN, *configured)):
        wanted = (configured[ours],) if ours in configured else KNOWN[ours]
        found = tuple(dict.fromkeys(f.id for name in wanted for f in fields if _is(f, name)))
        if ours not in OURS:
            problems[ours] = f"fields.{ours}: not a field of ours (known: {', '.join(OURS)})"
        elif found:
            ids[ours] = found
        elif ours in configured:
            problems[ours] = f"fields.{ours}: {_unknown(configured[ours], fields)}"
    mapped = {field_id for several in ids.values() for field_id in several}
    names = {one.name: one.id for one in fields if one.id in mapped}
    accounts = {f.id for f in fields if f.field_schema and f.field_schema.type == "user"}
    persons = {ours for ours in ids if ours in RISK_FIELDS and accounts.issuperset(ids[ours])}
    return FieldMap(ids, problems, names, frozenset(persons))


def _is(field: Field, wanted: str) -> bool:
    kind = field.field_schema.custom if field.field_schema else None
    names = {field.name.casefold(), (field.untranslated_name or "").casefold()}
    return wanted in (field.id, kind) or wanted.casefold() in names


def _unknown(wanted: str, fields: Sequence[Field]) -> str:
    near = get_close_matches(wanted, sorted({f.name for f in fields}), SUGGESTIONS, 0.5)
    hint = f" (nearest: {', '.join(near)})" if near else ""
    return f"the site has no field {wanted!r}{hint}"
