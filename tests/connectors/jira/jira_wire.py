"""What the tests of the Jira connector send and receive: payload builders and a scripted server."""

from __future__ import annotations

import json
import socketserver
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.jira import JiraClient, Patience
from pmo_sync.connectors.jira.issue import ParsedIssue
from pmo_sync.connectors.jira.mapping import Mapped, map_issue
from pmo_sync.connectors.jira.prepared import prepared
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.site import SiteContext, person
from pmo_sync.model import Person

EMAIL = "reader@example.com"
TOKEN = "a-token-nobody-may-see"
HASTE = Patience(connect=2.0, read=2.0, attempts=4, connections=2, backoff=0.001, bearable=60)

Json = dict[str, Any]
Running = TypeVar("Running", bound=socketserver.BaseServer)


@dataclass
class Said:
    """A Progress that keeps what it was told."""

    steps: list[tuple[str, int]] = field(default_factory=list)
    waits: list[tuple[float, str]] = field(default_factory=list)

    def step(self, source: str, text: str, done: int = 0, total: int | None = None) -> None:
        self.steps.append((text, done))

    def waiting(self, source: str, seconds: float, why: str) -> None:
        self.waits.append((seconds, why))


def source(url: str, **keys: Any) -> Source:
    """A configured source called ``tracker``."""
    login: dict[str, Any] = {"email": EMAIL, "token": Secret("inline", TOKEN)}
    return Source("tracker", "jira", url, **(login | keys))


def client(url: str, said: Said | None = None, **keys: Any) -> JiraClient:
    """A client in haste, which knows that it asks a Cloud site."""
    made = JiraClient(source(url, **keys), said or Said(), HASTE)
    made.expect("Cloud")
    return made


def read_by(raw: bytes | msgspec.Raw, context: SiteContext) -> ParsedIssue:
    """An issue of a site as it is read."""
    return IssueReader(context.fields).parse(raw)


def mapped_by(
    issue: ParsedIssue | bytes | msgspec.Raw,
    context: SiteContext,
    epics: Mapping[str, str] = MappingProxyType({}),
) -> Mapped:
    """An issue of a site, read or not yet, as it is mapped."""
    known = issue if isinstance(issue, ParsedIssue) else read_by(issue, context)
    return map_issue(known, prepared(context), epics)


def persons_of(result: Mapped, site: str) -> list[Person]:
    """The people that an issue names."""
    return [one for user in result.users.values() if (one := person(site, user))]


# A server that answers what it is told, byte by byte.


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def reply(
    body: Any = b"", status: int = 200, *, cut: int = 0, media: str = "application/json",
    **headers: str,
) -> bytes:  # fmt: skip
    """An HTTP answer; ``cut`` bytes of its announced body are missing."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(data)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"Content-Type: {media}", "", ""]
    return "\r\n".join(lines).encode() + data[: len(data) - cut]


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Gives one answer a request; the last one again and again."""

    daemon_threads = True

    def __init__(self, answers: Iterable[bytes], context: ssl.SSLContext | None) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A refused handshake is what a test wants."""


class _Handler(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def handle(self) -> None:
        method, path, _ = self.rfile.readline().decode().split(" ", 2)
        headers = {}
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        self.server.asked.append(Asked(method, path, headers, body))
        answers = self.server.answers
        self.wfile.write(answers.pop(0) if len(answers) > 1 else answers[0])


@contextmanager
def scripted(*answers: bytes, context: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    """Serve the answers for as long as the test asks."""
    with running(ScriptedServer(answers, context)) as server:
        yield server


@contextmanager
def running(server: Running) -> Iterator[Running]:
    """Let a server serve in a thread of its own for as long as the test asks."""
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Payloads.


def user(account: str, name: str | None = None, **more: Any) -> Json:
    """An account as an issue carries it."""
    return {"accountId": account, "displayName": name or account.title(), "active": True} | more


def change(
    field: str, before: str | None, after: str | None, *, names: tuple[str, str] | None = None,
    field_id: str | None = None,
) -> Json:  # fmt: skip
    """One item of a history; ``names`` are the texts beside the ids."""
    old, new = names or (before or "", after or "")
    item = {"field": field, "from": before, "fromString": old, "to": after, "toString": new}
    return item | ({"fieldId": field_id} if field_id else {})


def history(number: int, at: str, *items: Json, by: str = "ada") -> Json:
    """One entry of a changelog."""
    return {"id": str(number), "created": at, "author": user(by), "items": list(items)}


def issue(number: int = 1, key: str = "PAY-1", *histories: Json, **fields: Any) -> Json:
    """An issue of a search, with the fields that every issue has."""
    common = {
        "summary": f"Title of {key}",
        "status": {"id": "1", "name": "Open"},
        "issuetype": {"id": "10", "name": "Story", "hierarchyLevel": 0},
        "project": {"id": "100", "key": key.rpartition("-")[0], "name": "Payments"},
        "created": "2026-01-01T00:00:00.000+0000",
        "updated": "2026-02-01T00:00:00.000+0000",
        "creator": user("ada"),
    }
    log = {"startAt": 0, "total": len(histories), "histories": list(histories)}
    return {"id": str(number), "key": key, "fields": common | fields, "changelog": log}


def encoded(payload: Json) -> bytes:
    """The payload as it comes over the wire."""
    return json.dumps(payload).encode()


def certificate(folder: Path, *names: str) -> Path:
    """Make a certificate for 127.0.0.1, and for names, that nobody has signed but itself, with its
    key."""
    import datetime
    import ipaddress

    import pytest

    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    address = x509.SubjectAlternativeName([here, *(x509.DNSName(one) for one in names)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path
