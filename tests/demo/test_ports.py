"""The ports of a demo."""

from __future__ import annotations

import socket

import pytest

from pmo_sync.demo import ports
from pmo_sync.errors import PmoSyncError


def test_each_tracker_gets_a_port_of_its_own_that_no_connection_is_given() -> None:
    found = ports.lasting_ports()
    assert set(found) == {"jira", "github", "jira_dc"} and len(set(found.values())) == 3
    for port in found.values():
        with socket.create_server(("127.0.0.1", port)):
            assert port < 32_768


def test_ports_in_use_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(ports, "LASTING", range(port, port + 1))
        monkeypatch.setattr(ports, "TRIES", 1)
        with pytest.raises(PmoSyncError, match="no free ports"):
            ports.lasting_ports()
