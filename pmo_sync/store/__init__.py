"""The store: a folder with immutable snapshots for readers and a working folder a source.

``store.py`` is the door; ``staging.py`` takes batches, ``merge.py`` turns complete syncs into the
next snapshot, ``snapshots.py`` publishes it, ``archive.py`` exports and restores.
``receipts.py`` keeps what was published where.
"""

from pmo_sync.store.receipts import Receipt, Receipts
from pmo_sync.store.store import RunResult, SourceRun, Store

__all__ = ["Receipt", "Receipts", "RunResult", "SourceRun", "Store"]
