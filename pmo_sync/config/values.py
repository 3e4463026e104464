"""What a single value may be, beyond its type."""

from __future__ import annotations

import math
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems, nearest
from pmo_sync.config.schema import Config, Portfolio, Source
from pmo_sync.policy import Policy

RANGES = {
    "stale_after": (1, math.inf),
    "dormant_after": (1, math.inf),
    "source_stale_after": (0, math.inf),
    "slip_amber": (0, math.inf),
    "minimum_finished": (1, math.inf),
    "minimum_coverage": (0, 1),
    "list_limit": (1, math.inf),
}
"""Lowest and highest value of the policy's numbers, both allowed."""


def check_values(config: Config, problems: Problems) -> None:
    """Note every value that has the right type and cannot be meant."""
    _check_portfolio(config.portfolio, problems)
    _check_policy(config.policy, problems)
    for index, source in enumerate(config.sources):
        _check_source(source, ("sources", index), problems)
    for index, person in enumerate(config.people):
        _check_range(person.hours, 0, 168, ("people", index, "hours"), problems)
    for index, target in enumerate(config.publish):
        _check_range(target.keep, 1, math.inf, ("publish", index, "keep"), problems)


def _check_portfolio(portfolio: Portfolio, problems: Problems) -> None:
    if not _is_time_zone(portfolio.timezone):
        name = portfolio.timezone
        advice = nearest(name, available_timezones()) or " (write one like Europe/Paris)"
        problems.error(("portfolio", "timezone"), f"unknown time zone {name!r}{advice}")
    days = [day for day in portfolio.working_days if day]
    if not portfolio.working_days:
        problems.error(("portfolio", "working_days"), "must name at least one day")
    if len(set(days)) < len(days):
        problems.error(("portfolio", "working_days"), "names a day twice")


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # absent, no relative path, a folder
        return False
    return True


def _check_policy(policy: Policy, problems: Problems) -> None:
    for key, (low, high) in RANGES.items():
        _check_range(getattr(policy, key), low, high, ("policy", key), problems)


def _check_source(source: Source, where: KeyPath, problems: Problems) -> None:
    if ":" in source.name:
        problems.error((*where, "name"), "must not hold ':', which accounts are written with")
    if source.url and (mistake := _url_mistake(source.url)):
        problems.error((*where, "url"), mistake)
    _check_range(source.max_loss, 0, 1, (*where, "max_loss"), problems)


def _url_mistake(url: str) -> str:
    """Say what is wrong with a URL without repeating it: it may hold a password."""
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError:
        return "is no valid URL"
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid:
        return "must be a URL like https://tracker.example.com"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user or password: use the keys user, password or token"
    if parts.query or parts.fragment:
        return "must end before '?' or '#'"
    return ""


def _check_range(
    value: float | None, low: float, high: float, where: KeyPath, problems: Problems
) -> None:
    if value is None or low <= value <= high:
        return
    bounds = f"from {low} to {high}" if high != math.inf else f"{low} or more"
    problems.error(where, f"must be {bounds}, is {value}")
