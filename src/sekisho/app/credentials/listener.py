"""The agent's socket: on loopback alone, a few connections at a time, a request to each."""

import contextlib
import socket
import socketserver
import threading
import time
from http import HTTPStatus

from sekisho.app.credentials.answers import (
    LONGEST_HEAD,
    Agent,
    AgentRequest,
    Answer,
    BadRequest,
    read_request,
)

LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 32
PATIENCE_SECONDS = 5.0
END = b"\r\n\r\n"


class Listener(socketserver.ThreadingTCPServer):
    """Listens from the start; `agent` must be set before it serves."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    agent: Agent

    def __init__(self, port: int) -> None:
        super().__init__((LOOPBACK, port), Connection)
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)

    @property
    def port(self) -> int:
        port: int = self.server_address[1]
        return port

    def process_request(self, request: object, client_address: object) -> None:
        """Turn a connection away while there are too many."""
        assert isinstance(request, socket.socket)
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that breaks is the client's affair."""


class Connection(socketserver.BaseRequestHandler):
    request: socket.socket
    server: Listener

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            request = self._read()
            if request is None:
                answer = Answer(HTTPStatus.BAD_REQUEST)
            else:
                answer = self.server.agent.answer(request, time.time())
            self.request.sendall(answer.as_bytes())

    def _read(self) -> AgentRequest | None:
        """None for what is no request. The whole head must be there within five seconds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        head = b""
        while END not in head:
            left = deadline - time.monotonic()
            if left <= 0 or len(head) > LONGEST_HEAD:
                return None
            self.request.settimeout(left)
            piece = self.request.recv(LONGEST_HEAD + 1 - len(head))
            if not piece:
                return None
            head += piece
        self.request.settimeout(PATIENCE_SECONDS)
        try:
            return read_request(head[: head.index(END)])
        except BadRequest:
            return None
