"""Health: five dimensions judged by a table of thresholds, and what follows for the whole."""
