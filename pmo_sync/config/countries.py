"""Countries whose public holidays are known, by ISO 3166: looked up only where one is named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems, hint, nearest
from pmo_sync.config.schema import PersonConfig, Portfolio, TeamConfig


def check_country(
    place: Portfolio | TeamConfig | PersonConfig, where: KeyPath, problems: Problems
) -> None:
    """Note a country whose holidays nobody knows, and a subdivision that is none of its own."""
    if place.subdivision and not place.country:
        problems.error(where, "a subdivision needs its country beside it", "subdivision")
    if not place.country:
        return
    known = _known()
    if place.country not in known:
        advice = nearest(place.country, known) or " (write its two letters, e.g. SE)"
        problems.error((*where, "country"), f"unknown country {place.country!r}{advice}")
    elif place.subdivision and place.subdivision not in (parts := _parts(place.country)):
        advice = hint(place.subdivision, parts)
        text = f"{place.country} has no subdivision {place.subdivision!r}{advice}"
        problems.error((*where, "subdivision"), text)


@cache
def _known() -> Sequence[str]:
    from holidays.registry import EntityLoader  # a configuration without a country need not pay

    return tuple(EntityLoader.get_country_codes(include_aliases=True))


@cache
def _parts(country: str) -> Sequence[str]:
    import holidays  # its own list of subdivisions loads every country there is, this one alone

    found: Sequence[str] = tuple(getattr(holidays, country).subdivisions)
    return found
