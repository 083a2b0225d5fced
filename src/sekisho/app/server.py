"""The HTTP server under the application: uvicorn, started, announced and ended."""

import contextlib
import functools
import resource
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn

from sekisho.app.application import answering_at_once, application, begin_threads
from sekisho.app.protocol import BoundedProtocol
from sekisho.app.settings import Settings
from sekisho.gate.authority import Authority

KEEP_ALIVE_SECONDS = 75
DRAIN_SECONDS = 20
CONNECTIONS = 2048
FILES_BESIDE = 256
BACKLOG = 1024


class Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready; a signal to end is its expected end."""

    def __init__(
        self, config: uvicorn.Config, settings: Settings, ready: Callable[[str], None]
    ) -> None:
        super().__init__(config)
        self._settings = settings
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(self._settings.url_at(self.servers[0].sockets[0].getsockname()[1]))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Like the base class, but without raising the signal again, so that the exit code is 0."""
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def configure(settings: Settings, authority: Authority) -> uvicorn.Config:
    threads = begin_threads()
    return uvicorn.Config(
        application(authority, threads),
        host=settings.host,
        port=settings.port,
        http=functools.partial(  # type: ignore[arg-type]
            BoundedProtocol,
            answer_at_once=answering_at_once(authority, threads),
            trusted_proxies=settings.trusted_proxies,
        ),
        loop="uvloop",
        ws="none",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        log_level="error",  # what clients do wrong is theirs to know
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=most_connections() + 1,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.private_key,
    )


def most_connections() -> int:
    """As many as this process may hold open beside its files; it asks for all that it may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # not everywhere may it be without end
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    return max(1, min(CONNECTIONS, soft - FILES_BESIDE))


def run(settings: Settings, authority: Authority, ready: Callable[[str], None]) -> bool:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    ready: called once with the URL, when connections are accepted. False if it could not listen.
    """
    server = Server(configure(settings, authority), settings, ready)
    with contextlib.suppress(SystemExit):  # uvicorn's way of saying that it cannot listen
        server.run()
    return server.started
