"""A Jira site's issues in a temporary file: as many as the disk holds, in little memory.

An issue is rendered and packed once; what queries ask of it is in columns.
"""

from __future__ import annotations

import mmap
import tempfile
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from pmo_sync.demo.jira_cards import ServedCard
from pmo_sync.demo.jira_columns import Columns
from pmo_sync.demo.jira_index import card_of
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_spooled import Packed, SpooledCard, pack, unpack
from pmo_sync.demo.jira_writing import IssueWriter
from pmo_sync.demo.jql_query import Query

QUICK = 1
"""How hard issues are packed: they are much alike, which the first one makes good."""
QUERIES = 8
"""How many queries' results are kept: a client asks for one page after the other."""


class JiraSpool:
    """The issues of a site, found by id, key or query, and written as JSON.

    Issues are added before anything is asked; ``close`` gives the disk its space back.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="pmo-sync-demo-")  # noqa: SIM115
        self._columns = Columns()
        self._ends = array("Q", [0])
        self._alike = b""
        self._names: dict[str, None] = {}
        self._found: OrderedDict[str, array[int]] = OrderedDict()
        self._map: mmap.mmap | bytes = b""
        self._writer = IssueWriter((), ())

    def add(self, issues: Iterable[Json]) -> None:
        """Take issues as a search returns them, with their whole changelogs."""
        for issue in issues:
            card = card_of(issue)
            packed = pack(issue, card)
            self._alike = self._alike or packed[-(2**15) :]
            squeeze = zlib.compressobj(QUICK, zdict=self._alike)
            body = squeeze.compress(packed) + squeeze.flush()
            self._file.write(body)
            self._ends.append(self._ends[-1] + len(body))
            self._columns.add(card)
            self._names.update(dict.fromkeys(card.fields))

    def finish(self, site: JiraSite) -> None:
        """Make the issues ready to be asked for: all of the site's are there."""
        self._file.flush()
        if self.size:
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._file.close()  # the map keeps what it shows
        self._columns.finish()
        self._writer = IssueWriter(site.fields, self._names)

    def close(self) -> None:
        """Drop the file."""
        if isinstance(self._map, mmap.mmap):
            self._map.close()

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def size(self) -> int:
        """The bytes of the file."""
        return self._ends[-1]

    def find(self, id_or_key: str) -> SpooledCard | None:
        """Find an issue by its id or its key."""
        row = self._columns.find(id_or_key)
        return None if row is None else self.card(row)

    def select(self, query: Query) -> Sequence[SpooledCard]:
        """Return all issues that match, in the query's order; ties by id, newest first."""
        return _Cards(self, self._rows(query))

    def page(
        self, query: Query, after: list[Any], size: int
    ) -> tuple[list[SpooledCard], list[Any] | None]:
        """Return so many that come after a place (empty: from the start), and the place of the
        last one; None where no more come."""
        rows, last = self._columns.page(self._rows(query), query.order, after, size)
        return [self.card(row) for row in rows], last

    def write(self, card: ServedCard, wanted: Sequence[str], changelog: int | None) -> bytes:
        """Write one issue with the wanted fields and at most ``changelog`` histories of it."""
        return self._writer.write(card, wanted, changelog)

    def card(self, row: int) -> SpooledCard:
        """Return the issue of a row."""
        return SpooledCard(self._columns, row, self.unpacked)

    def unpacked(self, row: int) -> Packed:
        """Read an issue from the file."""
        loosen = zlib.decompressobj(zdict=self._alike)
        return unpack(loosen.decompress(self._map[self._ends[row] : self._ends[row + 1]]))

    def _rows(self, query: Query) -> array[int]:
        """Return the rows that match, in order; a query that was asked lately is not run again."""
        known = self._found.get(query.text)
        if known is None:
            known = self._columns.select(query)
            self._found[query.text] = known
            if len(self._found) > QUERIES:
                self._found.popitem(last=False)
        return known


class _Cards(Sequence[SpooledCard]):
    """The issues of some rows, made as they are looked at."""

    def __init__(self, spool: JiraSpool, rows: array[int]) -> None:
        self._spool, self._rows = spool, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return _Cards(self._spool, self._rows[place])
        return self._spool.card(self._rows[place])
