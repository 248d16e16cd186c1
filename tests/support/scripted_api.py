"""A real HTTP server on 127.0.0.1 that answers each request with the next of its script, well or badly."""

import contextlib
import gzip
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

Behaviour = Callable[["Handler"], None]


@dataclass(frozen=True)
class Request:
    """One request that came in."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


class ScriptedApi:
    """Answers with `script`, one behaviour a request; a request beyond it is answered 500 and counted too."""

    def __init__(self) -> None:
        self.script: list[Behaviour] = []
        self.requests: list[Request] = []
        self.has_ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.api = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.has_ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    api: ScriptedApi

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients leave misbehaving servers; that is no news."""


class Handler(BaseHTTPRequestHandler):
    """Keeps connections open, as servers do, unless a behaviour ends them."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        api, address = self.server.api, urlsplit(self.path)
        api.requests.append(Request(address.path, dict(parse_qsl(address.query)), dict(self.headers)))
        (api.script.pop(0) if api.script else answer("beyond the script", 500))(self)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Quiet."""

    def raw(self, *pieces: bytes) -> None:
        """Write these bytes as they are, and end the connection."""
        self.close_connection = True
        for piece in pieces:
            self.wfile.write(piece)


def answer(body: str | bytes = "[]", status: int = 200, reason: str | None = None, **headers: str) -> Behaviour:
    """A well-formed answer; `Retry_After` as a keyword is the header Retry-After."""
    content = body.encode() if isinstance(body, str) else body

    def behave(handler: Handler) -> None:
        handler.send_response(status, reason)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return behave


def zipped(body: str, *, keep: int | None = None, spoil: bool = False) -> Behaviour:
    """A gzip answer; `keep` cuts its data, `spoil` breaks them."""
    packed = gzip.compress(body.encode())[:keep]
    if spoil:
        packed = packed[:12] + bytes(byte ^ 0x55 for byte in packed[12:20]) + packed[20:]
    return answer(packed, Content_Encoding="gzip")


def cut(body: str, missing: int = 10) -> Behaviour:
    """Content-Length tells more than comes."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body.encode()) + missing}\r\n\r\n"
    return lambda handler: handler.raw(head.encode(), body.encode())


def chunked(pieces: Sequence[str], *, is_ended: bool) -> Behaviour:
    """A chunked answer, with or without the chunk that ends it."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = [f"{len(piece.encode()):x}\r\n{piece}\r\n".encode() for piece in pieces]
    return lambda handler: handler.raw(head, *chunks, b"0\r\n\r\n" if is_ended else b"")


def until_closed(body: str) -> Behaviour:
    """As HTTP/1.0 does: the end of the connection is the end of the answer, whole or not."""
    return lambda handler: handler.raw(b"HTTP/1.0 200 OK\r\n\r\n", body.encode())


def reset(handler: Handler) -> None:
    """The connection is reset without a byte."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def silent(handler: Handler) -> None:
    """Never says a byte, and keeps the connection."""
    handler.close_connection = True
    handler.server.api.has_ended.wait(30)


def dripping(begun: str, drop: bytes = b" ", seconds: float = 0.05) -> Behaviour:
    """`begun`, and then one drop after the other, each well within a time-out."""

    def behave(handler: Handler) -> None:
        handler.raw(begun.encode())
        with contextlib.suppress(OSError):
            while not handler.server.api.has_ended.wait(seconds):
                handler.wfile.write(drop)

    return behave


DRIPPING_HEAD = dripping("HTTP/1.1 200 OK\r\nX-Padding: ", b"x")
DRIPPING_BODY = dripping("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[")
