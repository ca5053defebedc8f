"""Misbehaviours of servers and proxies as data, for ``fault_server.serving``."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from types import MappingProxyType

from .fault_server import Ending, Reading, Script

TINY = b'{"object":"list","data":[{"id":"m-1"}]}'


def head(status: str = "200 OK", *headers: str, kind: str = "application/json") -> bytes:
    """A status line and headers, with the blank line after them."""
    return "\r\n".join((f"HTTP/1.1 {status}", f"content-type: {kind}", *headers, "", "")).encode("latin-1")


def sized(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """A whole response with its Content-Length."""
    return head(status, f"content-length: {len(body)}", *headers, kind=kind) + body


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(text: str) -> bytes:
    """One event of an OpenAI chat stream, as a chunk."""
    piece = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return chunk(b"data: " + json.dumps(piece).encode() + b"\n\n")


def bomb(size: int) -> bytes:
    """gzip data that becomes this many zeros."""
    return gzip.compress(bytes(size), mtime=0)


CHUNKED = head("200 OK", "transfer-encoding: chunked")
STREAM = head("200 OK", "transfer-encoding: chunked", kind="text/event-stream")
_UNFRAMED = head("200 OK", "connection: close")
_GZIP = "content-encoding: gzip"
_PACKED = gzip.compress(TINY, mtime=0)
_RAW_DEFLATE = zlib.compressobj(wbits=-15)
_FLATTENED = _RAW_DEFLATE.compress(TINY) + _RAW_DEFLATE.flush()

SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        # as it should be
        "healthy": Script((sized(TINY),), Ending.NEXT),
        "closed-after": Script((sized(TINY),)),
        "until-close": Script((_UNFRAMED + TINY,)),
        "stream": Script(
            (STREAM, event("Hel"), event("lo"), chunk(b"data: [DONE]\n\n") + chunk(b"")), Ending.NEXT, 0.01
        ),
        "dripping-but-whole": Script(tuple(bytes([byte]) for byte in sized(b"{}")), Ending.NEXT, 0.001),
        "early-hints": Script((b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + sized(TINY),), Ending.NEXT),
        "answers-early": Script(
            (sized(b"{}", "connection: close", status="413 Too Large"),), Ending.HANG, reads=Reading.NOTHING
        ),
        # the connection
        "never-answers": Script((), Ending.HANG),
        "never-reads": Script((), Ending.HANG, reads=Reading.NOTHING),
        "reset-on-accept": Script((), Ending.RESET, reads=Reading.NOTHING),
        "reset": Script((), Ending.RESET),
        "closed-on-accept": Script(reads=Reading.NOTHING),
        "empty-reply": Script(),
        # the head
        "header-drip": Script((b"HTTP/1.1 200 OK\r\n", b"x-drip: 1\r\n"), pause=0.05, endless=True),
        "header-stall": Script((b"HTTP/1.1 200 OK\r\nx-one: 1\r\n",), Ending.HANG),
        "header-cut": Script((b"HTTP/1.1 200 OK\r\nx-one: 1\r\n",)),
        "header-reset": Script((b"HTTP/1.1 200 OK\r\nx-one: 1\r\n",), Ending.RESET, 0.05),
        "header-200k": Script((b"HTTP/1.1 200 OK\r\nx-long: " + b"a" * 200_000 + b"\r\n\r\n{}",), Ending.HANG),
        "header-bad-line": Script((b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",), Ending.HANG),
        "header-endless-hints": Script((b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100,), endless=True),
        "banner-ssh": Script((b"SSH-2.0-OpenSSH_9.6\r\n",), Ending.HANG, reads=Reading.NOTHING),
        "banner-short": Script((b"+OK",), Ending.HANG, reads=Reading.NOTHING),
        "http2-frames": Script((b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",), Ending.HANG),
        "tls-alert": Script((b"\x15\x03\x01\x00\x02\x02\x16",), Ending.HANG, reads=Reading.NOTHING),
        "lengths-conflict": Script((head("200 OK", "content-length: 2", "content-length: 3") + b"{}",), Ending.HANG),
        "length-not-a-number": Script((head("200 OK", "content-length: many") + b"{}",), Ending.HANG),
        # the body
        "body-drip": Script((CHUNKED, chunk(b" ")), pause=0.02, endless=True),
        "body-stall": Script((CHUNKED + chunk(b'{"half":'),), Ending.HANG),
        "stream-stall": Script((STREAM + event("Hel"),), Ending.HANG),
        "length-short": Script((head("200 OK", "content-length: 500") + b'{"half":',)),
        "chunked-cut": Script((CHUNKED + chunk(b'{"half":'),)),
        "chunk-cut": Script((CHUNKED + b"20\r\nhalf a chunk",)),
        "stream-cut": Script((STREAM + event("Hel"),)),
        "body-reset": Script((CHUNKED + chunk(b'{"half":'),), Ending.RESET, 0.05),
        "chunk-size-bad": Script((CHUNKED + chunk(b'{"half":') + b"zz\r\n{}\r\n",), Ending.HANG),
        "body-endless": Script((_UNFRAMED, b"a" * 65536), endless=True),
        "error-body-endless": Script((head("500 Oops") + b"<html>", b"a" * 65536), endless=True),
        "body-of-tiny-chunks": Script((CHUNKED, chunk(b"a") * 10_000), endless=True),
        "error-cut": Script((head("503 Busy", "content-length: 500") + b'{"error":',)),
        # encodings nobody asked for
        "gzip": Script((sized(_PACKED, _GZIP),), Ending.NEXT),
        "deflate": Script((sized(zlib.compress(TINY), "content-encoding: deflate"),), Ending.NEXT),
        "deflate-raw": Script((sized(_FLATTENED, "content-encoding: deflate"),), Ending.NEXT),
        "gzip-empty": Script((sized(b"", _GZIP),), Ending.NEXT),
        "gzip-bomb": Script((sized(bomb(64 * 1024 * 1024), _GZIP),), Ending.NEXT),
        "gzip-bomb-error": Script((sized(bomb(1024 * 1024), _GZIP, status="500 Oops"),), Ending.NEXT),
        "gzip-truncated": Script((sized(_PACKED[:-9], _GZIP),), Ending.NEXT),
        "gzip-cut": Script((head("200 OK", _GZIP, "content-length: 500") + _PACKED[:-9],)),
        "gzip-lie": Script((sized(TINY, _GZIP),), Ending.NEXT),
        "gzip-trailing": Script((sized(_PACKED + b"more", _GZIP),), Ending.NEXT),
        "gzip-twice": Script((sized(gzip.compress(_PACKED), "content-encoding: gzip, gzip"),), Ending.NEXT),
        "gzip-two-headers": Script((sized(gzip.compress(_PACKED), _GZIP, _GZIP),), Ending.NEXT),
        "brotli": Script((sized(b"\x8b\x02\x80{}\x03", "content-encoding: br"),), Ending.NEXT),
        "zstd": Script((sized(b"\x28\xb5\x2f\xfd\x04\x00", "content-encoding: zstd"),), Ending.NEXT),
        # odd but whole
        "charset-bad": Script((sized(TINY, kind="application/json; charset=no-such-thing"),), Ending.NEXT),
        "utf8-bad": Script((sized(b'{"a":"\xff\xfe\xed\xa0\x80"}'),), Ending.NEXT),
        "header-latin1": Script((sized(TINY, "x-name: caf\xe9"),), Ending.NEXT),
        "switching": Script(
            (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",), Ending.HANG
        ),
        "no-content": Script((head("204 No Content"),), Ending.NEXT),
        "status-999": Script((sized(b"{}", status="999 Request Denied"),), Ending.NEXT),
        "no-reason": Script((b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}",), Ending.NEXT),
        "http10": Script((b"HTTP/1.0 200 OK\r\n\r\n{}",)),
        "redirect": Script((sized(b"", "location: https://elsewhere.example/v1", status="307 Moved"),), Ending.NEXT),
        "redirect-malformed": Script(
            (sized(b"", "location: http://[::1:bad\x7f/%", status="302 Found"),), Ending.NEXT
        ),
        "redirect-port": Script((sized(b"", "location: https://x:99999/", status="301 Moved"),), Ending.NEXT),
        "cookie": Script((sized(TINY, "set-cookie: session=abc; Path=/"),), Ending.NEXT),
        # of a TLS server
        "tls-refuses-version": Script((b"\x15\x03\x01\x00\x02\x02\x46",), Ending.HANG, reads=Reading.NOTHING),
        "tls-refuses-handshake": Script((b"\x15\x03\x03\x00\x02\x02\x28",), Ending.HANG, reads=Reading.NOTHING),
        "plain-400": Script((sized(b"bad request", status="400 Bad Request"),), Ending.HANG, reads=Reading.NOTHING),
        # of a proxy, asked for a tunnel
        "proxy-407": Script((sized(b"", 'proxy-authenticate: Basic realm="x"', status="407 Auth"),), Ending.NEXT),
        "proxy-403": Script((sized(b"no", status="403 Forbidden"),), Ending.NEXT),
        "proxy-502": Script((sized(b"<html>", status="502 Bad Gateway"),), Ending.NEXT),
    }
)
"""Behaviours by name. What each must be taken for is written in the tests that use them."""
