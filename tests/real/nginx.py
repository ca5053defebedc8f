"""An nginx of Debian as a gateway's edge: its own configuration, ports and files, stopped by its pid."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONF = """
{user}
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {place}/access.log combined;
  client_body_temp_path {place}/body;
  proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi;
  scgi_temp_path {place}/scgi;
  limit_req_zone $server_port zone=once:1m rate=1r/m;
  proxy_set_header Host $http_host;
{servers}
}}
"""
_SERVER = """
  server {{
    listen 127.0.0.1:{port}{tls};
    {lines}
  }}
"""


def binary() -> str:
    """Where nginx is, "" where it is not installed."""
    return shutil.which("nginx") or (shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or "")


def requests_in(place: Path) -> list[tuple[str, str, int]]:
    """Method, path (a page size in the query is none of it) and status of every request in its log, in order."""
    rows = [line.split('"') for line in (place / "access.log").read_text(encoding="utf-8").splitlines()]
    lines = [(row[1].split(" "), row[2].split()) for row in rows]
    return [(method, target.partition("?")[0], int(status)) for (method, target, *_), (status, *_) in lines]


@contextmanager
def running(place: Path, *servers: tuple[int, str, str]) -> Iterator[None]:
    """nginx with these servers, each (port, ``" ssl"`` or "", lines); ready when all their ports take connections."""
    parts = "".join(_SERVER.format(port=port, tls=tls, lines=lines) for port, tls, lines in servers)
    conf = place / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # so that its workers may read a test's folder
    conf.write_text(_CONF.format(user=user, place=place, servers=parts), encoding="utf-8")
    argv = [binary(), "-p", str(place), "-e", str(place / "error.log"), "-c", str(conf), "-g", "daemon off;"]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL) as process:
        try:
            for port, _, _ in servers:
                _wait_for(process, port, place)
            yield
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(process: subprocess.Popen[bytes], port: int, place: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError((place / "error.log").read_text(encoding="utf-8"))
