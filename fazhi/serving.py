"""``fazhi serve``: the HTTP server, on loopback unless keys protect it."""

from __future__ import annotations

import ipaddress
import multiprocessing
import signal
import socket
import threading
from functools import partial
from importlib import import_module
from typing import Any

from fazhi.errors import Conflict, Forbidden, Invalid, NotFound
from fazhi.settings import Settings

_TRIES = 50
_HEALTH_SECONDS = 60  # that a process may be silent before it is replaced; a busy machine is no reason


def is_loopback(host: str) -> bool:
    """Whether the host can only be reached from this machine. A name counts only if all its addresses do."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except OSError:
        raise Invalid(f"There is no host {host}.", cure="Use 127.0.0.1, or an address of this machine.") from None
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in found)


def check_exposure(settings: Settings) -> None:
    """Raises Forbidden where the server would listen beyond loopback without a key."""
    if settings.api_key is None and not is_loopback(settings.host) and not has_keys(settings):
        raise Forbidden(
            f"Without an API key the server listens on loopback only, not on {settings.host}.",
            cure="Make one with `fazhi keys new`, set FAZHI_API_KEY, or leave --host out.",
        )


def has_keys(settings: Settings) -> bool:
    """Whether somebody has a key of `fazhi keys` that opens."""
    from fazhi import workspace

    try:
        with workspace.open(settings=settings, mode="read") as opened:
            return bool(opened.archive.known_keys().active)
    except NotFound:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Conflict where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it an answer in two packets waits 40 ms for the client's delayed acknowledgement
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise Conflict(f"The server can't listen on {host}:{port}: {error.strerror}.", cure="Choose another port with --port.") from None
    sock.listen(128)
    sock.set_inheritable(True)
    return sock


def find_port(host: str, port: int) -> socket.socket:
    """A listening socket on ``port`` or the next free one. Raises Conflict where none of 50 is free."""
    for candidate in range(port, min(port + _TRIES, 65536)):
        try:
            return listen(host, candidate)
        except Conflict:
            continue
    raise Conflict(f"No port from {port} to {port + _TRIES - 1} is free.", cure="Choose another port with --port.")


def address_of(sock: socket.socket, host: str) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{sock.getsockname()[1]}"


def serve(settings: Settings, sock: socket.socket | None = None) -> None:
    """Serve until stopped, in ``settings.processes`` processes. Raises Forbidden, Conflict."""
    check_exposure(settings)
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from fazhi import workspace
    from fazhi.heads import BoundedHeads

    listening = sock or listen(settings.host, settings.port)
    config = uvicorn.Config(
        partial(_make_app, settings),
        factory=True,
        http=BoundedHeads,
        ws="none",
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
        workers=settings.processes,
        timeout_worker_healthcheck=_HEALTH_SECONDS,
    )
    try:
        workspace.open(settings=settings, mode="read", create=True).close()  # what is wrong with the data folder is told before we say that we serve
        print(f"Serving {settings.home} on {address_of(listening, settings.host)} (Ctrl-C stops)", flush=True)
        if settings.processes == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            Multiprocess(config, sockets=[listening]).run()
    finally:
        listening.close()


def _make_app(settings: Settings) -> Any:
    """The application, by name: it stands above this package, which may not know it. In a process beside others it ends with the one that began them."""
    if parent := multiprocessing.parent_process():

        def follow() -> None:
            parent.join()
            signal.raise_signal(signal.SIGTERM)

        threading.Thread(target=follow, name="fazhi-following", daemon=True).start()
    return import_module("search_api.app").create_app(settings, warm=True)
