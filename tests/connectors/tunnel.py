"""A proxy that tunnels (CONNECT), and a simulated tracker that is served over TLS behind it."""

from __future__ import annotations

import select
import socket
import socketserver
import ssl
from collections.abc import Mapping
from pathlib import Path

from pmo_sync.demo.http import LoopbackServer

A_PIECE = 1 << 16
REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


class Proxy(socketserver.ThreadingTCPServer):
    """Leads names that no DNS knows to ports of this machine; ``asked`` is what came before each
    tunnel, ``carried`` all that clients sent through them."""

    daemon_threads = True

    def __init__(self, ports: Mapping[str, int], *, refusing: bool = False) -> None:
        self.ports, self.refusing = ports, refusing
        self.asked: list[bytes] = []
        self.carried: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Tunnel)

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Tunnel(socketserver.BaseRequestHandler):
    server: Proxy
    request: socket.socket

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (piece := self.request.recv(A_PIECE)):
            head += piece
        self.server.asked.append(head)
        method, target, *_ = head.decode("latin-1").split(" ", 2)
        port = self.server.ports.get(target.partition(":")[0])
        if method != "CONNECT" or port is None or self.server.refusing:
            self.request.sendall(REFUSED)
            return
        with socket.create_connection(("127.0.0.1", port)) as tracker:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._carry(tracker)

    def _carry(self, tracker: socket.socket) -> None:
        """Pass on what either side sends, until one hangs up."""
        other = {self.request: tracker, tracker: self.request}
        while True:
            for side in select.select(list(other), [], [])[0]:
                try:
                    piece = side.recv(A_PIECE)
                    if side is self.request:
                        self.server.carried.append(piece)
                    other[side].sendall(piece)
                except ConnectionError:
                    return
                if not piece:
                    return


def over_tls(server: LoopbackServer, certificate: Path) -> int:
    """Let a simulated tracker that is not started yet speak TLS; return its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = server._listener
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    return int(listener.server_address[1])
