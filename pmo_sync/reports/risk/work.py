"""Risks and work at risk by project, and for the whole portfolio."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import NO_DATA, counted
from pmo_sync.reports.lists import Lists, slug, within
from pmo_sync.reports.risk.evidence import Evidence
from pmo_sync.reports.risk.view import WorkRow
from pmo_sync.reports.words import several
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.risk import Exposure, exposure
from pmo_sync.rollups.work import of_work

PORTFOLIO = "Portfolio"


def work_rows(evidence: Evidence, lists: Lists) -> tuple[WorkRow, ...]:
    """Return a row for each project in the configuration's order, then the portfolio's."""
    sums = {} if evidence.risks is None else exposure(evidence.risks)
    rows = [
        _row(evidence, lists, sums, f"p{number}-{slug(project.name)}", project.name, project.owner)
        for number, project in enumerate(evidence.scope.projects, 1)
    ]
    return (*rows, _row(evidence, lists, sums, "all", ALL, None))


def _row(
    evidence: Evidence,
    lists: Lists,
    sums: Mapping[str, Exposure],
    id: str,
    group: str,
    owner: str | None,
) -> WorkRow:
    def figure(measure: str) -> Figure:
        return evidence.figure(lists, measure, group, id)

    return WorkRow(
        id=id,
        name=PORTFOLIO if group == ALL else group,
        owner=owner,
        risks=(
            ("Open risks", figure("risk_open")),
            ("High", figure("risk_high")),
            ("Sum of scores", _exposure(sums.get(group))),
        ),
        work=(
            ("Open items", figure("open")),
            ("Overdue", figure("overdue")),
            ("Blocked", figure("blocked")),
            ("Ageing", _ageing(evidence, lists, group, id)),
            ("Unowned", figure("unowned")),
            ("Unestimated", figure("unestimated")),
            ("Stale", figure("stale")),
        ),
    )


def _exposure(found: Exposure | None) -> Figure:
    if found is None:
        return Figure(None, "–")
    if not found.assessed:
        return Figure(None, NO_DATA, note="none is assessed")
    left = found.of - found.assessed
    note = f"without {left:,} not assessed" if left else ""
    return Figure(found.score, f"{found.score:,}", note=note)


def _ageing(evidence: Evidence, lists: Lists, group: str, id: str) -> Figure:
    """Count what is older than the project's own expectation; a portfolio has none."""
    if group == ALL:
        known = [p.name for p in evidence.scope.projects if p.name in evidence.expectation]
        note = f"by project; {len(known)} of {several(len(evidence.scope.projects), 'project')} say"
        return Figure(None, "–", note=note)
    days = evidence.expectation.get(group)
    if days is None:
        return Figure(None, NO_DATA, note="too few done")
    title = f"{group}: In progress for more than {several(days, 'day')}"
    old = of_work(evidence.config.policy, f"category = in_progress and age > {days}")
    where = within("project", group, old)
    found = evidence.ageing.get(group)
    return counted(found, lists.add(f"{id}-ageing", title, found, where), f"over {days} days")
