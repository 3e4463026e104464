"""How the risk report is found: rollups in, view-model out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.reports.base import Figure, Quality
from pmo_sync.reports.glossary import policy_rows, risk_policy_rows, risk_terms
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.masthead import masthead
from pmo_sync.reports.risk.evidence import Evidence, gather
from pmo_sync.reports.risk.register import matrix_rows, register_rows, risks_left
from pmo_sync.reports.risk.summary import summary
from pmo_sync.reports.risk.view import RiskReport, RiskRow
from pmo_sync.reports.risk.work import work_rows
from pmo_sync.reports.room import opened
from pmo_sync.reports.sources import confidence, source_rows
from pmo_sync.reports.words import day as said
from pmo_sync.reports.words import several

VERSION = 1
"""Of the JSON form: raised when a field changes its meaning or goes."""
CATEGORIES = ("todo", "in_progress", "done", "dropped")

QUALITY = (
    ("risk_unassessed", "risk_open", "they are in no cell of the matrix and in no sum of scores"),
    ("risk_unowned", "risk_open", "nobody answers for them"),
    ("risk_unresponded", "risk_open", "nothing is said of what is done about them"),
    ("unmapped_status", None, "counted as to do until [policy] status says what it means"),
    ("unclaimed", None, "no project's rules select them: they count for the portfolio alone"),
)
"""Measure, what it is a part of, and why it matters."""


def build(tables: Tables, config: Config, day: date) -> RiskReport:
    """Build the risk report as of the end of ``day``."""
    evidence = gather(tables, config, day)
    lists = Lists(tables, evidence.scope, evidence.previous)
    sources = source_rows(tables, evidence.scope, config)
    trust = confidence(
        sources,
        evidence.total("unmapped_status"),
        evidence.total("unclaimed"),
        sum(evidence.total(category) for category in CATEGORIES),
        _blind(evidence),
    )
    waiting = evidence.waiting
    register = register_rows(evidence)
    attention, totals = _attention(register), _totals(evidence, lists)
    headline = _headline(evidence, waiting.open)
    quality, told = _quality(evidence, lists), summary(headline, totals, attention)
    return RiskReport(
        **masthead(("risk", VERSION), config, (day, evidence.previous), sources, trust),
        headline=headline,
        totals=totals,
        attention=attention,
        matrix=matrix_rows(evidence, lists),
        unassessed=evidence.figure(lists, "risk_unassessed"),
        register=register,
        register_total=evidence.figure(
            lists, "risk_open", note=risks_left(evidence, len(register))
        ),
        closed=evidence.figure(lists, "risk_ended"),
        work=work_rows(evidence, lists),
        dependencies=waiting.links,
        dependencies_total=waiting.links_total,
        chains=waiting.chains,
        chains_total=waiting.chains_total,
        quality=quality,
        policy=(*risk_policy_rows(config.policy.risk), *policy_rows(config.policy)),
        glossary=risk_terms(),
        lists=lists.all(config.policy.page_rows, opened(told, quality)),
        summary=told,
    )


def _blind(evidence: Evidence) -> list[str]:
    """Name the projects whose trackers do not tell when work starts."""
    least = evidence.config.policy.minimum_finished
    return [
        p.name
        for p in evidence.scope.projects
        if evidence.total("done", p.name) >= least and not evidence.total("started", p.name)
    ]


def _attention(register: Sequence[RiskRow]) -> tuple[RiskRow, ...]:
    """Exceptions: what nobody answers first, then the highest scores."""
    found = [row for row in register if row.reasons]
    return tuple(sorted(found, key=lambda row: row.reasons[0].level != "off_track"))


def _totals(evidence: Evidence, lists: Lists) -> tuple[tuple[str, Figure], ...]:
    names = (
        ("Open risks", "risk_open"), ("High", "risk_high"),
        ("High, unanswered", "risk_unanswered"), ("Not assessed", "risk_unassessed"),
        ("Score rose", "risk_riskier"), ("Score fell", "risk_less_risky"), ("New", "risk_new"),
        ("Closed", "risk_closed"),
    )  # fmt: skip
    since = f"since {said(evidence.previous)}"
    notes = {"risk_unanswered": "no owner or no response"} | dict.fromkeys(
        ("risk_riskier", "risk_less_risky", "risk_new", "risk_closed"), since
    )
    return tuple(
        (title, evidence.figure(lists, name, note=notes.get(name, ""))) for title, name in names
    )


def _headline(evidence: Evidence, waiting: int) -> str:
    number = several(waiting, "open dependency", "open dependencies")
    runs = f"{number} {'runs' if waiting == 1 else 'run'}" if waiting else "No dependency is open"
    return f"{_risks(evidence)} {runs} between projects, teams or trackers."


def _risks(evidence: Evidence) -> str:
    risks = evidence.total("risk_open")
    if not evidence.has_register:
        return "There is no risk register: no item is a risk by the policy, which is not 'no risk'."
    high, unanswered = evidence.total("risk_high"), evidence.total("risk_unanswered")
    blank, rose = evidence.total("risk_unassessed"), evidence.total("risk_riskier")
    parts = [f"{high:,} high" if high else "none high"]
    if unanswered:
        parts[0] += f" ({unanswered:,} of them without an owner or without a response)"
    if blank:
        parts.append(f"{blank:,} not assessed")
    text = f"{several(risks, 'open risk')}: {' and '.join(parts)}."
    if not risks:
        text = "No risk of the register is open."
    if rose:
        text += f" The score of {rose:,} rose since the previous report."
    return text


def _quality(evidence: Evidence, lists: Lists) -> tuple[Quality, ...]:
    rows = []
    for measure, whole, meaning in QUALITY:
        figure = evidence.figure(lists, measure)
        of = evidence.total(whole) if whole else None
        if figure.value:
            title = evidence.measures[measure].title
            rows.append(Quality(measure, title, int(figure.value), of, meaning, figure.items))
    return tuple(rows)
