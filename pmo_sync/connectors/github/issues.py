"""Turns pages of raw issues into records: whole lists, then mapped; the odd ones are rejected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.issue_payloads import Issue
from pmo_sync.connectors.github.mapping import Context, Mapped, UnmappableError, map_issue
from pmo_sync.connectors.github.overflow import complete, lists
from pmo_sync.connectors.github.paging import Walked
from pmo_sync.connectors.github.payloads import Ref
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.refusal import said
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.connectors.github.ties import Ties
from pmo_sync.model import Batch, Rejected, Term

ISSUE = msgspec.json.Decoder(Issue)
NULL = msgspec.Raw(b"null")
IDENTITY = msgspec.json.Decoder(Ref)


@dataclass(slots=True)
class Issues:
    """The issues of one repository. ``ids`` are those that were met so far, ``whole`` says whether
    these are all that pages held."""

    client: GithubClient
    shape: Shape
    context: Context
    ties: Ties
    notes: Notes
    ids: set[str] = field(default_factory=set)
    whole: bool = True
    _people: People = field(init=False)
    _words: set[Term] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._people = People(self.context.site)

    def batch(self, page: Walked[Issue | msgspec.Raw]) -> Batch:
        """Map a page; what cannot be mapped is rejected, and the rest goes on."""
        self.notes["error in a partial answer"] += len(page.errors)
        rejected: list[Rejected] = []
        mapped: list[Mapped] = []
        for place, issue in self._decoded(page, rejected):
            try:
                mapped.append(self._mapped(issue))
            except UnmappableError as error:
                rejected.append(self._rejected(issue, place, str(error)))
        return Batch(
            items=tuple(one.record for one in mapped),
            persons=self._people.news(),
            terms=self._new_words(mapped),
            milestones=tuple(dict.fromkeys(entry for one in mapped for entry in one.milestones)),
            rejected=tuple(rejected),
        )

    def _new_words(self, mapped: Iterable[Mapped]) -> tuple[Term, ...]:
        """The words of a page that none before it brought along: batches are kept in order."""
        words = dict.fromkeys(term for one in mapped for term in one.terms)
        news = tuple(term for term in words if term not in self._words)
        self._words.update(news)
        return news

    def _decoded(
        self, page: Walked[Issue | msgspec.Raw], rejected: list[Rejected]
    ) -> list[tuple[str, Issue]]:
        """The issues of a page, each with its place and with all that did not fit into the page."""
        places: list[str] = []
        issues: list[Issue] = []
        for index, node in enumerate(page.nodes):
            place = f"{page.after or 'start'}/{index}"
            try:
                issues.append(_issue(node, page, index))
                places.append(place)
            except (msgspec.DecodeError, UnmappableError) as error:
                rejected.append(self._rejected(_identity(node), place, str(error)))
        for nested in lists(self.shape):
            issues = complete(self.client, nested, issues, self.notes)
        return list(zip(places, issues, strict=True))

    def _mapped(self, issue: Issue) -> Mapped:
        mapped = map_issue(issue, self.context, self._people, self.notes)
        self.ties.note(issue)
        self.ids.add(mapped.record.item.item_id)
        return mapped

    def _rejected(self, ref: Ref, where: str, reason: str) -> Rejected:
        """Name what was rejected as well as its payload lets us."""
        item_id, place = ref.item_id(self.context.site), f"{self.context.container}@{where}"
        if item_id:
            self.ids.add(item_id)
        else:
            self.whole = False
        return Rejected(self.context.site, ref.native or place, ref.key or place, said(reason))


def _issue(
    node: Issue | msgspec.Raw | None, page: Walked[Issue | msgspec.Raw], index: int
) -> Issue:
    """A node of a page, where it can be read."""
    if isinstance(node, Issue):
        return node
    if node is None or node == NULL:
        raise UnmappableError(page.reason(index))
    return ISSUE.decode(node)


def _identity(node: Issue | msgspec.Raw | None) -> Ref:
    """What a payload says of which issue it is, as far as it can be read."""
    try:
        return IDENTITY.decode(node if isinstance(node, msgspec.Raw) else NULL)
    except msgspec.DecodeError:
        return Ref()
