"""A made-up status report that uses every part of the page, and two with nothing in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pmo_sync.reports.base import (
    Change,
    Chart,
    Figure,
    ItemList,
    ItemRow,
    Level,
    Line,
    Quality,
    Reason,
    SourceRow,
    Summary,
    Term,
)
from pmo_sync.reports.status import ProgramStatus, ProjectStatus, StatusReport, Target
from pmo_sync.reports.status.view import ForecastStatus, TrackRecord

AS_OF = date(2026, 3, 14)
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(2)'>",
    "Fix \u202egnp.exe\u202c \u2066now\u2069 \x1b[31mred\x1b[0m \x00nul\u200b",
    "{{ 7 * 7 }} {% raw %} </style><style>*{display:none}</style>",
    "W" * 300,
    "<!-- --> ]]> &amp; &lt; </details></table>",
    "שלום עולם: fix the مرحبا parser",
)
HOSTILE_URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://example.com/" onmouseover="alert(1)',
    "https://user:secret@example.com/x",
    "java\nscript:alert(1)",
    "//example.com/x",
)
NO_FIGURE = Figure(None, "no data", note="nothing to count")


def status_report() -> StatusReport:
    """Six projects at every level, long and hostile lists, sources fresh, stale and never read."""
    return StatusReport(
        report="status",
        version=1,
        portfolio="Customer platforms",
        as_of=AS_OF,
        previous=AS_OF - timedelta(days=7),
        timezone="Europe/Berlin",
        period="week",
        policy_version="3fa9c1d2",
        sources=_sources(),
        confidence="limited",
        confidence_reasons=("1 of 3 sources is stale", "62 % of open items have an estimate"),
        headline="3 of 6 projects need attention; 1 got worse since last week; "
        "4,312 items are open, 214 of them blocked or overdue.",
        totals=(
            ("Open items", Figure(4312, "4,312", items="open")),
            ("Finished this week", Figure(96, "96", note="81 the week before", items="finished")),
            ("In progress", Figure(388, "388", of=4312)),
            ("Blocked", Figure(41, "41", items="blocked")),
            ("Overdue", Figure(173, "173", note="of 1,204 with a due date", items="overdue")),
            ("Typical cycle time", Figure(None, "no data", note="3 finished items, 5 needed")),
        ),
        attention=(_payments(), _mobile(), _hostile()),
        steady=(_search(), _archive(), _on_hold()),
        programs=_programs(),
        changes=_changes("Portfolio"),
        overlaps=Figure(12, "12", items="open"),
        unclaimed=Figure(230, "230", of=6021, note="matched by no rule", items="hostile"),
        quality=_quality(),
        policy=(
            ("stale_after", "14 days"),
            ("minimum_coverage", "60 %"),
            ("blocked_labels", "blocked, status: blocked"),
            ("expectation", "85 %"),
            ("list_limit", "50"),
        ),
        glossary=(
            Term("Cycle time", "Elapsed days from the first start of an item to its last finish."),
            Term("Throughput", "Items finished in a period; items dropped are not counted."),
            Term("WIP", "Items that were started and are not finished."),
        ),
        lists=_lists(),
        summary=Summary("Status", "3 of 6 projects need attention.", (), ()),
    )


def empty_report() -> StatusReport:
    """Nothing is configured: no project, no source, no figure."""
    return replace(
        status_report(),
        sources=(),
        confidence="poor",
        confidence_reasons=("no source is configured",),
        headline="There is nothing to report on yet.",
        totals=(),
        attention=(),
        steady=(),
        programs=(),
        changes=(),
        overlaps=NO_FIGURE,
        unclaimed=NO_FIGURE,
        quality=(),
        lists=(),
    )


def unknown_report() -> StatusReport:
    """Projects are there, but nothing is known of any of them."""
    blank = Chart("c", "Throughput", "No week is known.", (), (Line("Finished", ()),), "items")
    gaps = Chart("g", "WIP", "Gaps only.", (AS_OF,), (Line("WIP", (None,)),), "items")
    project = replace(
        _archive(), counts=(("To do", NO_FIGURE), ("Done", NO_FIGURE)), throughput=blank, wip=gaps
    )
    names = ("Alpha", "Beta", "Gamma")
    return replace(
        empty_report(),
        steady=tuple(replace(project, id=name.lower(), name=name) for name in names),
        sources=(replace(_sources()[2], name="Tracker"),),
    )


def _sources() -> tuple[SourceRow, ...]:
    read = datetime(2026, 3, 14, 21, 5, tzinfo=UTC)
    return (
        SourceRow(
            "Company Jira", "jira", "https://jira.example.com", read, 1.9, "fresh", 5120, 0
        ),
        SourceRow(
            "GitHub", "github", "https://github.com/example", read - timedelta(days=4), 98.0,
            "stale", 901, 3, "The last sync failed: 502 from the server, yesterday's data is kept.",
        ),
        SourceRow("Old tracker", "jira", "javascript:alert(1)", None, None, "never", 0, 0),
    )  # fmt: skip


def _weeks(count: int = 14) -> tuple[date, ...]:
    return tuple(AS_OF - timedelta(days=7 * (count - i)) for i in range(count))


def _throughput(values: tuple[float | None, ...]) -> Chart:
    arrived = tuple(None if value is None else value + (i % 3) for i, value in enumerate(values))
    lines = (Line("Finished", values), Line("Arrived", arrived))
    return Chart(
        "throughput", "Finished and arrived", "Items finished and items created in each week.",
        _weeks(len(values)), lines, "items a week", "bar",
    )  # fmt: skip


def _wip(values: tuple[float | None, ...]) -> Chart:
    return Chart(
        "wip", "Work in progress", "Items started and not finished at the end of each week.",
        _weeks(len(values)), (Line("WIP", values),), "items", "line",
    )  # fmt: skip


def _burn_up() -> Chart:
    done = tuple(float(n) for n in range(150, 180, 10))
    lines = (
        Line("Done", (*done, None, None)),
        Line("Scope", (220.0, 228.0, 232.0, 232.0, 232.0)),
        Line("50 %", (None, None, 170.0, 201.0, 232.0)),
        Line("85 %", (None, None, 170.0, 190.7, 211.3)),
        Line("95 %", (None, None, 170.0, 185.5, 201.0)),
    )  # fmt: skip
    return Chart(
        "burn-up", "Burn-up and forecast", "Work done and scope, and the odds of the rest.",
        _weeks(5), lines, "items",
    )  # fmt: skip


def _counts(todo: int, doing: int, done: int, dropped: int) -> tuple[tuple[str, Figure], ...]:
    total = todo + doing + done + dropped
    return (
        ("To do", Figure(todo, str(todo), of=total, items="open")),
        ("In progress", Figure(doing, str(doing), of=total, items="blocked")),
        ("Done", Figure(done, str(done), of=total, items="finished")),
        ("Dropped", Figure(dropped, str(dropped), of=total)),
    )


def _project(name: str, level: Level, /, **changes: object) -> ProjectStatus:
    base = ProjectStatus(
        id=name.lower(),
        name=name,
        program="Commerce",
        owner=f"{name} lead",
        lifecycle="active",
        level=level,
        reasons=(),
        target=Target(
            date(2026, 5, 29), 54, date(2026, 5, 29), date(2025, 11, 3), None, None,
            "29 May 2026 (in 54 working days)",
        ),
        counts=_counts(40, 12, 180, 6),
        flow=(
            ("In progress", Figure(12, "12", items="blocked")),
            ("Finished a week", Figure(7.5, "7.5", note="mean of 14 weeks")),
            ("Cycle time, 85 %", Figure(9, "9 days", note="of 80 finished items")),
            ("Oldest open item", Figure(71, "71 days", items="open")),
            ("Blocked", Figure(2, "2", items="blocked")),
            ("Overdue", Figure(0, "0")),
        ),
        throughput=_throughput((5, 7, 8, 3, 0, 2, 9, 11, 8, 7, 12, 6, 8, 9)),
        wip=_wip((8, 9, 9, 12, 14, 14, 13, 11, 12, 12, 15, 13, 12, 12)),
        forecast=ForecastStatus(
            p50=date(2026, 5, 4), p85=date(2026, 6, 1), p95=date(2026, 6, 22), probability=0.82,
            method="what the last 14 weeks finished and brought, drawn again",
            record=TrackRecord(17, 20, 14, 20, calibrated=True), reason=None, weeks=14, since=None,
            since_earliest=None, since_latest=None, open=52, pace=7.5, arriving=1.2, cut=4,
            needed=7.9,
            figures=(
                ("Done with 50 %", Figure(36, "4 May 2026", note="in 36 working days")),
                ("Done with 85 %", Figure(56, "1 Jun 2026", note="in 56 working days")),
                ("Record", Figure(17, "17 of 20 held", note="14 to 20 are to be expected")),
            ),
        ),
        burn_up=_burn_up(),
        cumulative=replace(_burn_up(), id="cumulative", title="Cumulative flow"),
        coverage=(
            ("Estimated", Figure(0.62, "62 %", of=238, note="148 of 238 items")),
            ("Assigned", Figure(0.9, "90 %", of=52)),
            ("With a due date", Figure(0.35, "35 %", of=52)),
        ),
        changes=(),
        freshness="updated yesterday",
        last_update=date(2026, 3, 13),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def _payments() -> ProjectStatus:
    return _project(
        "Payments", "off_track",
        reasons=(
            Reason("target-passed", "off_track",
                   "Target passed 9 working days ago with 52 items open", "open"),
            Reason("blocked-share", "at_risk", "18 of 48 started items are blocked", "blocked"),
        ),
        target=Target(
            date(2026, 3, 3), -9, date(2026, 1, 30), date(2025, 9, 1), 22, 9,
            "3 Mar 2026 (9 working days ago)",
        ),
        changes=_changes("Payments"),
    )  # fmt: skip


def _mobile() -> ProjectStatus:
    return _project(
        "Mobile", "at_risk",
        program="Apps",
        owner=None,
        reasons=(Reason("re-dated", "at_risk", "re-dated twice, 12 working days in all"),
                 Reason("no-owner", "note", "no owner")),
        target=Target(
            date(2026, 4, 30), 33, date(2026, 4, 14), date(2025, 12, 1), 12, None,
            "30 Apr 2026 (in 33 working days)",
        ),
        wip=_wip((None, None, 3, 4, None, 6, 7, 7, None, 8, 9, 9, 10, 11)),
    )  # fmt: skip


def _hostile() -> ProjectStatus:
    return _project(
        "Hostile", "at_risk",
        id="<script>alert('id')</script> \"id\"",
        name="<script>alert('project')</script> \u202eneddih " + "Q" * 120,
        program="<b>Apps</b>",
        owner="\"><svg onload=alert(3)>",
        reasons=tuple(Reason("hostile", "at_risk", text, "hostile") for text in HOSTILE[:3]),
        freshness="updated 20 days ago",
        changes=tuple(Change(text, text, 1, "hostile", False) for text in HOSTILE[:2]),
    )  # fmt: skip


def _search() -> ProjectStatus:
    return _project("Search", "on_track")


def _archive() -> ProjectStatus:
    return _project(
        "Archive", "no_data",
        owner=None,
        program="",
        target=Target(None, None, None, None, None, None, "No target"),
        counts=_counts(0, 0, 0, 0),
        flow=(("Cycle time, 85 %", NO_FIGURE),),
        throughput=_throughput(()),
        wip=_wip((None, None)),
        coverage=(("Estimated", NO_FIGURE),),
        freshness="never updated",
        last_update=None,
    )  # fmt: skip


def _on_hold() -> ProjectStatus:
    return _project("Ledger", "on_track", lifecycle="on_hold", owner="Finance lead")


def _programs() -> tuple[ProgramStatus, ...]:
    return (
        ProgramStatus(
            "Commerce", None, 4,
            (("on_track", 2), ("at_risk", 1), ("off_track", 1), ("no_data", 0)),
            Figure(3120, "3,120", items="open"), Figure(8400, "8,400"), "g1-commerce",
        ),
        ProgramStatus(
            "Apps", "Commerce", 2, (("at_risk", 1), ("no_data", 1)),
            Figure(1192, "1,192", items="open"), NO_FIGURE, "g2-apps",
        ),
    )  # fmt: skip


def _changes(where: str) -> tuple[Change, ...]:
    return (
        Change("re_dated", f"{where}: target moved by 10 working days", 1, None, False),
        Change("finished", "Items finished", 96, "finished", True),
        Change("scope_added", "Items added to the scope", 31, "open", None),
        Change("newly_blocked", "Items newly blocked", 7, "blocked", False),
    )


def _quality() -> tuple[Quality, ...]:
    return (
        Quality(
            "no-start", "Finished without a start", 214, 1420,
            "They have no cycle time, so the figure rests on the others.", "finished",
        ),
        Quality(
            "unmapped", "Status that nobody mapped", 3, None,
            "Its items count as to do until the policy says what it means.", "hostile",
        ),
    )  # fmt: skip


def _row(number: int, title: str, url: str | None = None) -> ItemRow:
    states = (("To Do", "todo"), ("In Review", "in_progress"), ("Done", "done"))
    status, category = states[number % 3]
    return ItemRow(
        key=f"PAY-{number}",
        url=url or f"https://jira.example.com/browse/PAY-{number}",
        title=title,
        project="Payments",
        type="Story",
        status=status,
        category=category,
        assignees=() if number % 4 == 0 else ("Developer one", "Developer two")[: number % 3],
        age=None if number % 7 == 0 else number * 3,
        due=None if number % 5 else AS_OF + timedelta(days=number),
        updated=AS_OF - timedelta(days=number % 30),
        note="blocked by PAY-900" if number % 6 == 0 else "",
    )


def _list(name: str, title: str, total: int, rows: int) -> ItemList:
    titles = ("Refund fails for split payments", "Add the new tax rates", "Retry on time-out")
    return ItemList(
        id=name,
        title=title,
        total=total,
        rows=tuple(_row(i, titles[i % 3]) for i in range(1, rows + 1)),
        command=f"pmo-sync items --list {name} --as-of {AS_OF}",
        tracker_urls=(("Company Jira", "https://jira.example.com/issues/?jql=a%20%3D%20b&x=1"),),
    )


def _lists() -> tuple[ItemList, ...]:
    hostile = [*HOSTILE, *(f"A link to {url}" for url in HOSTILE_URLS)]
    urls = [None] * len(HOSTILE) + list(HOSTILE_URLS)
    rows = tuple(
        _row(i, title, url) for i, (title, url) in enumerate(zip(hostile, urls, strict=True))
    )
    return (
        _list("open", "Open items", 4312, 50),
        _list("finished", "Finished this week", 96, 50),
        _list("blocked", "Blocked items", 5, 5),
        _list("overdue", "Overdue items", 0, 0),
        ItemList(
            "hostile", "Items <in> \"no\" project \u202e", len(rows), rows,
            "pmo-sync items --unclaimed", (("Old tracker", "javascript:alert(1)"),),
        ),
    )  # fmt: skip
