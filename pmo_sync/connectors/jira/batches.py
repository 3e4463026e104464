"""Pages of a search -> batches; remembers what was handed over, so that each thing is said once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.issue import ParsedIssue, Unread, utc
from pmo_sync.connectors.jira.keys import Keys
from pmo_sync.connectors.jira.mapping import Mapped, map_issue
from pmo_sync.connectors.jira.metadata import SiteView
from pmo_sync.connectors.jira.payloads import User
from pmo_sync.connectors.jira.plan import Page
from pmo_sync.connectors.jira.prepared import prepared
from pmo_sync.connectors.jira.remote_links import is_linked
from pmo_sync.connectors.jira.scope import ISSUES, Place
from pmo_sync.connectors.jira.site import person
from pmo_sync.model import Batch, Iteration, Person, Rejected, Term

log = logging.getLogger(__name__)


class ItemBatches:
    """The items of one sync, a page at a time."""

    def __init__(self, client: JiraClient, view: SiteView, *, remote_links: bool = True) -> None:
        self._client = client
        self._view = view
        self._remote_links = remote_links
        self._site = view.record.site
        self._words: dict[str, set[str]] = {}
        for term in view.terms:
            self._words.setdefault(term.field, set()).add(term.value)
        self._prepared = prepared(view.context, self._words)
        self._users: dict[str, User] = {}
        self._persons: dict[str, Person] = {}
        self._former: dict[str, str] = {}
        self._iterations: set[str] = set()
        self._ids = Keys()
        self._hidden: set[str] = set()
        self._disagreements: Counter[str] = Counter()

    def know(self, iterations: Iterable[str]) -> None:
        """Take note of sprints, by id, that were handed over already."""
        self._iterations.update(iterations)

    def batches(self, pages: Sequence[Page], place: Place) -> Iterator[tuple[Batch, Place]]:
        """Map some pages, and yield each while the processor has it at hand, with the place that is
        reached: the last one has what must be asked for first, for all of them together."""
        waiting: dict[str, ParsedIssue] = {}
        after = place
        for number, page in enumerate(pages, 1):
            rejected: list[Rejected] = []
            issues = list(self._parsed(page.open(), rejected))
            after = after.after(page.walk, _newest(issues, page.until))
            after = after.holding(issue.fields.project.key for issue in issues)
            mapped = list(self._at_once(issues, waiting, rejected))
            if number < len(pages):
                yield self._batch(mapped, rejected), place
        mapped += self._completed([*waiting.values()], rejected)
        state = {ISSUES: after.text()} if after != Place() else {}
        yield replace(self._batch(mapped, rejected), state=state), after

    def _batch(self, mapped: Sequence[Mapped], rejected: Sequence[Rejected]) -> Batch:
        for each in mapped:
            if each.former:
                self._former |= each.former
            for one in each.disagreements:
                self._disagreements[one.field] += 1
        return Batch(
            items=tuple(each.record for each in mapped),
            persons=tuple(self._new_persons(mapped)),
            iterations=tuple(self._new_iterations(mapped)),
            terms=tuple(self._new_terms(mapped)),
            rejected=tuple(rejected),
        )

    def former_persons(self) -> list[Person]:
        """Ask for accounts that only changelogs name; those that Jira forgot are unknown."""
        former = {who: name for who, name in self._former.items() if who not in self._persons}
        if not former:
            return []
        accounts = {who.removeprefix(f"{self._site}#"): name for who, name in former.items()}
        try:
            users = self._client.users(sorted(accounts))
        except RefusedError as error:
            log.warning("%s: former assignees stay without a name: %s", self._client.name, error)
            return []
        found = [one for one in (person(self._site, user) for user in users) if one]
        forgotten = former.keys() - {one.person_id for one in found}
        return found + [
            Person(
                who, self._site, who.removeprefix(f"{self._site}#"), former[who], "unknown", False
            )
            for who in sorted(forgotten)
        ]

    def report_disagreements(self) -> None:
        """Warn, with counts by field, of changelogs that contradict what items are now."""
        if not self._disagreements:
            return
        counts = ", ".join(f"{field} {n}" for field, n in self._disagreements.most_common())
        log.warning(
            "%s: changelogs end with another value than the item has (%s); the item's own value "
            "counts from its last update on",
            self._client.name,
            counts,
        )

    def _parsed(
        self, issues: Iterable[ParsedIssue | Unread], rejected: list[Rejected]
    ) -> Iterator[ParsedIssue]:
        for issue in issues:
            if isinstance(issue, Unread):
                rejected.append(Rejected(self._site, issue.id, issue.key, issue.reason))
            else:
                yield issue

    def _whole(self, issues: list[ParsedIssue]) -> list[ParsedIssue]:
        """Complete the changelogs that were cut."""
        cut = [issue.id for issue in issues if not issue.complete]
        if not cut:
            return issues
        more = self._client.histories(cut)
        return [
            issue if issue.complete else issue.with_histories(more.get(issue.id, ()))
            for issue in issues
        ]

    def _linked(self, issues: list[ParsedIssue]) -> list[ParsedIssue]:
        """Add the links to pages elsewhere, of those issues that have some."""
        linked = [one.id for one in issues if self._remote_links and is_linked(one.histories)]
        if not linked:
            return issues
        found = self._client.remote_links(linked)
        return [one.with_remote_links(found[one.id]) if one.id in found else one for one in issues]

    def _at_once(
        self,
        issues: Sequence[ParsedIssue],
        waiting: dict[str, ParsedIssue],
        rejected: list[Rejected],
    ) -> Iterator[Mapped]:
        """Map what lacks nothing; the rest waits: of an issue that came twice the last counts."""
        for issue in issues:
            self._ids.note(issue.key, issue.id)
        for issue in issues:
            linked = self._remote_links and is_linked(issue.histories)
            if linked or not issue.complete or self._unknown_epic(issue):
                waiting[issue.id] = issue
            else:
                waiting.pop(issue.id, None)
                yield from self._mapped(issue, rejected)

    def _completed(self, waiting: list[ParsedIssue], rejected: list[Rejected]) -> Iterator[Mapped]:
        """Ask for what they lack, and map them."""
        self._learn_epics(waiting)
        for issue in self._linked(self._whole(waiting)):
            yield from self._mapped(issue, rejected)

    def _mapped(self, issue: ParsedIssue, rejected: list[Rejected]) -> tuple[Mapped, ...]:
        try:
            return (map_issue(issue, self._prepared, self._ids),)
        except (msgspec.DecodeError, ValueError) as error:
            rejected.append(Rejected(self._site, issue.id, issue.key, str(error)))
            return ()

    def _unknown_epic(self, issue: ParsedIssue) -> str | None:
        """Return the key of an epic whose id nobody has said yet, nor refused to say."""
        if "parent" not in issue.values:
            return None
        try:
            key = issue.epic_key()
        except (ValueError, msgspec.DecodeError):  # which rejects the issue when it is mapped
            return None
        return key if key and key not in self._ids and key not in self._hidden else None

    def _learn_epics(self, issues: Iterable[ParsedIssue]) -> None:
        """Ask for epics that are named by key, and are not among the issues of this sync."""
        for key in sorted({key for issue in issues if (key := self._unknown_epic(issue))}):
            try:
                self._ids.note(key, self._client.reference(key).id)
            except RefusedError as error:
                if error.status not in (403, 404):
                    raise
                self._hidden.add(key)

    def _new_persons(self, mapped: Iterable[Mapped]) -> Iterator[Person]:
        for each in mapped:
            for account, user in each.users.items():
                if self._users.get(account) == user:
                    continue
                self._users[account] = user
                one = person(self._site, user)
                if one and self._persons.get(one.person_id) != one:
                    self._persons[one.person_id] = one
                    yield one

    def _new_iterations(self, mapped: Iterable[Mapped]) -> Iterator[Iteration]:
        """Sprints of boards that we may not see, as the issues tell of them."""
        for one in (one for each in mapped for one in each.iterations):
            if one.iteration_id not in self._iterations:
                self._iterations.add(one.iteration_id)
                yield one

    def _new_terms(self, mapped: Iterable[Mapped]) -> Iterator[Term]:
        """Words that the site's tables do not have: those of old workflows."""
        latest = {word: name for each in mapped for word, name in each.used.items()}
        for (field, value), name in latest.items():
            self._words.setdefault(field, set()).add(value)
            yield Term(self._site, field, value, name)


def _newest(issues: Iterable[ParsedIssue], until: int | None) -> datetime | None:
    """Return the newest change, but of issues that have changed since they were listed."""
    times = [issue.updated for issue in issues]
    if until is not None:
        last = utc(until)
        times = [at for at in times if at <= last]
    return max(times, default=None)
