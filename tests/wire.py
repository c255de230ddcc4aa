"""A line to a PostgreSQL server that can be cut, at a moment of the test's choice: between the client and the server's
own socket stands a relay.

tests/conftest.py registers this file as a plugin.
"""

import shutil
import socket
import tempfile
import threading
from pathlib import Path

import pytest

NAME = ".s.PGSQL.5432"


class Wire:
    """Relays every connection to the server until it is cut."""

    def __init__(self, server):
        self.folder = Path(tempfile.mkdtemp(prefix="wire-"))  # a socket's path must be short
        self._server = server / NAME
        self._lock = threading.Lock()
        self._pairs, self._swallow, self.swallowed = [], None, 0
        self._listener = None
        self.mend()

    def address(self, database):
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def mend(self):
        """Let connections through again."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / NAME))
        listener.listen()
        self._listener = listener
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def cut(self):
        """End all connections, and let none through."""
        (self.folder / NAME).unlink()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()

    def drop(self):
        """End all connections; new ones get through."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for each in (end for pair in pairs for end in pair):
            _end(each)

    def swallow_answer_to(self, words):
        """Let the next message with `words` reach the server, and cut the connection before its answer comes back."""
        self._swallow = words

    def close(self):
        self.cut()
        shutil.rmtree(self.folder)

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self._server))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._pairs.append((client, server))
            threading.Thread(target=self._up, args=[client, server], daemon=True).start()
            threading.Thread(target=self._down, args=[client, server], daemon=True).start()

    def _up(self, client, server):
        while content := _read(client):
            if self._swallow is not None and self._swallow in content:
                self._swallow = None
                client.shutdown(socket.SHUT_WR)  # from here on, the client gets no answer
                _send(server, content)
                self.swallowed += 1
                return
            if not _send(server, content):
                break
        _end(server)

    def _down(self, client, server):
        while content := _read(server):
            if not _send(client, content):
                break
        _end(client)


def _read(end):
    try:
        return end.recv(65536)
    except OSError:
        return b""


def _send(end, content):
    """Whether the other end still takes anything."""
    try:
        end.sendall(content)
    except OSError:
        return False
    return True


def _end(each):
    try:
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    each.close()


@pytest.fixture
def wire(postgres_server):
    """A `Wire` to the server of the tests."""
    made = Wire(postgres_server.socket)
    yield made
    made.close()
