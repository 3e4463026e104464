"""An item's events as GitHub's timeline tells them; what touches two issues is on both."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pmo_sync.demo.facts import Event, Item
from pmo_sync.demo.github_columns import moves
from pmo_sync.demo.github_names import (
    BLOCKED,
    IN_PROGRESS,
    REASONS,
    GithubNames,
    github_time,
    node_id,
)
from pmo_sync.demo.github_pull_plan import PullPlan
from pmo_sync.demo.github_site import Label, TimelineEvent
from pmo_sync.demo.render_github_fields import FIELDS, field_event


@dataclass(slots=True)
class _Timeline:
    """The timeline of one issue in the making."""

    key: str
    events: list[TimelineEvent] = field(default_factory=list)

    def add(
        self, kind: str, at: datetime, actor: str | None, **values: str | bool | Label | None
    ) -> None:
        name = f"{self.key}:{len(self.events)}"
        prefix = "".join(letter for letter in kind if letter.isupper())
        self.events.append(
            TimelineEvent(kind, node_id(prefix, name), github_time(at), actor, values)
        )


class GithubTimelines:
    """Writes timelines; ``with_fields`` are the teams that use the organization's fields."""

    def __init__(self, names: GithubNames, with_fields: Collection[str] = ()) -> None:
        self._names = names
        self._with_fields = with_fields

    def events(
        self, item: Item, board: str | None = None, plan: PullPlan | None = None
    ) -> list[TimelineEvent]:
        """Return an item's timeline, oldest first.

        ``board`` is the node id of the board that it is on, ``plan`` the pull request for it.
        """
        timeline = _Timeline(item.key)
        own = [(event, "") for event in item.events]
        others = self._names.mirrored.get(item.key, [])
        for event, other in sorted([*own, *others], key=lambda pair: pair[0].at):
            actor = self._names.login(event.actor)
            if other:
                self._note_mirrored(timeline, event, actor, other)
            else:
                self._note(timeline, item, event, actor, plan)
        told = [*self._moved(item, board), *self._referenced(plan)] if board else []
        return sorted([*timeline.events, *told], key=lambda one: one.created_at or "")

    def _moved(self, item: Item, board: str | None) -> Iterator[TimelineEvent]:
        """Yield how an item came onto a board and moved on it."""
        for number, move in enumerate(moves(self._names, item)):
            name, at = f"{item.key}:move:{number}", github_time(move.at)
            actor = self._names.login(move.actor)
            if not move.before:
                yield TimelineEvent("AddedToProjectV2Event", node_id("ATPVTE", name), at, actor,
                                    {"project": board, "wasAutomated": True})  # fmt: skip
            yield TimelineEvent(
                "ProjectV2ItemStatusChangedEvent", node_id("PVTISCE", name), at, actor,
                {"project": board, "previousStatus": move.before, "status": move.after,
                 "wasAutomated": move.automated},
            )  # fmt: skip

    def _referenced(self, plan: PullPlan | None) -> Iterator[TimelineEvent]:
        """Yield that a pull request named the item as what it closes."""
        if plan:
            at, key = github_time(plan.created), plan.item.key
            yield TimelineEvent(
                "CrossReferencedEvent", node_id("CRE", f"{key}:pull"), at,
                self._names.login(plan.author),
                {"source": node_id("PR", key), "target": self._names.node(key),
                 "isCrossRepository": False, "referencedAt": at, "willCloseTarget": True},
            )  # fmt: skip

    def _note_mirrored(
        self, timeline: _Timeline, event: Event, actor: str | None, other: str
    ) -> None:
        """Note what another item's event means for this one."""
        if event.field == "blocks":
            timeline.add(
                "BlockedByAddedEvent", event.at, actor, blockingIssue=self._names.node(other)
            )
        else:
            kind = "SubIssueAddedEvent" if event.new == timeline.key else "SubIssueRemovedEvent"
            timeline.add(kind, event.at, actor, subIssue=self._names.node(other))

    def _note(
        self,
        timeline: _Timeline,
        item: Item,
        event: Event,
        actor: str | None,
        plan: PullPlan | None,
    ) -> None:
        """Note an item's own event, if GitHub keeps such a thing."""
        at, old, new = event.at, event.old, event.new
        if event.field == "status":
            self._note_status(timeline, item, event, actor, plan)
        elif event.field == "assignee":
            if old:
                timeline.add("UnassignedEvent", at, actor, assignee=self._names.login(old))
            if new:
                timeline.add("AssignedEvent", at, actor, assignee=self._names.login(new))
        elif event.field in ("label", "component"):
            kind = "LabeledEvent" if new else "UnlabeledEvent"
            timeline.add(kind, at, actor, label=self._names.label(item.project, str(new or old)))
        elif event.field == "blocked":
            kind = "LabeledEvent" if new else "UnlabeledEvent"
            timeline.add(kind, at, actor, label=self._names.label(item.project, BLOCKED))
        elif event.field == "milestone":
            title = self._names.milestones[str(new or old)].name
            kind = "MilestonedEvent" if new else "DemilestonedEvent"
            timeline.add(kind, at, actor, milestoneTitle=title)
        elif event.field == "title":
            timeline.add("RenamedTitleEvent", at, actor, previousTitle=old, currentTitle=new)
        elif event.field in FIELDS:
            if item.project in self._with_fields:
                told = field_event(event)
                timeline.add(told.type, at, actor, **told.values)
        else:
            self._note_relation(timeline, event, actor)

    def _note_relation(self, timeline: _Timeline, event: Event, actor: str | None) -> None:
        at, old, new = event.at, event.old, event.new
        if event.field == "parent":
            if old:
                timeline.add("ParentIssueRemovedEvent", at, actor, parent=self._names.node(old))
            if new:
                timeline.add("ParentIssueAddedEvent", at, actor, parent=self._names.node(new))
        elif event.field == "blocks" and new and self._names.knows(new):
            timeline.add("BlockingAddedEvent", at, actor, blockedIssue=self._names.node(new))
        elif event.field == "duplicates" and new:
            timeline.add(
                "MarkedAsDuplicateEvent",
                at,
                actor,
                canonical=self._names.node(new),
                duplicate=self._names.node(timeline.key),
                isCrossRepository=False,
            )

    def _note_status(
        self,
        timeline: _Timeline,
        item: Item,
        event: Event,
        actor: str | None,
        plan: PullPlan | None,
    ) -> None:
        """A status is the label ``in progress`` and whether the issue is open."""
        before = self._names.category(item, event.old) if event.old else "todo"
        after = self._names.category(item, event.new)
        label = self._names.label(item.project, IN_PROGRESS)
        if before == "in_progress" and after != "in_progress":
            timeline.add("UnlabeledEvent", event.at, actor, label=label)
        if after == "done" and before != "done":
            reason = self._reason_at(item, event.at)
            merged = plan is not None and plan.merged == event.at
            closer = node_id("PR", item.key) if merged else None
            timeline.add("ClosedEvent", event.at, actor, stateReason=reason, closer=closer)
        if before == "done" and after != "done":
            timeline.add("ReopenedEvent", event.at, actor, stateReason="REOPENED")
        if after == "in_progress" and before != "in_progress":
            timeline.add("LabeledEvent", event.at, actor, label=label)

    def _reason_at(self, item: Item, at: datetime) -> str:
        reason = next((event.new for event in item.events
                       if event.field == "resolution" and event.at == at), None)  # fmt: skip
        return REASONS[reason or "done"]
