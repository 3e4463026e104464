"""What every report says of itself first: whose it is, of when, from what, and how far to trust
it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from pmo_sync.config import Config
from pmo_sync.reports.base import Page, SourceRow


class Masthead(TypedDict):
    """The first fields of a ``Page``, as words to make one with."""

    report: str
    version: int
    portfolio: str
    as_of: date
    previous: date
    timezone: str
    period: str
    policy_version: str
    sources: tuple[SourceRow, ...]
    confidence: str
    confidence_reasons: tuple[str, ...]


def masthead(
    named: tuple[str, int],
    config: Config,
    days: tuple[date, date],
    sources: Sequence[SourceRow],
    confidence: tuple[str, tuple[str, ...]],
) -> Masthead:
    """Return the masthead of a report by its name and version, its day and the day compared with,
    and the badge of its data with the reasons."""
    return Masthead(
        report=named[0],
        version=named[1],
        portfolio=config.portfolio.name,
        as_of=days[0],
        previous=days[1],
        timezone=config.portfolio.timezone,
        period=config.portfolio.period,
        policy_version=config.policy.version(),
        sources=tuple(sources),
        confidence=confidence[0],
        confidence_reasons=confidence[1],
    )


def same_masthead(named: tuple[str, int], page: Page) -> Masthead:
    """Return for another report the masthead of a page that tells of the same day."""
    return Masthead(
        report=named[0],
        version=named[1],
        portfolio=page.portfolio,
        as_of=page.as_of,
        previous=page.previous,
        timezone=page.timezone,
        period=page.period,
        policy_version=page.policy_version,
        sources=page.sources,
        confidence=page.confidence,
        confidence_reasons=page.confidence_reasons,
    )
