"""How each figure of the resources report is defined, and the policy that it used."""

from __future__ import annotations

from pmo_sync.config import Config
from pmo_sync.reports.base import Term
from pmo_sync.rollups.people import APPS
from pmo_sync.rollups.resources.carriers import DAYS
from pmo_sync.rollups.resources.load import NEAR

TERMS = (
    Term("As of", "The end of that day in the portfolio's time zone; every figure is what was true"
         " then, as far as the trackers have told since. Who works when is what the configuration"
         " says now."),
    Term("Remaining effort", "The remaining estimate of an open item; where there is none, its"
         " points by the hours of a point, where the configuration gives these. Without either it"
         " is unestimated: it is counted, and weighs nothing. An item counts its own estimate"
         " alone: an epic's is added to those of the items below it."),
    Term("Shared work", "The effort of an item is divided equally among all who are assigned; its"
         " count is one for each of them, and one in total."),
    Term("Planned for", "The due date; without one the last end of its iterations that are not"
         " over, else the first date of its open milestones, else the first target of its"
         " projects. Without any of these it is undated: shown, and in no week."),
    Term("Past their day", "Planned for before the report's day: by a due date, an iteration, a"
         " milestone or a target; the status report calls overdue what has such a due date. All of"
         " it is in the first week."),
    Term("Load", "The effort of dated work, spread evenly over the person's working days from the"
         " day after as-of to the day that it is planned for."),
    Term("Capacity", "Hours a week by the working days of the portfolio, less public holidays and"
         " days off. The first week has the days after as-of alone. Of persons who are not in the"
         " configuration it is not known: they have hours, and no per cent."),
    Term("Over capacity", "More load than capacity in a week. Peak: the highest week of the next"
         f" {NEAR}, never a mean."),
    Term("Next 4 weeks", "The load of the 28 days after as-of as a share of the hours in them."
         " Above 100 % moving work about does not help; below, what is too much for a week has"
         " room in another."),
    Term("At least", "Too little of the work is estimated and dated (the policy's minimum"
         " coverage) to know the load. What is known of it may still be over capacity; that it is"
         " within cannot be said."),
    Term("Carried alone", "One person was assigned at least the policy's share of what was"
         f" finished in the last {DAYS} days and of what is open and assigned, each counted where"
         " there are enough items to tell."),
    Term("Team", "The people whom the configuration gives the same team. Accounts that their"
         f" tracker calls apps or bots are no people: they stand last, as {APPS}, with what they"
         " are assigned, and carry nothing alone. People are in the order of their names: this"
         " report ranks nobody."),
)  # fmt: skip


def policy_rows(config: Config) -> tuple[tuple[str, str], ...]:
    """Return in words by what the report decides."""
    policy, portfolio = config.policy, config.portfolio
    points = f"{policy.hours_per_point:g}" if policy.hours_per_point else "not set"
    own = [f"{p.name} {p.hours_per_point:g}" for p in config.projects if p.hours_per_point]
    return (
        ("Policy version", policy.version()),
        ("People are shown by", policy.people),
        ("Hours a week of who has no own", f"{policy.hours_a_week:g}"),
        ("Working days", ", ".join(portfolio.working_days)),
        ("Hours of a point", "; ".join([points, *own])),
        ("Carried alone", f"from {100 * policy.lone_carrier:g} % of the items on, of at least"
         f" {policy.lone_carrier_minimum}"),
        ("Minimum coverage", f"{100 * policy.minimum_coverage:g} %"),
        ("Items shown in a list", str(policy.list_limit)),
        ("Items shown in all lists of a page", f"{policy.page_rows:,}"),
    )  # fmt: skip
