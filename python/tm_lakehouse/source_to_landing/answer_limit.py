"""A limit on a whole HTTP answer. A client's time-out is for each wait in it, so one that drips would never end."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tm_lakehouse.source_to_landing.patience import TemporaryError

_CONNECTED = ("connect_tcp.complete", "start_tls.complete")


class AnswerLimit:
    """Watches the one connection of a client that asks one thing at a time, and cuts it when time is up."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self.extensions: dict[str, Any] = {"trace": self._trace}

    @contextmanager
    def of(self, seconds: float) -> Iterator[None]:
        """Let the block's request, with these `extensions`, take no longer.

        Raises:
            TemporaryError: time was up, in the head of the answer or in its body.
        """
        is_up = threading.Event()
        timer = threading.Timer(seconds, self._cut, [is_up])
        timer.daemon = True
        timer.start()
        try:
            yield
        except httpx.TransportError:
            if is_up.is_set():
                raise TemporaryError(f"the answer was not complete within {seconds:g} s") from None
            raise
        finally:
            timer.cancel()
            timer.join()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            self._socket = info["return_value"].get_extra_info("socket")

    def _cut(self, is_up: threading.Event) -> None:
        is_up.set()
        if self._socket is not None:
            # Not SSLSocket's own, which would change the object under the reader.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
