"""The configuration: TOML in, frozen dataclasses out, every problem reported at once."""

from pmo_sync.config.schema import (
    Config,
    Dating,
    Gather,
    MilestoneConfig,
    Note,
    Override,
    PersonConfig,
    Portfolio,
    Program,
    Project,
    Publish,
    Select,
    Source,
    StoreConfig,
    TeamConfig,
    Voice,
)
from pmo_sync.config.secrets import Secret

__all__ = [
    "Config", "Dating", "Gather", "MilestoneConfig", "Note", "Override", "PersonConfig",
    "Portfolio", "Program", "Project", "Publish", "Secret", "Select", "Source", "StoreConfig",
    "TeamConfig", "Voice",
]  # fmt: skip
