"""Frames in, view-models out: frozen dataclasses that a template or a JSON file shows."""
