"""``items_at``: all work items as they were at an instant; the rollups' only input."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw

from pmo_sync.frames.attributes import RISK_COLUMNS, risk_attributes
from pmo_sync.frames.states import progress, states
from pmo_sync.frames.tables import Frame, Tables, distinct, records
from pmo_sync.frames.words import lowered
from pmo_sync.model import RISK_QUERY, SEVERAL_FIELDS, TARGET_FIELDS, Term
from pmo_sync.policy import Meaning, Policy, status_meanings

COLUMNS = (
    "item_id", "site", "source", "key", "container", "type", "type_id", "rank", "title", "status",
    "status_id", "category", "since", "started", "finished", "resolution", "resolution_id",
    "priority", "priority_id", "priority_rank", "parent", "created", "updated", "start", "due",
    "points", "estimate", "remaining", "spent", "flagged", "blocked", "restricted", "url",
    *TARGET_FIELDS, "tracker_team", RISK_QUERY, *RISK_COLUMNS,
)  # fmt: skip
"""What can be known of an item. ``source``: of several that see it the first by name; ``parent``
an id; ``estimate``, ``remaining``, ``spent`` seconds; of a risk see ``risk_attributes``."""
MASK = "(restricted)"

_NUMBERS = ("points", "estimate", "remaining", "spent")
_DATES = ("start", "due", *TARGET_FIELDS)
_TERMS = ("status", "resolution", "priority", "type")
_ATTRIBUTES = ("title", "key", "container", "type")
_VALUES = (*_NUMBERS, *_DATES, *_TERMS[:3], "parent", "flagged", "tracker_team", RISK_QUERY,
           *_ATTRIBUTES)  # fmt: skip
_PROGRESS = ("category", "since", "started", "finished")
_RESTS_ON = {
    "category": ("resolution", "progress"),
    "title": ("restricted",),
    "updated": ("created",),
    "priority_rank": ("priority",),
    **{f"{field}_id": (field,) for field in _TERMS},
    **dict.fromkeys(_PROGRESS[1:], ("progress",)),
    **dict.fromkeys(RISK_COLUMNS, ("risk",)),
}
"""What else must be known for a column: nothing else is computed."""


@dataclass(frozen=True)
class Portrait:
    """The portfolio at an instant: ``items`` (see ``COLUMNS``), and ``went``, every state until
    then, and ``risks`` (see ``risk_attributes``), each where a wanted column rests on them."""

    at: datetime
    items: Frame
    went: Frame | None
    risks: Frame | None
    meanings: tuple[Meaning, ...]

    @property
    def states(self) -> Frame:
        """Item_id, category, valid_from, valid_to; LookupError where no wanted column rests on
        them."""
        if self.went is None:
            raise LookupError("nothing that was wanted rests on states")
        return self.went


def items_at(
    tables: Tables,
    at: datetime,
    policy: Policy,
    wanted: Collection[str] = COLUMNS,
    owned: Callable[[Frame], Frame] | None = None,
) -> Portrait:
    """Return every item that was there at ``at`` (naive UTC), with the values it had then, in the
    ``wanted`` columns; ``owned`` says of risks in its own words who owns them."""
    known = {*wanted, *(more for name in wanted for more in _RESTS_ON.get(name, ()))}
    meanings: tuple[Meaning, ...] = ()
    went = marked = None
    active = _active(tables["history"], at).filter(nw.col("entity") == "item")
    # What is computed at once comes before what is lazy: an engine may look at a lazy frame anew
    # after each table that is made.
    if known & {"progress", "blocked"}:
        meanings = tuple(status_meanings(_terms(tables), policy))
        went = states(tables, at, meanings, policy.in_progress_labels)
        if known >= {"progress", "blocked"}:
            went = tables.hold(went)
        if "blocked" in known:
            marked = tables.hold(_blocked(tables, went, active, at, policy))
    risks = tables.hold(risk_attributes(tables, active, policy.risk)) if "risk" in known else None
    if risks is not None and owned:  # here, where they are few and their columns too
        risks = owned(risks)
    items = _present(tables, at, known)
    items = _with_values(tables, items, at, known)
    if attributes := [_or(name, f"{name}_now") for name in _ATTRIBUTES if name in known]:
        items = items.with_columns(*attributes)
    if went is not None and "progress" in known:
        told = progress(went).select("item_id", *(n for n in _PROGRESS if n in known))
        items = items.join(told, on="item_id", how="left")
    if marked is not None:
        items = items.join(marked, on="item_id", how="left")
    if risks is not None:
        items = items.join(risks, on="item_id", how="left")
    for field in _TERMS:
        if field in known:
            items = items.join(_words(tables, field), on=["site", field], how="left")
    found = _columns(policy)
    items = items.select(*(found[name].alias(name) for name in COLUMNS if name in wanted))
    return Portrait(at, items, went, risks, meanings)


def members_at(
    tables: Tables,
    at: datetime,
    fields: Collection[str] = SEVERAL_FIELDS,
    persons: Frame | None = None,
) -> Frame:
    """Return item_id, field, value (id), name for the several-valued ``fields`` at ``at``;
    ``persons`` (value, name) says what to call whom, by default as the trackers do."""
    if persons is None:
        persons = tables["person"].select(nw.col("person_id").alias("value"), nw.col("name"))
    names = nw.concat(
        [
            persons,
            tables["milestone"].select(nw.col("milestone_id").alias("value"), nw.col("name")),
            tables["iteration"].select(nw.col("iteration_id").alias("value"), nw.col("name")),
        ],
        how="vertical",
    )
    return (
        _active(tables["history"], at)
        .filter(
            nw.col("entity") == "item",
            nw.col("field").is_in([name for name in SEVERAL_FIELDS if name in fields]),
            ~nw.col("value").is_null(),
        )
        .join(names, on="value", how="left")
        .select(
            nw.col("entity_id").alias("item_id"), "field", "value",
            nw.when(nw.col("name").is_null() | (nw.col("field") == "label"))
            .then(nw.col("value")).otherwise(nw.col("name")).alias("name"),
        )
    )  # fmt: skip


def _active(history: Frame, at: datetime) -> Frame:
    return history.filter(
        nw.col("valid_from") <= at, nw.col("valid_to").is_null() | (nw.col("valid_to") > at)
    )


def _present(tables: Tables, at: datetime, known: Collection[str]) -> Frame:
    """Return item_id, site and what else does not change of the items that were there, and the
    attributes as they are now."""
    there = _active(tables["presence"], at)
    items = tables["work_item"].select(
        "item_id", "site",
        *(name for name in ("url", "rank", "created", "restricted") if name in known),
        *([nw.when(nw.col("updated") <= at).then(nw.col("updated")).alias("said")]
          if "updated" in known else []),
        *(nw.col(name).alias(f"{name}_now") for name in _ATTRIBUTES if name in known),
    )  # fmt: skip
    if "source" not in known:
        return items.join(there.select("item_id"), on="item_id", how="semi")
    first = there.group_by("item_id").agg(nw.col("source").min())
    return items.join(first, on="item_id", how="inner")


def _with_values(tables: Tables, items: Frame, at: datetime, known: Collection[str]) -> Frame:
    """Add the values that items had at ``at``, and ``touched``: when something last changed, as far
    as was known then, as the tracker's own ``updated`` tells only of today."""
    fields = [name for name in _VALUES if name in known]
    held = [name for name in fields if name in _held(tables)] if fields else []
    touched = "updated" in known
    if held or touched:
        found = _values(tables["history"], at, held, touched=touched)
        items = items.join(found, on="item_id", how="left")
    nothing = nw.lit(None).cast(nw.String())
    never = [nothing.alias(name) for name in fields if name not in held]
    return items.with_columns(*never) if never else items


