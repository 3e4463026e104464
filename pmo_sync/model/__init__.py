"""The normalized records: what every tracker's data becomes.

All times are aware UTC datetimes. Durations are whole seconds. An id that must be unique over
sites is ``<site>#<native id>`` (see ``global_id``); keys, titles and containers are attributes
and may change.
"""

from pmo_sync.model.batch import Batch, Departed, ItemRecord, Marking, Rejected, Sweep
from pmo_sync.model.beside import Baseline, Delivery, PullRecord, PullRequest, StatusUpdate, Worklog
from pmo_sync.model.names import (
    ATTRIBUTE_FIELDS,
    CATEGORIES,
    DECLARED_FIELDS,
    MAPPED_FIELDS,
    NAMED,
    RISK_FIELDS,
    RISK_QUERY,
    SEVERAL_FIELDS,
    SINGLE_FIELDS,
    TARGET_FIELDS,
    Category,
    DeclaredLevel,
    Entity,
    LinkKind,
    Origin,
    global_id,
)
from pmo_sync.model.spent import Spent
from pmo_sync.model.work import (
    HistoryRow,
    Iteration,
    Link,
    Milestone,
    Observation,
    Person,
    Site,
    Term,
    WorkItem,
)

__all__ = [
    "ATTRIBUTE_FIELDS",
    "CATEGORIES",
    "DECLARED_FIELDS",
    "MAPPED_FIELDS",
    "NAMED",
    "RISK_FIELDS",
    "RISK_QUERY",
    "SEVERAL_FIELDS",
    "SINGLE_FIELDS",
    "TARGET_FIELDS",
    "Baseline",
    "Batch",
    "Category",
    "DeclaredLevel",
    "Delivery",
    "Departed",
    "Entity",
    "HistoryRow",
    "ItemRecord",
    "Iteration",
    "Link",
    "LinkKind",
    "Marking",
    "Milestone",
    "Observation",
    "Origin",
    "Person",
    "PullRecord",
    "PullRequest",
    "Rejected",
    "Site",
    "Spent",
    "StatusUpdate",
    "Sweep",
    "Term",
    "WorkItem",
    "Worklog",
    "global_id",
]
