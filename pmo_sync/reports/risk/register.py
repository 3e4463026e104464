"""The register's open risks as rows, with why somebody must look at them, and the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pmo_sync.policy import RiskPolicy
from pmo_sync.reports.base import Reason
from pmo_sync.reports.figures import counted
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.risk.evidence import Evidence
from pmo_sync.reports.risk.view import Cell, RiskLevel, RiskRow
from pmo_sync.reports.words import day as said
from pmo_sync.reports.words import several
from pmo_sync.rollups.calendar import local_day
from pmo_sync.rollups.measures import member_names
from pmo_sync.rollups.risk import SCALE, cell_where, of_register, open_risks

SHOWN = 200
"""Open risks in the register's table; a longer register says so."""
LONGEST = 240
"""Characters of a response that the table shows."""


def register_rows(evidence: Evidence) -> tuple[RiskRow, ...]:
    """Return the open risks, the highest score first, those not assessed last."""
    if evidence.risks is None:
        return ()
    rows = open_risks(evidence.risks, evidence.before, SHOWN)
    ids = [row["item_id"] for row in rows]
    names = member_names(evidence.tables, evidence.scope, ids, ("project", "assignee"))
    projects, assignees = names["project"], names["assignee"]
    return tuple(
        _row(
            evidence,
            row,
            ", ".join(projects.get(row["item_id"], ())),
            tuple(assignees.get(row["item_id"], ())),
        )
        for row in rows
    )


def _row(
    evidence: Evidence, row: Mapping[str, Any], project: str, assignees: tuple[str, ...]
) -> RiskRow:
    policy = evidence.config.policy
    score, was = _whole(row["score"]), _whole(row["was_score"])
    level = level_of(score, policy.risk)
    movement, better = _movement(score, was, there=bool(row["was_there"]))
    owners = (row["risk_owner"],) if row["risk_owner"] else assignees
    due = row["due"].date() if row["due"] else None
    updated = local_day(row["updated"], evidence.config.portfolio.timezone)
    return RiskRow(
        key=row["key"],
        url=row["url"] or "",
        title=row["title"],
        project=project,
        type=row["type"],
        status=row["status"] or "",
        probability=_whole(row["probability"]),
        impact=_whole(row["impact"]),
        said=" / ".join(row[f"{name}_said"] or "–" for name in ("probability", "impact")),
        score=score,
        level=level,
        previous=was,
        movement=movement,
        better=better,
        owners=owners,
        response=_short(row["response"] or ""),
        proximity=_short(row["proximity"] or ""),
        due=due,
        overdue=bool(row["overdue"]),
        blocked=bool(row["blocked"]),
        age=None if row["age"] is None else int(row["age"]),
        updated=updated,
        reasons=tuple(
            _reasons(
                level, score, was, due if row["overdue"] else None,
                answered=(bool(owners), bool(row["response"])),
            )
        ),
    )  # fmt: skip


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def level_of(score: int | None, policy: RiskPolicy) -> RiskLevel:
    """Return the level of a score; without one a risk is not assessed, which is not low."""
    if score is None:
        return "not_assessed"
    return "high" if score >= policy.high else "medium" if score >= policy.medium else "low"


def _movement(score: int | None, was: int | None, *, there: bool) -> tuple[str, bool | None]:
    if not there:
        return "new", None
    if score == was:
        return ("unchanged" if score is not None else "not assessed yet"), None
    if was is None:
        return "assessed since", None
    if score is None:
        return f"no longer assessed, was {was}", False
    return f"{'up' if score > was else 'down'} from {was}", score < was


def _reasons(
    level: RiskLevel,
    score: int | None,
    was: int | None,
    overdue: date | None,
    *,
    answered: tuple[bool, bool],
) -> Iterator[Reason]:
    lacking = [
        word for word, there in zip(("owner", "response"), answered, strict=True) if not there
    ]
    if level == "high" and lacking:
        yield Reason("risk.unanswered", "off_track", f"high, and has no {' and no '.join(lacking)}")
    if score is not None and was is not None and score > was:
        yield Reason("risk.worse", "at_risk", f"its score rose from {was} to {score}")
    if score is None and was is not None:
        yield Reason("risk.withdrawn", "at_risk", f"its score of {was} was taken back")
    if overdue:
        yield Reason("risk.overdue", "at_risk", f"it was due on {said(overdue)}")


def matrix_rows(evidence: Evidence, lists: Lists) -> tuple[tuple[Cell, ...], ...]:
    """Return the 5 x 5 matrix, the highest probability first; each cell opens its risks."""
    register, policy = evidence.register, evidence.config.policy

    def cell(probability: int, impact: int) -> Cell:
        here = evidence.cells.get((probability, impact))
        where = cell_where((probability, impact))
        title = f"Open risks of probability {probability} and impact {impact}"
        opens = (
            lists.add(f"cell-{probability}-{impact}", title, here, of_register(register, where))
            if register
            else None
        )
        score = probability * impact
        level = level_of(score, policy.risk)
        return Cell(probability, impact, score, level, counted(here, opens))

    return tuple(
        tuple(cell(probability, impact) for impact in SCALE) for probability in reversed(SCALE)
    )


def risks_left(evidence: Evidence, shown: int) -> str:
    """Say how much of the register the table leaves out; nothing where it is whole."""
    total = evidence.total("risk_open")
    return f"the {several(shown, 'risk')} of the highest score" if shown < total else ""
