"""The JSON Schema of the status report: ``python -m tests.docs.schema`` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from pmo_sync.reports import status
from pmo_sync.reports.status.build import VERSION

PATH = Path(status.__file__).with_name("status.schema.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the schema of ``report status --format json``, of the version that is written."""
    made = msgspec.json.schema(status.StatusReport)
    report = made["$defs"]["StatusReport"]
    report["properties"]["version"] = {"const": VERSION}
    report["properties"]["report"] = {"const": "status"}
    return {"$schema": DIALECT, "title": f"pmo-sync report status, version {VERSION}", **made}


def text() -> str:
    """Return it as it is kept in the repository."""
    return json.dumps(schema(), indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
