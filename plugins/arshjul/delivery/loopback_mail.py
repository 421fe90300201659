"""A mail server for demo and tests: listens on 127.0.0.1 only, and keeps each message as a file.

``python -m arshjul.delivery.loopback_mail --folder DIR [--port 10025]``

As a real mail system that recognises a Message-ID does, it takes a second copy of a message and drops it.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import signal
import threading
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
_LARGEST_MESSAGE = 64 * 1024 * 1024


class LoopbackMail:
    """The server, in a thread of its own; use it in a ``with``.

    Args:
        folder: Where messages are kept, one ``.eml`` each, named by the hash of its Message-ID.
        port: Port on loopback; 0 takes a free one.

    Attributes:
        port: The port it listens on, once started.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback-mail", daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> LoopbackMail:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(timeout=10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def messages(self) -> list[Path]:
        """Give the messages kept so far."""
        return sorted(self.folder.glob("*.eml"))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 - aiosmtpd's name
        """Keep one message, unless one with its Message-ID is kept already."""
        content: bytes = envelope.content
        message_id = message_from_bytes(content, policy=default)["Message-ID"]
        name = hashlib.sha256(str(message_id).encode() if message_id else content).hexdigest()
        kept = self.folder / f"{name}.eml"
        if not kept.exists():
            draft = kept.with_suffix(".draft")
            draft.write_bytes(content)
            draft.replace(kept)
        return "250 OK"

    async def _listen(self) -> asyncio.Server:
        from aiosmtpd.smtp import SMTP

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = SMTP(self, data_size_limit=_LARGEST_MESSAGE, hostname="loopback.example")
            return made

        return await self._loop.create_server(protocol, HOST, self.port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def main(arguments: list[str] | None = None) -> None:
    """Run the server until it is told to stop."""
    parser = argparse.ArgumentParser(description="Mail server on 127.0.0.1 that keeps messages as files.")
    parser.add_argument("--folder", type=Path, required=True, help="where messages are kept")
    parser.add_argument("--port", type=int, default=10025, help="port on loopback (10025)")
    given = parser.parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with LoopbackMail(given.folder, given.port):
        stopped.wait()


if __name__ == "__main__":
    main()
