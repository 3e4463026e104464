"""What a piece of work is: neither an epic above others nor a risk of the register.

Throughput, arrivals, work in progress over time, times of work and forecasts are told of work.
"""

from __future__ import annotations

from dataclasses import replace

from pmo_sync.frames import Tables
from pmo_sync.policy import Policy, RiskPolicy
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.apply import compile
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Expression, Not, OneOf, all_of, any_of, fields_of

TIMES = ("item_id", "category", "created", "started", "finished")
"""What is told over time rests on these columns."""
NO_EPIC = "not (level > 0)"
"""An epic lasts as long as the work in it: a team finishes the work, not the epic."""


def register_filter(policy: RiskPolicy) -> Expression | None:
    """Return the filter that is the risk register; None where the policy names none."""
    terms: list[Expression] = []
    if policy.types:
        terms.append(OneOf("type", policy.types))
    if policy.labels:
        terms.append(OneOf("label", policy.labels))
    if policy.where:
        terms.append(parse(policy.where, "policy.risk.where"))
    return any_of(terms) if terms else None


def work_filter(policy: Policy) -> Expression:
    """Return the filter that is work."""
    register = register_filter(policy.risk)
    return all_of([parse(NO_EPIC), *([Not(register)] if register else [])])


def work_fields(policy: Policy) -> frozenset[str]:
    """Return the fields of the filter language that tell what is work."""
    return fields_of(work_filter(policy))


def of_work(policy: Policy, where: str) -> str:
    """Return the filter of what ``where`` selects of work."""
    return str(all_of([parse(where), work_filter(policy)]))


def only_work(tables: Tables, scope: Scope, policy: Policy) -> Scope:
    """Return the scope of what is work alone, with ``TIMES`` of its items: few columns, computed
    once, as all that is told over time reads them."""
    condition = compile(work_filter(policy), as_of=scope.at, timezone=scope.timezone)
    items = condition(scope.items, scope.members).select(*TIMES)
    return replace(scope, items=tables.hold(items))