def _held(tables: Tables) -> frozenset[str]:
    """Return the fields that any item ever had a value in: of the others nothing is looked for."""
    history = tables["history"]

    def look() -> frozenset[str]:
        items = history.filter(nw.col("entity") == "item")
        return frozenset(row["field"] for row in records(distinct(items, "field")))

    return tables.once("fields", history, look)


def _values(history: Frame, at: datetime, names: Sequence[str], *, touched: bool) -> Frame:
    """Return item_id, what the fields held, and ``touched`` where that is asked for: every row
    tells of it, and one pass is enough for both."""
    rows = history.filter(nw.col("entity") == "item", nw.col("valid_from") <= at)
    lasting = nw.col("valid_to").is_null() | (nw.col("valid_to") > at)
    holds = {name: nw.col("field") == name for name in names}
    if touched:
        holds = {name: of_field & lasting for name, of_field in holds.items()}
    else:
        rows = rows.filter(lasting, nw.col("field").is_in(names))
    last = ["touched"] if touched else []
    spread = rows.select(
        nw.col("entity_id").alias("item_id"),
        *(nw.when(held).then(nw.col("value")).alias(name) for name, held in holds.items()),
        *(nw.col("valid_from").alias(name) for name in last),
    )
    return spread.group_by("item_id").agg(*(nw.col(name).max() for name in (*names, *last)))


