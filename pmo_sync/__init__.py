"""Portfolio reports from the trackers that teams already use."""

__version__ = "0.1.0"
