"""An item's events as GitHub's timeline tells them; what touches two issues is on both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pmo_sync.demo.facts import Event, Item
from pmo_sync.demo.github_names import (
    BLOCKED,
    IN_PROGRESS,
    REASONS,
    GithubNames,
    github_time,
    node_id,
)
from pmo_sync.demo.github_site import Label, TimelineEvent


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
    """Writes timelines."""

    def __init__(self, names: GithubNames) -> None:
        self._names = names

    def events(self, item: Item) -> list[TimelineEvent]:
        """Return an item's timeline, oldest first."""
        timeline = _Timeline(item.key)
        own = [(event, "") for event in item.events]
        others = self._names.mirrored.get(item.key, [])
        for event, other in sorted([*own, *others], key=lambda pair: pair[0].at):
            actor = self._names.login(event.actor)
            if other:
                self._note_mirrored(timeline, event, actor, other)
            else:
                self._note(timeline, item, event, actor)
        return timeline.events

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

    def _note(self, timeline: _Timeline, item: Item, event: Event, actor: str | None) -> None:
        """Note an item's own event, if GitHub keeps such a thing."""
        at, old, new = event.at, event.old, event.new
        if event.field == "status":
            self._note_status(timeline, item, event, actor)
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
        self, timeline: _Timeline, item: Item, event: Event, actor: str | None
    ) -> None:
        """A status is the label ``in progress`` and whether the issue is open."""
        before = self._names.category(item, event.old) if event.old else "todo"
        after = self._names.category(item, event.new)
        label = self._names.label(item.project, IN_PROGRESS)
        if before == "in_progress" and after != "in_progress":
            timeline.add("UnlabeledEvent", event.at, actor, label=label)
        if after == "done" and before != "done":
            reason = self._reason_at(item, event.at)
            timeline.add("ClosedEvent", event.at, actor, stateReason=reason)
        if before == "done" and after != "done":
            timeline.add("ReopenedEvent", event.at, actor, stateReason="REOPENED")
        if after == "in_progress" and before != "in_progress":
            timeline.add("LabeledEvent", event.at, actor, label=label)

    def _reason_at(self, item: Item, at: datetime) -> str:
        reason = next((event.new for event in item.events
                       if event.field == "resolution" and event.at == at), None)  # fmt: skip
        return REASONS[reason or "done"]
