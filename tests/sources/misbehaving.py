"""Servers on loopback that misbehave as they are told: HTTP by script, and a real SFTP server."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Script:
    """What a server answers, one request after the other (the last one again and again), and what it was asked.

    Attributes:
        answers: By path.
        asked: Path and headers of every request.
        address: Where it listens.
    """

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def headers(self, name: str) -> list[str | None]:
        return [headers.get(name) for _, headers in self.asked]


def reply(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Answer whole and well. Underscores in header names are hyphens."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        start(request, status, {"Content-Length": str(len(body)), **_hyphened(headers)})
        request.wfile.write(body)

    return answer


def cut(body: bytes, length: int, status: int = 200, **headers: str) -> Answer:
    """Promise more than is sent, and hang up."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        start(request, status, {"Content-Length": str(length), **_hyphened(headers)})
        request.wfile.write(body)

    return answer


def chunked(body: bytes, is_whole: bool, **headers: str) -> Answer:
    """Send in chunks, with or without the end."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        start(request, 200, {"Transfer-Encoding": "chunked", **_hyphened(headers)})
        request.wfile.write(b"%x\r\n%b\r\n" % (len(body), body) + (b"0\r\n\r\n" if is_whole else b""))

    return answer


def endless(block: bytes) -> Answer:
    """Send for as long as somebody listens."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        start(request, 200, {"Content-Type": "text/csv"})
        try:
            while True:
                request.wfile.write(block)
        except OSError:
            pass

    return answer


def start(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Connection", "close")
    request.end_headers()


def _hyphened(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + plain)
    return file


@contextmanager
def http_server(certificate: Path | None = None) -> Iterator[Script]:
    """A server on a free port that follows a script; 404 for what the script does not mention.

    Args:
        certificate: Speak TLS with it; the file holds its key too.
    """
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            script.asked.append((self.path, dict(self.headers)))
            answers = script.answers.get(self.path, [reply(404)])
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)
            self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            """Say nothing: clients hang up, which is what they are tested for."""

    server = Server(("127.0.0.1", 0), Handler)
    script.address = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class SftpServer:
    """A running SFTP server.

    Attributes:
        root: What a login sees as ``/``.
        port: Where it listens.
        host_key: Its public key, as a connection's ``host_key`` holds it.
        client_key: The private key that lets ``arshjul`` in, in OpenSSH's form.
        on_read: Called with a file's path each time a block of it is read.
    """

    root: Path
    port: int
    host_key: str
    client_key: str
    on_read: list[Callable[[Path], None]]


@contextmanager
def sftp_server(root: Path) -> Iterator[SftpServer]:
    """A real SFTP server on a free port, that lets ``arshjul`` in with one key."""
    host, client = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    hooks: list[Callable[[Path], None]] = []

    class Server(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(root).encode())

        def read(self, file_obj: Any, offset: int, size: int) -> bytes:
            for hook in hooks:
                hook(Path(file_obj.name.decode()))
            return super().read(file_obj, offset, size)

    loop, started = asyncio.new_event_loop(), threading.Event()
    listening: list[Any] = []
    connections: list[Any] = []

    class Login(asyncssh.SSHServer):
        def connection_made(self, conn: Any) -> None:
            connections.append(conn)

    async def listen() -> None:
        allowed = asyncssh.import_authorized_keys(client.export_public_key().decode())
        listening.append(
            await asyncssh.listen(
                "127.0.0.1",
                0,
                server_factory=Login,
                server_host_keys=[host],
                authorized_client_keys=allowed,
                sftp_factory=Server,
            )
        )
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(listen())
        loop.run_forever()

    async def stop() -> None:
        for one in (*listening, *connections):
            one.close()
            await one.wait_closed()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(30)
        public = host.export_public_key().decode().strip()
        yield SftpServer(root, listening[0].get_port(), public, client.export_private_key().decode(), hooks)
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
