"""The stages joined: the only package that sees all of them. Clocks are read by the caller."""

from pmo_sync.pipeline.asking import item_columns, items, rollup, row_text
from pmo_sync.pipeline.beginning import First, Wanted, first_config
from pmo_sync.pipeline.forecasting import forecast
from pmo_sync.pipeline.keeping import store_export, store_import, store_info
from pmo_sync.pipeline.publishing import Published, publish
from pmo_sync.pipeline.reporting import FORMATS, Written, known_reports, reading, report, reports
from pmo_sync.pipeline.syncing import Synced, check, connector, sync, sync_sources

__all__ = [
    "FORMATS", "First", "Published", "Synced", "Wanted", "Written", "check", "connector",
    "first_config", "forecast", "item_columns", "items", "known_reports", "publish", "reading",
    "report", "reports", "rollup", "row_text", "store_export", "store_import", "store_info", "sync",
    "sync_sources",
]  # fmt: skip
