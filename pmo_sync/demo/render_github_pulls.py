"""Pull requests of the world's GitHub teams, each for one item, which it closes when merged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time

from pmo_sync.demo.facts import Item, Team, World
from pmo_sync.demo.github_names import GithubNames, github_time, node_id, number_of
from pmo_sync.demo.github_pull_plan import PullPlan, pull_plan
from pmo_sync.demo.github_pull_site import Decision, GithubPull, PullState, Review
from pmo_sync.demo.github_site import TimelineEvent


class PullRenderer:
    """Knows every item's pull request, and the work in other trackers that it names."""

    def __init__(self, world: World, names: GithubNames, teams: list[Team], url: str) -> None:
        self._names = names
        self._url = url
        self._across = _across(world, names)
        end = datetime.combine(world.until, time.max, UTC)
        items = [item for team in teams for item in team.items]
        self._plans = {item.key: plan for item in items if (plan := pull_plan(names, item, end))}

    def plan(self, item: Item) -> PullPlan | None:
        """Return an item's pull request before it is rendered."""
        return self._plans.get(item.key)

    def pulls(self, team: Team) -> Iterator[GithubPull]:
        """Yield a team's pull requests."""
        for item in team.items:
            if plan := self._plans.get(item.key):
                yield self._pull(team, plan)

    def _pull(self, team: Team, plan: PullPlan) -> GithubPull:
        item, key = plan.item, pull_id(plan.item)
        reviewer = self._names.login(plan.reviewer)
        author = self._names.login(plan.author)
        closed = github_time(plan.closed) if plan.closed else None
        asked = reviewer if plan.ready and not plan.reviewed and not plan.closed else None
        events = tuple(self._events(plan))
        reviews = tuple(self._reviews(plan, key))
        times = [github_time(plan.created), *(str(one.created_at) for one in events),
                 *(one.submitted_at for one in reviews)]  # fmt: skip
        return GithubPull(
            node_id=key,
            database_id=number_of(key, 10),
            number=plan.number,
            title=self._title(item),
            url=f"{self._url}/{team.container}/pull/{plan.number}",
            state=_state(plan),
            created_at=github_time(plan.created),
            updated_at=max(times),
            base="main",
            head=self._branch(item),
            author=author,
            draft=plan.ready is None,
            closed_at=closed,
            merged_at=closed if plan.merged else None,
            merged_by=author if plan.merged else None,
            assignees=(author,) if author else (),
            closes=(self._names.node(item.key),),
            requested=(asked,) if asked else (),
            reviews=reviews,
            decision=_decision(plan),
            body=f"Closes #{item.number}",
            events=events,
        )

    def _title(self, item: Item) -> str:
        there = self._across.get(item.key, ())
        return " ".join([*(f"[{key}]" for key in there), item.title])

    def _branch(self, item: Item) -> str:
        words = re.sub(r"[^a-z0-9]+", "-", item.title.lower()).strip("-")
        key = next(iter(self._across.get(item.key, ())), str(item.number))
        return f"{key}-{words}"

    def _events(self, plan: PullPlan) -> Iterator[TimelineEvent]:
        author = self._names.login(plan.author)
        reviewer = self._names.login(plan.reviewer)
        if plan.ready:
            yield _event("ReadyForReviewEvent", plan, plan.ready, author)
        if plan.ready and reviewer:
            yield _event("ReviewRequestedEvent", plan, plan.ready, author,
                         requestedReviewer=reviewer)  # fmt: skip
        if plan.merged:
            yield _event("MergedEvent", plan, plan.merged, author, mergeRefName="main")
        if plan.closed:
            yield _event("ClosedEvent", plan, plan.closed, author)

    def _reviews(self, plan: PullPlan, key: str) -> Iterator[Review]:
        if plan.reviewed and plan.reviewer:
            name = f"{key}:review"
            yield Review(node_id("PRR", name), number_of(name), self._names.login(plan.reviewer),
                         "APPROVED", github_time(plan.reviewed))  # fmt: skip


def pull_id(item: Item) -> str:
    """Return the node id of an item's pull request."""
    return node_id("PR", item.key)


def _event(
    kind: str, plan: PullPlan, at: datetime, actor: str | None, **values: str | None
) -> TimelineEvent:
    name = node_id("".join(filter(str.isupper, kind)), f"pull:{plan.item.key}:{kind}")
    return TimelineEvent(kind, name, github_time(at), actor, values)


def _state(plan: PullPlan) -> PullState:
    if plan.merged:
        return "MERGED"
    return "CLOSED" if plan.closed else "OPEN"


def _decision(plan: PullPlan) -> Decision | None:
    if plan.reviewer is None:
        return None
    return "APPROVED" if plan.reviewed else "REVIEW_REQUIRED"


def _across(world: World, names: GithubNames) -> dict[str, list[str]]:
    """Return, by item, the keys of items in other trackers that are linked with it."""
    found: dict[str, list[str]] = {}
    for item in world.items():
        for event in item.events:
            if event.field not in ("blocks", "relates") or event.new is None:
                continue
            if names.knows(item.key) and not names.knows(event.new):
                found.setdefault(item.key, []).append(event.new)
            elif names.knows(event.new) and not names.knows(item.key):
                found.setdefault(event.new, []).append(item.key)
    return found
