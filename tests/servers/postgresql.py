"""Start a real PostgreSQL from the programs of the machine, such as Debian's package ``postgresql``; see ``starting``."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from servers.starting import START_SECONDS, Absent, Server, free_port

MAJOR = 15
"""The oldest version that the archive is tried on; docker-compose.yml names the same."""

USER = "fazhi"
# PostgreSQL has no notion of an owner that it ends with
_WATCH = "while kill -0 {owner} 2>/dev/null && kill -0 {server} 2>/dev/null; do sleep 1; done; kill -INT {server} 2>/dev/null"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # killing the server loses nothing all the same, only a machine that goes down would
    "shared_buffers": "32MB",
    "max_connections": "60",
    "lc_messages": "C",
}


def start_postgresql(folder: Path, *, owner: int, port: int | None, password: str, keys: Path | None = None) -> Server:
    """With ``keys`` (private.key, public.crt) it only takes encrypted connections. Raises Absent where there is no PostgreSQL, RuntimeError where it doesn't come up."""
    programs = find_programs()
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    account = _find_account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
        _let_through(folder)
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    environment = {**os.environ, "LC_ALL": "C", "HOME": str(folder)}
    data = folder / "data"
    log = folder / "server.log"
    if not (data / "PG_VERSION").exists():
        secret = folder / "password"
        secret.write_text(password)
        if account is not None:
            os.chown(secret, account.pw_uid, account.pw_gid)
        # a collation that sorts Chinese by its sound and Latin letters without their case: whoever relies on another order is found out
        command = [programs / "initdb", "-D", data, "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"]
        command += ["--locale-provider=icu", "--icu-locale=zh-u-co-pinyin", "--locale=C.UTF-8"]
        made = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment, cwd=folder, **identity)
        secret.unlink()
        if made.returncode:
            raise RuntimeError(f"PostgreSQL's initdb failed:\n{made.stderr[-3000:]}")
    port = port or free_port()
    told = {**_SETTINGS, "port": str(port)}
    if keys is not None:
        for name in ("private.key", "public.crt"):
            shutil.copy(keys / name, folder / name)
            (folder / name).chmod(0o600)
            if account is not None:
                os.chown(folder / name, account.pw_uid, account.pw_gid)
        told |= {"ssl": "on", "ssl_key_file": str(folder / "private.key"), "ssl_cert_file": str(folder / "public.crt")}
        rules = data / "pg_hba.conf"
        rules.write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
    settings = [f"--{name}={value}" for name, value in told.items()]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *settings],
            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, cwd=folder, start_new_session=True, **identity,
        )  # fmt: skip
    if owner:
        subprocess.Popen(
            ["sh", "-c", _WATCH.format(owner=owner, server=process.pid)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    server = Server(f"postgresql+psycopg://127.0.0.1:{port}/postgres", USER, password, process.pid, folder)
    deadline = time.monotonic() + START_SECONDS
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, env=environment).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop(signal.SIGKILL)
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)
    return server


def find_programs() -> Path:
    """Folder with initdb and postgres, the newest that is there: PATH, then where Debian and Red Hat put them. Raises Absent."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    folders += sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready")):
            told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout.split()
            if len(told) > 2 and _number(told[2]) >= MAJOR:
                return folder
    raise Absent(f"PostgreSQL {MAJOR} or newer (initdb, postgres) was not found on PATH or in /usr/lib/postgresql; on Debian it is the package postgresql")


def _number(version: str) -> int:
    digits = version.split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _find_account() -> pwd.struct_passwd | None:
    """Whom to be where we are root, which PostgreSQL refuses to be; None: nobody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Absent("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _let_through(folder: Path) -> None:
    """Let another user pass to a folder of ours below the system's temporary one; listing what else is there stays refused."""
    top = Path(tempfile.gettempdir()).resolve()
    for parent in folder.parents:
        if parent == top or top not in parent.parents:
            return
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
