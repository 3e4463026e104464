"""The stages joined: the only package that sees all of them. Clocks are read by the caller."""

from pmo_sync.pipeline.asking import first_items, item_columns, items, rollup, row_text
from pmo_sync.pipeline.baselining import baselines, remove_baseline, set_baseline
from pmo_sync.pipeline.baselining import told as baseline_rows
from pmo_sync.pipeline.beginning import First, Wanted, first_config
from pmo_sync.pipeline.keeping import store_export, store_import, store_info
from pmo_sync.pipeline.publishing import Published, publish
from pmo_sync.pipeline.reporting import FORMATS, Written, known_reports, reading, report, reports
from pmo_sync.pipeline.syncing import Synced, check, connector, sync, sync_sources

__all__ = [
    "FORMATS",
    "First",
    "Published",
    "Synced",
    "Wanted",
    "Written",
    "baseline_rows",
    "baselines",
    "check",
    "connector",
    "first_config",
    "first_items",
    "item_columns",
    "items",
    "known_reports",
    "publish",
    "reading",
    "remove_baseline",
    "report",
    "reports",
    "rollup",
    "row_text",
    "set_baseline",
    "store_export",
    "store_import",
    "store_info",
    "sync",
    "sync_sources",
]  # fmt: skip
