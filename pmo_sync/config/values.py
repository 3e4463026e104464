"""What a single value may be, beyond its type."""

from __future__ import annotations

import math
from string import Formatter
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pmo_sync.config.countries import check_country
from pmo_sync.config.declarations import check_declarations, check_thresholds
from pmo_sync.config.locate import KeyPath
from pmo_sync.config.problems import Problems, hint, nearest
from pmo_sync.config.ranges import check_range
from pmo_sync.config.schema import Config, PersonConfig, Portfolio, Source
from pmo_sync.model import RISK_FIELDS
from pmo_sync.policy import ForecastPolicy, Policy, RiskPolicy

FORECAST_RANGES = {
    "weeks": (6, 104),
    "minimum_weeks": (2, 104),
    "minimum_finished": (1, math.inf),
    "minimum_days": (1, math.inf),
    "split": (1, 10),
}
RISK_RANGES = {"high": (1, 25), "medium": (1, 25)}
LEVELS = (1, 5)
RANGES = {
    "hours_a_week": (1, 168),
    "lone_carrier": (0.5, 1),
    "lone_carrier_minimum": (1, math.inf),
    "stale_after": (1, math.inf),
    "dormant_after": (1, math.inf),
    "source_stale_after": (0, math.inf),
    "declared_stale_after": (1, math.inf),
    "minimum_finished": (1, math.inf),
    "minimum_coverage": (0, 1),
    "list_limit": (1, math.inf),
    "page_rows": (1, math.inf),
}
"""Lowest and highest value of the policy's numbers, both allowed."""


def check_values(config: Config, problems: Problems) -> None:
    """Note every value that has the right type and cannot be meant."""
    _check_portfolio(config.portfolio, problems)
    _check_policy(config.policy, problems)
    check_country(config.portfolio, ("portfolio",), problems)
    for index, team in enumerate(config.teams):
        check_country(team, ("teams", index), problems)
    for index, each in enumerate(config.people):
        check_country(each, ("people", index), problems)
    for index, source in enumerate(config.sources):
        _check_source(source, ("sources", index), problems)
    for index, program in enumerate(config.programs):
        check_thresholds(program.health, ("programs", index, "health"), problems)
    for index, project in enumerate(config.projects):
        _check_points(project.hours_per_point, ("projects", index), problems)
        check_declarations(project, ("projects", index), problems)
    for index, person in enumerate(config.people):
        _check_person(person, ("people", index), problems)
    for index, target in enumerate(config.publish):
        check_range(target.keep, 1, math.inf, ("publish", index, "keep"), problems)


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
        check_range(getattr(policy, key), low, high, ("policy", key), problems)
    _check_risk(policy.risk, ("policy", "risk"), problems)
    check_thresholds(policy.health, ("policy", "health"), problems)
    _check_forecast(policy.forecast, ("policy", "forecast"), problems)
    _check_points(policy.hours_per_point, ("policy",), problems)


def _check_forecast(policy: ForecastPolicy, where: KeyPath, problems: Problems) -> None:
    for key, (low, high) in FORECAST_RANGES.items():
        check_range(getattr(policy, key), low, high, (*where, key), problems)


def _check_risk(risk: RiskPolicy, where: KeyPath, problems: Problems) -> None:
    for key, (low, high) in RISK_RANGES.items():
        check_range(getattr(risk, key), low, high, (*where, key), problems)
    if risk.medium > risk.high:
        problems.error(where, f"medium {risk.medium} is above high {risk.high}", "medium")
    for word, level in risk.scale.items():
        check_range(level, *LEVELS, (*where, "scale", word), problems)
    for index, pattern in enumerate(risk.label_patterns):
        if pattern and (mistake := _pattern_mistake(pattern)):
            problems.error((*where, "label_patterns", index), mistake)


def _pattern_mistake(pattern: str) -> str:
    """Say what keeps a pattern from telling something by ``{a field}``."""
    try:
        named = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    except ValueError:
        return "has a brace that is not closed"
    for name in named:
        if name not in RISK_FIELDS:
            return f"unknown field {name!r}{hint(name, RISK_FIELDS)}"
    if len(set(named)) < len(named):
        return "names a field twice"
    return "" if named else f"names no field (known: {', '.join(RISK_FIELDS)})"


def _check_points(hours: float | None, where: KeyPath, problems: Problems) -> None:
    check_range(hours, 0.1, 1000, (*where, "hours_per_point"), problems)


def _check_person(person: PersonConfig, where: KeyPath, problems: Problems) -> None:
    check_range(person.hours, 0, 168, (*where, "hours"), problems)
    if person.start and person.end and person.start > person.end:
        problems.error(where, f"start {person.start} is after end {person.end}", "start")
    for index, days in enumerate(person.away):
        known = [day for day in days if day]
        if len(days) != 2 or known != sorted(known):
            text = "must be [first day, last day], in this order"
            problems.error((*where, "away", index), text)


def _check_source(source: Source, where: KeyPath, problems: Problems) -> None:
    if ":" in source.name:
        problems.error((*where, "name"), "must not hold ':', which accounts are written with")
    if source.url and (mistake := _url_mistake(source.url)):
        problems.error((*where, "url"), mistake)
    check_range(source.max_loss, 0, 1, (*where, "max_loss"), problems)
    check_range(source.sweep_hours, 0, 168, (*where, "sweep_hours"), problems)
    check_range(source.connections, 1, 100, (*where, "connections"), problems)
    check_range(source.patience, 0, math.inf, (*where, "patience"), problems)


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
