"""Several processes behind one listening socket, each with an authority of its own.

They share nothing but the data directory: what one commits the others learn from the changes feed
before their next request. uvicorn's supervisor starts them anew should they die or hang.
"""

import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from sekisho.app.assemble import assemble, outside_of
from sekisho.app.server import BACKLOG, configure
from sekisho.app.settings import Settings

START_SECONDS = 30
HANG_SECONDS = 30


class WorkerConfig(uvicorn.Config):
    """What travels to a worker is the settings alone; the authority is put together over there."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            app="",
            workers=settings.workers,
            timeout_worker_healthcheck=HANG_SECONDS,
            log_config=None,
        )
        self._settings = settings

    def __reduce__(self) -> tuple[Any, ...]:
        return configure_worker, (self._settings,)


class Workers(Multiprocess):
    """The supervisor; it says when all workers accept connections."""

    def __init__(
        self, settings: Settings, listener: socket.socket, ready: Callable[[], None]
    ) -> None:
        super().__init__(WorkerConfig(settings), [listener])
        self._ready = ready
        self.started = False

    def init_processes(self) -> None:
        super().init_processes()
        self.started = all(
            process.wait_until_ready(START_SECONDS, self.should_exit) for process in self.processes
        )
        if self.started:
            self._ready()
        else:
            self.should_exit.set()


def configure_worker(settings: Settings) -> uvicorn.Config:
    return configure(settings, assemble(settings.data, outside=outside_of(settings)))


def run_workers(settings: Settings, ready: Callable[[str], None]) -> bool:
    """Serve with `settings.workers` processes until SIGTERM or SIGINT.

    ready: called once with the URL, when all accept connections. Raises OSError if the address
    cannot be listened on. False if a worker did not start.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.create_server(
        (settings.host, settings.port), family=family, backlog=BACKLOG
    ) as listener:
        url = settings.url_at(listener.getsockname()[1])
        workers = Workers(settings, listener, lambda: ready(url))
        workers.run()
    return workers.started
