"""How each figure is defined, in one sentence a reader can check."""

from __future__ import annotations

from pmo_sync.policy import HealthPolicy, Policy, RiskPolicy
from pmo_sync.reports.base import Term

TERMS = (
    Term("As of", "The end of that day in the portfolio's time zone; every figure is what was true"
         " then, as far as the trackers have told since."),
    Term("Work item",
         "One Jira issue, GitHub issue, or draft on a board that is read. A pull request is"
         " evidence of progress on what it closes, and no work item unless its source says so."),
    Term("Epic", "Above other items in its tracker's hierarchy, as a Jira epic or a GitHub issue"
         " with sub-issues. It is counted as a work item, but it is no work: it lasts as long as"
         " the work in it."),
    Term("Work", "Work items that are neither epics nor in the risk register. Throughput, arrivals,"
         " work in progress over time, times, ages and forecasts are told of work."),
    Term("To do, in progress, done, dropped", "What a status means: the policy's word for it, else"
         " the tracker's own category, else its well-known name. On GitHub the status of an"
         " open issue is its column, where boards are read; and it is in progress while it has a"
         " label that says so. Finished work with a resolution such as Won't Do, Duplicate or not"
         " planned is dropped, not done."),
    Term("Open", "To do or in progress."),
    Term("Started, finished", "The first move into progress, and the beginning of the last"
         " unbroken time of being done or dropped: re-opened work keeps its first start and last"
         " finish. An administrator's workflow migration moves nothing."),
    Term("Throughput", "Work done in a period, by its finish. Dropped items do not count; what was"
         " re-opened counts once, by its last finish; what a migration finished nobody knows when"
         " does not count."),
    Term("Arrivals", "Work created in a period, whatever became of it. A moved item counts in the"
         " project where it is now, with its whole past."),
    Term("Natural process limits", "Mean +/- 2.66 x mean moving range of a series (XmR), cut at 0:"
         " what is within them is routine, what is beyond them is a signal."),
    Term("Work in progress (WIP)", "Work that was in progress at the end of a day; what was never"
         " started was never in it."),
    Term("Cumulative flow", "The work that was there, was started and was done at the end of each"
         " period, dropped work aside."),
    Term("Lead time", "Elapsed days from creation to finish of work done in the last 90 days."),
    Term("Flow efficiency", "The share of its cycle time in which finished work was in no status"
         " that the policy calls waiting; of all such work together, not the mean of shares."),
    Term("Cycle time", "Elapsed days from start to finish of work done in the last 90 days. Items"
         " that never were in progress have none; where they are too many (the policy's minimum"
         " coverage), the rest would not stand for all, and there is no data."),
    Term("Percentile", "85th percentile: the smallest value that 85 % of the items do not exceed."),
    Term("Age", "Days since work on an open item started, or since it was created if it has not."),
    Term("Expectation", "The project's own 85th percentile of cycle time; work in progress that is"
         " older is listed as ageing."),
    Term("Blocked", "Open and flagged, labelled as blocked, or linked as blocked by an open item."),
    Term("Overdue", "Open, and due before the report's day."),
    Term("Baseline", "What was agreed to: a project's target and the items in its scope on a day,"
         " kept by pmo-sync baseline set. The last one of as-of or before is measured by."),
    Term("Slip", "Working days from the target of the last baseline, else from the first recorded"
         " target, to the target now. A target that was first recorded less than a period ago and"
         " has not moved gives no slip: it is not a baseline yet. The odds beside the old dates are"
         " those of the forecast for the target now."),
    Term("Growth of scope", "Items that came less those that left since the baseline, divided by"
         " those that were in scope at it. Neither epics nor what was dropped is in scope."),
    Term("Pace", "Open items divided by the periods left to the target, against the mean"
         " throughput of the last periods. It is an average, not a forecast: even work that keeps"
         " the needed pace on average is late about half of the time."),
    Term("Forecast", "When the open work of a project is done, by what its last weeks finished and"
         " brought: the odds of all orders in which such weeks may come, exactly. A few weeks are a"
         " small sample, and nobody knows for how long work arrives: with a target it is expected"
         " to stop before, the sooner the less of the scope is open, else to go on for about as"
         " long as it has. 50, 85 and 95 % are the odds of being done by that day. Without the"
         " policy's minimum of data there is none."),
    Term("Change of pace", "Two stretches of at least a quarter differ by more than weeks do, and"
         " the slower one is at most two thirds of the faster: a forecast draws only from the weeks"
         " since. The day is the likeliest one; the true one is between the days beside it in"
         " nineteen cases of twenty."),
    Term("Odds", "How likely the target holds, by the forecast; never 100 % before it is done."),
    Term("Scope to cut", "The fewest items that must leave for the target to hold with 85 %."),
    Term("Record", "Past forecasts of what four weeks finish with 85 %, made as this one, and how"
         " many came true. What a forecaster who is right would hold, 95 times of a hundred, stands"
         " beside it: outside of it the forecast is uncalibrated."),
    Term("Level", "The worst of the known among schedule, scope, cost and risk; overload lifts it"
         " to at risk. Without a schedule it is never on track: no data is not green. Worse shows"
         " at once, better after two periods."),
    Term("Computed, declared, set", "Computed is what the rules say; declared what people said"
         " last, on a board, on an item or in the configuration, stale after the policy's days; set"
         " is a level that a person put in the computed one's place. All that there are stay"
         " visible."),
    Term("Divergence", "Declared and computed are both known and not the same; a watermelon is"
         " declared on track and computed off track. It is counted back over the ends of the last"
         " periods, at most five, for as long as what had been declared by that day was better, or"
         " worse, in the same way: the computed level is known of the day and of one period before;"
         " further back the schedule by that day's forecast is, and the whole was no better."),
    Term("Forecast trend", "The forecast at the ends of the last four periods, made from what was"
         " known then, of the items that are in the project now: two years ahead. A month is four"
         " weeks here."),
    Term("Planned against delivered", "Of the work that was planned for a calendar month, how much"
         " was done when it was over: the sum of several months divided by their sum. Planned is"
         " what had its due date, or a milestone's, in the month when the month began, and what was"
         " in an iteration that ends in the month on the iteration's first day; dropped work was"
         " planned too. What came to the plan later is counted apart. Without a plan there is no"
         " data."),
    Term("Left the project", "In the project's scope at the end of the day that is compared with,"
         " and not now: moved, re-labelled, deleted, or out of its source's scope. The list has the"
         " items as they were then."),
    Term("Past its date", "Of a milestone or version: it is not closed, its date is before the"
         " report's day, and items of the project in it are open."),
    Term("Forecast of a milestone", "By when the project's own work in it is done, two years"
         " ahead, from what the weeks brought of that work; the odds are those of the milestone's"
         " day. There is none of what is closed, or past its day for more than 90 days."),
    Term("Trend", "The computed level as of the day against the one a period before."),
    Term("Counted once", "An item in two projects counts in both, and once in programs and in the"
         " portfolio."),
)  # fmt: skip

