"""View-models in, bytes out: HTML for people, JSON and CSV for machines, tables for terminals."""
