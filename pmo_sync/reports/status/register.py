"""What the status report tells of the risk register: high risks, those that became so, and those
that were closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.rollups.groups import by_project
from pmo_sync.rollups.measures import Counted, Measure
from pmo_sync.rollups.risk import in_register, of_register, risk_measures
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.tally import judge
from pmo_sync.rollups.work import register_filter

TOLD = ("risk_high", "risk_unanswered", "risk_newly_high", "risk_closed")


@dataclass(frozen=True)
class Register:
    """Measures of the register by name, and what they count: measure -> project -> items."""

    measures: Mapping[str, Measure]
    counted: Mapping[str, Mapping[str, Counted]]


def register_of(tables: Tables, config: Config, scope: Scope, previous: date) -> Register:
    """Count the register's items by project; without a register there are none."""
    policy = config.policy
    register = register_filter(policy.risk)
    asked = {m.name: m for m in risk_measures(policy.risk, previous) if m.name in TOLD}
    if register is None:
        return Register(asked, {name: {} for name in asked})
    risks = in_register(tables, scope, register)
    told = judge(tables, risks, {name: m.where for name, m in asked.items()})
    return Register(
        {name: replace(m, where=of_register(register, m.where)) for name, m in asked.items()},
        told.tallies(by_project(risks), policy.list_limit),
    )
