"""The web server: gunicorn's threads, with a watch on slow senders.

Gunicorn lets a client take as long as it likes over its headers and its body once the first byte is there. The watch
closes the socket of a request that has not been read whole in time; an application says that it has by calling
`environ["civicbot.request_read"]`.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

REQUEST_READ_SECONDS = 9.0
LOOK_EVERY_SECONDS = 0.5
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Watch:
    """Which sockets are still being read from, and since when."""

    def __init__(self, seconds: float = REQUEST_READ_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._reading: dict[int, tuple[float, socket.socket]] = {}

    def begin(self, sock: socket.socket) -> int:
        key = id(sock)
        with self._lock:
            self._reading[key] = (time.monotonic() + self._seconds, sock)
        return key

    def end(self, key: int) -> None:
        with self._lock:
            self._reading.pop(key, None)

    def cut_the_slow(self) -> int:
        """Shuts down the sockets whose time is up; whoever reads from one gets nothing more. Returns how many."""
        now = time.monotonic()
        with self._lock:
            late = [key for key, (deadline, _) in self._reading.items() if deadline < now]
            sockets = [self._reading.pop(key)[1] for key in late]
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        return len(sockets)

    def keep(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            self.cut_the_slow()


class WatchedThreadWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker with the watch beside it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        super().__init__(*arguments, **options)
        self._watch = Watch()
        self._local = threading.local()

    def init_process(self) -> None:
        threading.Thread(target=self._watch.keep, name="slow-sender-watch", daemon=True).start()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: Wsgi = self._marking(self.wsgi)

    def _marking(self, wsgi: Wsgi) -> Wsgi:
        def marked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
            key = getattr(self._local, "key", None)
            if key is not None:
                has_body = environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ
                if has_body:
                    environ["civicbot.request_read"] = lambda: self._watch.end(key)
                else:
                    self._watch.end(key)
            return wsgi(environ, start_response)

        return marked

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - gunicorn's own signature
        key = self._watch.begin(conn.sock)
        self._local.key = key
        try:
            return super().handle(conn)
        finally:
            self._watch.end(key)
            self._local.key = None


class Server(BaseApplication):  # type: ignore[misc]
    """One web process with threads: what SQLite wants, and what the embedded default runs."""

    def __init__(self, make_app: Callable[[], Wsgi], *, bind: str, threads: int, workers: int = 1) -> None:
        self._make_app = make_app
        self._options = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "bot.web.server.WatchedThreadWorker",
            "graceful_timeout": 20,
            "timeout": 60,
            "keepalive": 5,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "limit_request_line": 4094,
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Wsgi:
        return self._make_app()

    def serve(self) -> None:
        """Runs until told to stop."""
        self.run()
