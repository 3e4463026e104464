"""The store's tables as lazy Narwhals frames, and the one frame that every rollup starts from.

``tables.py`` chooses the engine, ``states.py`` replays each item's states, ``items.py`` is
``items_at``: all items as they were at an instant. Times in frames are naive UTC.
"""

from pmo_sync.frames.items import COLUMNS, Portrait, items_at, members_at
from pmo_sync.frames.tables import Tables, from_frames, from_store

__all__ = ["COLUMNS", "Portrait", "Tables", "from_frames", "from_store", "items_at", "members_at"]
