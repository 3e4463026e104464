"""What an item's mapped fields and labels say of it as a risk, on the policy's scale."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables, distinct, records
from pmo_sync.model import RISK_FIELDS
from pmo_sync.policy import RiskPolicy, risk_level, told_by_labels

SCALED = ("probability", "impact")
RISK_COLUMNS = (*RISK_FIELDS, *(f"{name}_said" for name in SCALED), "score")
"""What is told of an item as a risk."""
_TEXTS = tuple(name for name in RISK_FIELDS if name not in SCALED)


def risk_attributes(tables: Tables, active: Frame, policy: RiskPolicy) -> Frame:
    """Return one row an item of which anything is said: item_id; probability and impact (1 to 5,
    null where not assessed) with probability_said and impact_said, the words; score, their
    product; response, risk_owner (a name, or a person's id), proximity.

    ``active`` is the history that holds. A field of the tracker goes before a label; of several
    labels the highest level, or else the last in the alphabet, counts.
    """
    said = tables.hold(nw.concat([_of_fields(active), _of_labels(tables, active, policy)]))
    spread = _with_levels(tables, said, policy).select(
        "item_id",
        *(
            nw.when((nw.col("field") == name) & (nw.col("rank") == rank))
            .then(nw.col(column)).alias(f"{name}_{column}_{rank}")
            for name, column in _columns() for rank in (0, 1)
        ),
    )  # fmt: skip
    names = [f"{name}_{column}_{rank}" for name, column in _columns() for rank in (0, 1)]
    one = spread.group_by("item_id").agg(*(nw.col(name).max() for name in names))
    return one.select(
        "item_id",
        *(_first(f"{name}_level").alias(name) for name in SCALED),
        *(_first(f"{name}_value").alias(f"{name}_said") for name in SCALED),
        *(_first(f"{name}_value").alias(name) for name in _TEXTS),
    ).with_columns((nw.col("probability") * nw.col("impact")).alias("score"))


def _columns() -> Sequence[tuple[str, str]]:
    return [
        *((name, "value") for name in RISK_FIELDS),
        *((name, "level") for name in SCALED),
    ]


def _first(column: str) -> nw.Expr:
    field = nw.col(f"{column}_0")
    return nw.when(field.is_null()).then(nw.col(f"{column}_1")).otherwise(field)


def _of_fields(active: Frame) -> Frame:
    return active.filter(
        nw.col("field").is_in(list(RISK_FIELDS)), ~nw.col("value").is_null()
    ).select(
        nw.col("entity_id").alias("item_id"), "field", "value", nw.lit(0).alias("rank")
    )  # fmt: skip


def _of_labels(tables: Tables, active: Frame, policy: RiskPolicy) -> Frame:
    labels = active.filter(nw.col("field") == "label").select(
        nw.col("entity_id").alias("item_id"), nw.col("value").alias("label")
    )
    words = sorted(row["label"] for row in records(distinct(labels, "label")))
    told = tables.rows(
        dict.fromkeys(("label", "field", "value"), "str"), told_by_labels(words, policy)
    )
    return labels.join(told, on="label", how="inner").select(
        "item_id", "field", "value", nw.lit(1).alias("rank")
    )


def _with_levels(tables: Tables, said: Frame, policy: RiskPolicy) -> Frame:
    words = records(said.filter(nw.col("field").is_in(list(SCALED))).select("value").unique())
    known = ((row["value"], risk_level(row["value"], policy)) for row in words)
    levels = tables.rows(
        {"value": "str", "level": "float64"},
        sorted((word, float(level)) for word, level in known if level),
    )
    return said.join(levels, on="value", how="left").with_columns(
        nw.col("level").cast(nw.Float64())
    )
