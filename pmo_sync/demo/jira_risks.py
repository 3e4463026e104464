"""What a Jira site keeps of a risk: three select fields of its own, each with its options."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_sync.demo.facts import Field, Item
from pmo_sync.demo.jira_catalogue import Catalogue
from pmo_sync.demo.jira_fields import IMPACT, PROBABILITY, RESPONSE
from pmo_sync.demo.jira_site import Json

_LEVELS = ("1", "2", "3", "4", "5")
RISK_FIELDS: Mapping[Field, tuple[str, str, tuple[str, ...]]] = {
    "probability": ("Probability", PROBABILITY, _LEVELS),
    "impact": ("Impact", IMPACT, _LEVELS),
    "response": ("Response", RESPONSE, ("Mitigate", "Accept", "Transfer", "Avoid")),
}
"""The world's field -> the site's name of it, its id, and what can be chosen."""


def option(field: Field, value: str) -> tuple[str, str]:
    """Return the id and the text of what was chosen."""
    _, field_id, options = RISK_FIELDS[field]
    text = value.capitalize()
    return f"{field_id.rpartition('_')[2]}{options.index(text):02d}", text


def risk_fields(catalogue: Catalogue, item: Item) -> Json:
    """Return an issue's fields of a risk, with what is chosen now."""
    return {
        field_id: _chosen(catalogue, field, item.value(field))
        for field, (_, field_id, _) in RISK_FIELDS.items()
    }


def _chosen(catalogue: Catalogue, field: Field, value: str | None) -> Json | None:
    if value is None:
        return None
    number, text = option(field, value)
    return {"self": catalogue.rest(f"customFieldOption/{number}"), "value": text, "id": number}
