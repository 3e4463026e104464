"""The risk report: ``view.py`` is what it says, ``build.py`` how that is found."""

from pmo_sync.reports.risk.build import build
from pmo_sync.reports.risk.view import RiskReport, RiskRow

__all__ = ["RiskReport", "RiskRow", "build"]
