"""The portfolio status report: ``page.py`` is what it says, ``build.py`` how that is found."""

from pmo_sync.reports.status.build import build
from pmo_sync.reports.status.page import StatusReport
from pmo_sync.reports.status.program_view import ProgramStatus
from pmo_sync.reports.status.view import ProjectStatus, Target

__all__ = ["ProgramStatus", "ProjectStatus", "StatusReport", "Target", "build"]