def _words(tables: Tables, field: str) -> Frame:
    """The sites' own names of a field's ids."""
    return (
        tables["term"]
        .filter(nw.col("field") == field)
        .select(
            "site",
            nw.col("value").alias(field),
            nw.col("name").alias(f"{field}_name"),
            nw.col("rank").alias(f"{field}_rank"),
        )
    )


def _columns(policy: Policy) -> dict[str, nw.Expr]:
    """Say how each column is had from what was joined: the trackers' ids become names, texts
    numbers and days."""
    finished = nw.col("category").fill_null(nw.lit("todo"))
    resolution = _or("resolution_name", "resolution")
    dropped = resolution.str.to_lowercase().is_in(lowered(policy.dropped_resolutions))
    title = nw.col("title")
    if policy.restricted != "show":  # no later stage has the titles
        hidden = nw.col("restricted").fill_null(value=False)
        title = nw.when(hidden).then(nw.lit(MASK)).otherwise(title)
    return {
        **{name: nw.col(name) for name in COLUMNS},
        **{f"{field}_id": nw.col(field) for field in _TERMS},
        **{field: _or(f"{field}_name", field) for field in _TERMS},
        # Seconds too: whole numbers add up exactly, and a missing one stays missing everywhere.
        **{name: nw.col(name).cast(nw.Float64()) for name in _NUMBERS},
        **{name: nw.col(name).str.to_datetime(format="%Y-%m-%d") for name in _DATES},
        "category": nw.when((finished == "done") & dropped.fill_null(value=False))
        .then(nw.lit("dropped")).otherwise(finished),
        **{name: (nw.col(name) == "true").fill_null(value=False)
           for name in ("flagged", RISK_QUERY)},
        "blocked": nw.col("marked").fill_null(0) == 1,
        "updated": nw.max_horizontal("said", "touched", "created"),
        "title": title,
    }  # fmt: skip


def _or(name: str, other: str) -> nw.Expr:
    known = nw.when(nw.col(name).is_null()).then(nw.col(other)).otherwise(nw.col(name))
    return known.alias(name)


def _blocked(tables: Tables, replayed: Frame, active: Frame, at: datetime, policy: Policy) -> Frame:
    """Return item_id, marked (1): open items that are flagged, labelled as blocked, or blocked by
    an open item."""
    links = (
        tables["link"]
        .filter(
            nw.col("kind") == "blocks",
            nw.col("valid_from").is_null() | (nw.col("valid_from") <= at),
            nw.col("valid_to").is_null() | (nw.col("valid_to") > at),
        )
        .select("from_id", nw.col("to_id").alias("item_id"))
    )
    there = _active(tables["presence"], at).select("item_id")
    finished = replayed.filter(
        nw.col("valid_to").is_null(), nw.col("category").is_in(["done", "dropped"])
    ).select("item_id")
    by_link = (
        links.join(there.rename({"item_id": "from_id"}), on="from_id", how="semi")
        .join(finished.rename({"item_id": "from_id"}), on="from_id", how="anti")
        .select("item_id")
    )
    label = (nw.col("field") == "label") & nw.col("value").str.to_lowercase().is_in(
        lowered(policy.blocked_labels)
    )
    flag = (nw.col("field") == "flagged") & (nw.col("value") == "true")
    by_word = active.filter(label | flag).select(nw.col("entity_id").alias("item_id"))
    return (
        distinct(nw.concat([by_link, by_word], how="vertical"), "item_id")
        .join(finished, on="item_id", how="anti")
        .with_columns(nw.lit(1).alias("marked"))
    )


def _terms(tables: Tables) -> list[Term]:
    rows = records(tables["term"].filter(nw.col("field") == "status"))
    return sorted((Term(**row) for row in rows), key=lambda term: (term.site, term.value))
