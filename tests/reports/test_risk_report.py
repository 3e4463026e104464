"""The risk report of a small portfolio, worked out by hand, on both engines.

=====  =======  ========================  =====================================
item   project  probability x impact      owner, response
=====  =======  ========================  =====================================
A-1    Alpha    High (4) x 5 = 20         nobody, none
A-2    Alpha    3 x Very high (5) = 15    Ada L., Second supplier; was 2 x 5 = 10
A-3    Alpha    2 x 4 = 8, by a label     Board; due on the 10th
B-4    Beta     TBD x 2, not assessed     nobody
B-5    Beta     1 x 1 = 1                 done on the 16th
B-6    Beta     2 x 4 = 8                 Ada L.; was 4 x 4 = 16
=====  =======  ========================  =====================================
"""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from pmo_sync.config import Config
from pmo_sync.frames.tables import records
from pmo_sync.policy import Policy, RiskPolicy
from pmo_sync.render.html import render_html
from pmo_sync.render.json import render_json
from pmo_sync.reports.risk import RiskReport, build
from pmo_sync.reports.risk.evidence import gather
from pmo_sync.rollups.measures import select
from tests.frames.engines import ENGINES, Engine
from tests.reports.risk_world import CONFIG, DAY, VALUES, WEEK_BEFORE, risk_world


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


@cache
def built(engine: Engine, day: date = DAY, config: Config = CONFIG) -> RiskReport:
    # Held in a name: frames die with the connection.
    world = risk_world()
    return build(world.tables(engine), config, day)


def figures(report: RiskReport) -> dict[str, Any]:
    return {name: figure.value for name, figure in report.totals}


def test_the_register(engine: Engine) -> None:
    report = built(engine)

    told = [
        (r.key, r.probability, r.impact, r.score, r.level, r.movement, r.owners, r.response)
        for r in report.register
    ]
    assert told == [
        ("A-1", 4, 5, 20, "high", "unchanged", (), ""),
        ("A-2", 3, 5, 15, "high", "up from 10", ("Ada L.",), "Second supplier"),
        ("A-3", 2, 4, 8, "medium", "unchanged", ("Board",), ""),
        ("B-6", 2, 4, 8, "medium", "down from 16", ("Ada L.",), ""),
        ("B-4", None, 2, None, "not_assessed", "not assessed yet", (), ""),
    ]
    assert [r.better for r in report.register] == [None, False, None, True, None]
    assert report.register[-1].said == "TBD / 2"
    assert (report.register_total.value, report.closed.value) == (5, 1)


def test_the_totals_and_the_headline(engine: Engine) -> None:
    report = built(engine)

    assert figures(report) == {
        "Open risks": 5, "High": 2, "High, unanswered": 1, "Not assessed": 1, "Score rose": 1,
        "Score fell": 1, "New": 0, "Closed": 1,
    }  # fmt: skip
    assert report.headline == (
        "5 open risks: 2 high (1 of them without an owner or without a response) and 1 not"
        " assessed. The score of 1 rose since the previous report. 2 open dependencies run between"
        " projects, teams or trackers."
    )


def test_exceptions_come_first(engine: Engine) -> None:
    told = [(row.key, [reason.text for reason in row.reasons]) for row in built(engine).attention]

    assert told == [
        ("A-1", ["high, and has no owner and no response"]),
        ("A-2", ["its score rose from 10 to 15"]),
        ("A-3", ["it was due on 10 Jan 2026"]),
    ]


def test_the_matrix_has_every_assessed_risk_once(engine: Engine) -> None:
    report = built(engine)
    cells = [cell for row in report.matrix for cell in row]

    assert [[c.probability for c in row] for row in report.matrix] == [
        [p] * 5 for p in range(5, 0, -1)
    ]
    assert {(c.probability, c.impact): c.count.value for c in cells if c.count.value} == {
        (4, 5): 1, (3, 5): 1, (2, 4): 2,
    }  # fmt: skip
    assert sorted({c.score for c in cells}) == [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25]
    assert {c.level for c in cells if c.score >= 15} == {"high"}
    assert {c.level for c in cells if 8 <= c.score <= 12} == {"medium"}
    assert {c.level for c in cells if c.score <= 6} == {"low"}


