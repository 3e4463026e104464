"""How each figure is defined, in one sentence a reader can check."""

from __future__ import annotations

from pmo_sync.policy import Policy
from pmo_sync.reports.base import Term

TERMS = (
    Term("As of", "The end of that day in the portfolio's time zone; every figure is what was true"
         " then, as far as the trackers have told since."),
    Term("Work item", "One Jira issue or GitHub issue. Pull requests are not counted as work."),
    Term("To do, in progress, done, dropped", "What a status means: the policy's word for it, else"
         " the tracker's own category, else its well-known name. On GitHub an open issue is in"
         " progress while it has a label that says so. Finished work with a resolution such as"
         " Won't Do, Duplicate or not planned is dropped, not done."),
    Term("Open", "To do or in progress."),
    Term("Started, finished", "The first move into progress, and the beginning of the last"
         " unbroken time of being done or dropped: re-opened work keeps its first start and last"
         " finish. An administrator's workflow migration moves nothing."),
    Term("Throughput", "Items done in a period, by their finish. Dropped items do not count."),
    Term("Work in progress (WIP)", "Items that were in progress at the end of a day."),
    Term("Cycle time", "Elapsed days from start to finish of items done in the last 90 days. Items"
         " that never were in progress have none; where they are too many (the policy's minimum"
         " coverage), the rest would not stand for all, and there is no data."),
    Term("Percentile", "85th percentile: the smallest value that 85 % of the items do not exceed."),
    Term("Age", "Days since work on an open item started, or since it was created if it has not."),
    Term("Expectation", "The project's own 85th percentile of cycle time; work in progress that is"
         " older is listed as ageing."),
    Term("Blocked", "Open and flagged, labelled as blocked, or linked as blocked by an open item."),
    Term("Overdue", "Open, and due before the report's day."),
    Term("Slip", "Working days from the first recorded target to the target now. A target that was"
         " first recorded less than a period ago gives no slip: it is not a baseline yet."),
    Term("Pace", "Open items divided by the periods left to the target, against the mean"
         " throughput of the last periods. It is an average, not a forecast: even work that keeps"
         " the needed pace on average is late about half of the time."),
    Term("Level", "The worst of the schedule rules that could be assessed. No data is not green."),
    Term("Counted once", "An item in two projects counts in both, and once in programs and in the"
         " portfolio."),
)  # fmt: skip


def policy_rows(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return the policy in words: what decides, and by which value."""
    return (
        ("Policy version", policy.version()),
        ("Statuses mapped by the policy", ", ".join(
            f"{name} = {category}" for name, category in sorted(policy.status.items())) or "none"),
        ("Labels that mean in progress", ", ".join(policy.in_progress_labels) or "none"),
        ("Labels that mean blocked", ", ".join(policy.blocked_labels) or "none"),
        ("Resolutions that mean dropped", ", ".join(policy.dropped_resolutions) or "none"),
        ("Titles of restricted items", policy.restricted),
        ("Stale work", f"in progress, untouched for {policy.stale_after} days"),
        ("Dormant project", f"nothing changed for {policy.dormant_after} days"),
        ("Stale source", f"last complete sync over {policy.source_stale_after:g} days before"
         " as-of"),
        ("Slip at risk", f"up to {_percent(policy.slip_amber)} of the planned duration; off track"
         " beyond, or with the target past and work open"),
        ("Minimum finished items for a cycle time", str(policy.minimum_finished)),
        ("Minimum coverage", _percent(policy.minimum_coverage)),
        ("Items shown in a list", str(policy.list_limit)),
    )  # fmt: skip


def _percent(value: float) -> str:
    return f"{100 * value:g} %"
