"""A store's tables with names in the place of native ids, so that two stores compare."""

from __future__ import annotations

from typing import Any

from pmo_sync.store import Store

NATIVE: dict[tuple[str, str], str] = {
    ("work_item", "digest"): "is made of native ids too",
    ("link", "native"): "the link's own id",
    ("worklog", "worklog_id"): "the worklog's own id",
    ("iteration", "board"): "the board's own id",
}
RISKS = 'fields = { probability = "Probability", impact = "Impact", response = "Response" }\n'
"""Where the demo's Jiras keep what is said of a risk, as a source's configuration names it."""
Rows = list[tuple[tuple[str, object], ...]]


def read(store: Store, table: str) -> list[dict[str, Any]]:
    with store.read() as con:
        cursor = con.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def names_of(store: Store) -> dict[str, str]:
    """What each record is called, by its id: the same on both sides."""
    told = {row["item_id"]: row["key"] for row in read(store, "work_item")}
    told |= {row["person_id"]: row["name"] for row in read(store, "person")}
    for table in ("milestone", "iteration"):
        told |= {row[f"{table}_id"]: f"{row.get('container')} {row['name']}"
                 for row in read(store, table)}  # fmt: skip
    return told | {f"{row['site']} {row['field']} {row['value']}": row["name"]
                   for row in read(store, "term")}  # fmt: skip


def in_names(store: Store, table: str) -> Rows:
    """A table's rows with names in the place of native ids."""
    names = names_of(store)
    rows = []
    for row in read(store, table):
        site = row.get("site") or str(row.get("entity_id")).partition("#")[0]
        shown = {}
        for column, value in row.items():
            field = row.get("field") if column == "value" else column
            word = names.get(f"{site} {field} {value}")
            shown[column] = word or names.get(str(value), value)
            if (table, column) in NATIVE:
                del shown[column]
        if table == "person" and not row["active"]:
            del shown["login"]  # one that is closed hides its e-mail address: its id stands in
        if table == "milestone" and "/versions/" in row["url"]:
            shown["url"] = row["url"].rpartition("/")[0]  # ends with the version's id
        rows.append(tuple(shown.items()))
    return rows