def test_work_by_project_and_once_for_all(engine: Engine) -> None:
    told = {
        row.name: {name: figure.value for name, figure in (*row.risks, *row.work)}
        for row in built(engine).work
    }

    nothing = {"Unestimated": 0, "Stale": 0, "Ageing": None}
    assert {k: v for k, v in told["Alpha"].items() if k not in nothing} == {
        "Open risks": 3, "High": 2, "Sum of scores": 43, "Open items": 4, "Overdue": 1,
        "Blocked": 2, "Unowned": 2,
    }  # fmt: skip
    assert {k: v for k, v in told["Beta"].items() if k not in nothing} == {
        "Open risks": 2, "High": 0, "Sum of scores": 8, "Open items": 3, "Overdue": 1,
        "Blocked": 1, "Unowned": 1,
    }  # fmt: skip
    assert told["Portfolio"]["Sum of scores"] == 51
    assert told["Portfolio"]["Stale"] == told["Beta"]["Stale"] == 1
    assert told["Alpha"]["Ageing"] is None  # too little was done for an expectation


def test_dependencies_with_both_ends(engine: Engine) -> None:
    report = built(engine)

    told = [
        (d.blocker.key, d.blocked.key, d.state, d.days, d.crosses, d.trouble)
        for d in report.dependencies
    ]
    assert told == [
        ("B-7", "A-1", "open", 15, ("project", "container"),
         ("is itself blocked", "was due on 15 Jan 2026")),
        ("A-8", "B-7", "open", 11, ("project", "container"), ("is assigned to nobody",)),
        ("X-99", "A-8", "unknown", None, ("tracker", "outside"), ()),
        ("B-5", "A-2", "over", 18, ("project", "container"), ()),
    ]  # fmt: skip
    assert dict(report.dependencies_total) == {"open": 2, "unknown": 1, "over": 1, "inside": 1}
    assert not report.dependencies[2].blocker.known


def test_a_chain_is_a_path(engine: Engine) -> None:
    (chain,) = built(engine).chains
    assert [end.key for end in chain.ends] == ["A-8", "B-7", "A-1"]
    assert (chain.circle, chain.text) == (False, "2 links")


def test_any_day(engine: Engine) -> None:
    report = built(engine, WEEK_BEFORE)

    assert [(r.key, r.score) for r in report.register] == [
        ("A-1", 20), ("B-6", 16), ("A-2", 10), ("A-3", 8), ("B-5", 1), ("B-4", None),
    ]  # fmt: skip
    assert built(engine, date(2025, 12, 1)).register == ()


@pytest.mark.parametrize("where", ["title ~ law", "iteration = 'Sprint 7' and priority = urgent"])
def test_the_policy_decides(engine: Engine, where: str) -> None:
    mine = RiskPolicy(types=(), labels=(), where=where, high=8, medium=4)
    report = built.__wrapped__(engine, config=replace(CONFIG, policy=Policy(risk=mine)))
    assert [(r.key, r.level) for r in report.register] == [("B-6", "high")]


def test_there_may_be_no_register(engine: Engine) -> None:
    none = RiskPolicy(types=(), labels=())
    report = built.__wrapped__(engine, config=replace(CONFIG, policy=Policy(risk=none)))
    assert report.register == ()
    assert report.headline.startswith("There is no risk register")
    assert {figure.value for row in report.work for _, figure in row.risks} == {None}
    assert "no data on risks" in render_html("risk", report)


def test_every_list_is_what_its_filter_selects(engine: Engine) -> None:
    world = risk_world()
    scope = gather(world.tables(engine), CONFIG, DAY).scope
    lists = built(engine).lists

    assert len(lists) > 10
    for each in lists:
        where = _option(each.command, "--where")
        found = records(select(scope, where))
        assert len(found) == each.total, each.title
        assert {row.key for row in each.rows} == {row["key"] for row in found}


def _option(command: str, name: str) -> str:
    words = shlex.split(command)
    return words[words.index(name) + 1]


def test_both_engines_and_every_run_give_the_same_bytes() -> None:
    reports = [*(built(engine) for engine in ENGINES), built.__wrapped__("duckdb")]
    pages = {render_html("risk", report) for report in reports}
    files = {render_json(report) for report in reports}
    assert (len(pages), len(files)) == (1, 1)
    assert json.loads(files.pop())["register"][0]["score"] == 20


def test_a_plain_recount(engine: Engine) -> None:
    """Score and register once more, from the world's own rows and nothing of the program."""
    words = {"High": 4, "Very high": 5} | {str(n): n for n in range(1, 6)}
    held: dict[int, dict[str, int]] = {}
    for number, field, value, _, until in VALUES:
        if field in ("probability", "impact") and until is None and value in words:
            held.setdefault(number, {})[field] = words[value]
    held[3] = {"probability": 2, "impact": 4}
    scores = {
        number: said["probability"] * said["impact"]
        for number, said in held.items()
        if len(said) == 2 and number != 5
    }

    report = built(engine)
    assert {int(r.key[2:]): r.score for r in report.register if r.score} == scores
    assert dict(report.work[-1].risks)["Sum of scores"].value == sum(scores.values())