RISK_TERMS = (
    Term("Risk register", "The items that the policy calls risks, by type, label or filter. A risk"
         " is open until its status says done or dropped."),
    Term("Probability, impact", "1 to 5, from a field of the tracker that the configuration maps,"
         " else from a label; words by the policy's scale."),
    Term("Score", "Probability x impact, 1 to 25. High, medium and low begin at the policy's"
         " thresholds."),
    Term("Not assessed", "Without a probability or an impact on the scale. It is not zero and not"
         " low: such a risk has no score and is in no sum."),
    Term("Movement", "The score now against the score at the end of the previous report's day."),
    Term("Owner of a risk", "The risk owner that a field or label names, else who is assigned."),
    Term("Unanswered", "High, open, and without an owner or without a response."),
    Term("Sum of scores", "Of the open, assessed risks; it grows with how many are written down,"
         " so compare it with its own past, not between projects."),
    Term("Unowned", "Open, with neither an assignee nor a risk owner, whether work has started or"
         " not."),
    Term("Stale", "In progress, and untouched for as many days as the policy says."),
    Term("Dependency", "A blocking link whose ends do not share a project, team, container or"
         " tracker, or of which one end is outside what is read. Open: both ends are unfinished;"
         " not known: an end is outside; over: an end is finished."),
    Term("Chain", "Open blocking links, each beginning where the one before it ends, of which"
         " at least one is a dependency: the longest way to each item that blocks no other."),
)  # fmt: skip
"""What the risk report adds."""

