"""The resources report: who has more work than hours, what hangs on one person, what nobody has."""

from pmo_sync.reports.resources.build import build
from pmo_sync.reports.resources.view import ResourcesReport

__all__ = ["ResourcesReport", "build"]