_OF_RISK = ("As of", "Work item", "Epic", "Open", "Cycle time", "Percentile", "Age", "Expectation",
            "Blocked", "Overdue", "Counted once")  # fmt: skip


def risk_terms() -> tuple[Term, ...]:
    """Return the terms that the risk report uses."""
    return (*RISK_TERMS, *(term for term in TERMS if term.name in _OF_RISK))


def risk_policy_rows(risk: RiskPolicy) -> tuple[tuple[str, str], ...]:
    """Return in words what the register is and how it is scored."""
    scale = ", ".join(f"{word} = {level}" for word, level in sorted(risk.scale.items()))
    return (
        ("Types that are risks", ", ".join(risk.types) or "none"),
        ("Labels that are risks", ", ".join(risk.labels) or "none"),
        ("Filter that selects risks", risk.where or "none"),
        ("High risk", f"a score of {risk.high} or more"),
        ("Medium risk", f"a score of {risk.medium} or more"),
        ("Words of the scale, beside the well-known ones", scale or "none"),
        ("Labels that tell of a risk", ", ".join(risk.label_patterns) or "none"),
    )


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
        *_health_rows(policy.health),
        ("Stale declaration", f"older than {policy.declared_stale_after} days"),
        ("Minimum finished items for a cycle time", str(policy.minimum_finished)),
        ("Minimum coverage", _percent(policy.minimum_coverage)),
        ("Statuses in which work waits", ", ".join(policy.waiting_statuses) or "none"),
        ("Forecasts draw from", f"the last {policy.forecast.weeks} weeks, fewer after a change of"
         " pace"),
        ("Forecasts take these weeks for", "a small sample" if policy.forecast.cautious
         else "the whole truth"),
        ("What is open becomes at most", f"{policy.forecast.split:g} times as many items"
         if policy.forecast.split > 1 else "as many items as it is"),
        ("Minimum data of a forecast", f"{policy.forecast.minimum_weeks} whole weeks,"
         f" {policy.forecast.minimum_finished} finished items,"
         f" {policy.forecast.minimum_days} days on which something was finished"),
        ("Items shown in a list", str(policy.list_limit)),
        ("Items shown in all lists of a page", f"{policy.page_rows:,}"),
    )  # fmt: skip


def _health_rows(health: HealthPolicy) -> tuple[tuple[str, str], ...]:
    """Return the thresholds of health; what is not at least at risk is off track."""
    odds = _percent(health.probability_green), _percent(health.probability_amber)
    grown = _percent(health.growth_green), _percent(health.growth_amber)
    load = _percent(health.load_green), _percent(health.load_amber)
    return (
        ("Schedule, by forecast", f"on track from a probability of {odds[0]}, at risk from"
         f" {odds[1]}; off track below, or with the target past and work open"),
        ("Schedule, by slip", "on track without slip, at risk up to"
         f" {_percent(health.slip_amber)} of the planned duration"),
        ("Scope", f"on track up to a growth of {grown[0]}, at risk up to {grown[1]}"),
        ("Cost", f"on track from a cost performance index of {health.cpi_green:g}, at risk from"
         f" {health.cpi_amber:g}"),
        ("Resource", f"on track up to a load of {load[0]}, at risk up to {load[1]}"),
    )  # fmt: skip


def _percent(value: float) -> str:
    return f"{100 * value:g} %"
