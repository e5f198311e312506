"""Start a real Neo4j or Elasticsearch from Maven artifacts, without containers: needs a JDK (17; 21 for Elasticsearch 9) and Maven. PostgreSQL: ``postgresql``.

Jars are cached outside the repository, by default in ~/.cache/fazhi-servers (SERVERS_CACHE). A server listens on loopback only and ends with its owner, a process.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from filelock import FileLock

JavaKind = Literal["neo4j", "elasticsearch", "elasticsearch9"]
Kind = Literal["neo4j", "elasticsearch", "elasticsearch9", "postgresql"]

HERE = Path(__file__).parent
VERSIONS: dict[JavaKind, str] = {"neo4j": "5.26.15", "elasticsearch": "8.19.5", "elasticsearch9": "9.2.0"}
JAVA_NEEDED: dict[JavaKind, int] = {"neo4j": 17, "elasticsearch": 17, "elasticsearch9": 21}
START_SECONDS = 240
MODULE = """description=netty
version={version}
name=transport-netty4
elasticsearch.version={version}
java.version=17
classname=org.elasticsearch.transport.netty4.Netty4Plugin
extended.plugins=
has.native.controller=false
modulename=org.elasticsearch.transport.netty4
"""


class Absent(Exception):
    """This server can't be had here; says why."""


@dataclass
class Server:
    """A server to test with. ``folder`` holds its data and log; both are None for one that was there already, which is not ours to stop."""

    url: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    pid: int | None = None
    folder: Path | None = None

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait until it is gone; data stay in ``folder``, where ``start`` finds them. SIGKILL for a crash, SIGSTOP to have it hang."""
        if self.pid is None:
            return
        if sign == signal.SIGTERM and self.url.startswith("postgresql"):
            sign = signal.SIGINT  # TERM would wait for every client to leave
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, sign)
            if sign == signal.SIGSTOP:
                _await_standstill(self.pid)
                return
            for _ in range(600):
                if not lives(self.pid):
                    return
                time.sleep(0.05)
            os.kill(self.pid, signal.SIGKILL)

    def go_on(self) -> None:
        """After ``stop(SIGSTOP)``."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGCONT)


def _await_standstill(pid: int) -> None:
    """Wait until no thread of a process that was sent SIGSTOP runs any more: one that still does may answer what is asked right after."""
    for _ in range(200):
        with contextlib.suppress(OSError):  # a thread has just ended
            states = [task.joinpath("stat").read_text().rpartition(")")[2].split()[0] for task in Path(f"/proc/{pid}/task").glob("*")]
            if states and all(state in "tTZX" for state in states):
                return
        time.sleep(0.02)  # 4 s at most, and so long where there is no /proc to look at


def start(
    kind: Kind, folder: Path, *, owner: int | None = None, port: int | None = None, password: str | None = None, heap: str = "1g", options: tuple[str, ...] = (),
    keys: Path | None = None,
) -> Server:  # fmt: skip
    """Start a server whose data lie in ``folder``, and wait until it answers. It ends when process ``owner`` (this one by default; 0: nobody) has ended.

    ``options`` go to the JVM. ``keys``: folder with private.key and public.crt, for a Neo4j or PostgreSQL that only speaks encrypted. Raises Absent where no JDK or no Maven is there or the jars can't be had, RuntimeError where it doesn't come up.
    """
    if kind == "postgresql":
        from servers.postgresql import start_postgresql

        return start_postgresql(folder, owner=os.getpid() if owner is None else owner, port=port, password=password or secrets.token_urlsafe(12), keys=keys)
    java = find_java(JAVA_NEEDED[kind])
    cache = fetch(kind)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    environment = {**os.environ, "JAVA_TOOL_OPTIONS": ""}
    user = None
    if kind == "neo4j":
        user, password = "neo4j", password or secrets.token_urlsafe(12)
        environment["SERVER_PASSWORD"] = password
        environment["SERVER_TLS"] = str(keys or "")
        command = ["-cp", f"{cache}/lib/*", f"{HERE}/Neo4jServer.java"]
    else:
        (folder / "config").mkdir(exist_ok=True)
        shutil.rmtree(folder / "modules", ignore_errors=True)
        shutil.copytree(cache / "modules", folder / "modules")
        command = [f"-Des.path.home={folder}", "--module-path", f"{cache}/lib", "--add-modules", "org.elasticsearch.server,java.net.http"]
        command += ["--add-opens=org.elasticsearch.server/org.elasticsearch.node=ALL-UNNAMED", f"{HERE}/ElasticsearchServer.java"]
    arguments = [str(folder), str(port), str(os.getpid() if owner is None else owner)]
    log = folder / "server.log"
    with log.open("wb") as output:  # its own session: Ctrl-C at pytest must not reach it before the tests have let go of it
        process = subprocess.Popen(
            [str(java), f"-Xmx{heap}", *options, *command, *arguments],
            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, start_new_session=True,
        )  # fmt: skip
    server = Server(f"{'bolt' if kind == 'neo4j' else 'http'}://127.0.0.1:{port}", user, password, process.pid, folder)
    deadline = time.monotonic() + START_SECONDS
    while b"READY" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop(signal.SIGKILL)
            raise RuntimeError(f"{kind} {VERSIONS[kind]} did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.1)
    return server


def find_java(version: int) -> Path:
    """A JDK of this version or newer: JAVA_HOME, then PATH, then /usr/lib/jvm. Raises Absent."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    if on_path := shutil.which("java"):
        homes.append(Path(on_path).resolve().parent.parent)
    homes += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").is_dir() else []
    for home in homes:
        java = home / "bin" / "java"
        # a JRE can't run a .java file: the compiler has to be there
        if java.exists() and (home / "bin" / "javac").exists() and _java_version(java) >= version:
            return java
    raise Absent(f"no JDK {version} or newer was found in JAVA_HOME, PATH or /usr/lib/jvm")


def fetch(kind: JavaKind) -> Path:
    """Folder with the jars of a server, fetched once with Maven. Raises Absent."""
    name = kind.removesuffix("9")
    root = Path(os.environ.get("SERVERS_CACHE") or Path.home() / ".cache" / "fazhi-servers")
    cache = root / f"{name}-{VERSIONS[kind]}"
    complete = cache / ".complete"
    if complete.exists():
        return cache
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{cache}.lock"):
        if complete.exists():
            return cache
        maven = shutil.which("mvn")
        if maven is None:
            raise Absent("Maven (mvn) was not found on PATH")
        shutil.rmtree(cache, ignore_errors=True)
        command = [maven, "-q", "-B", "-f", f"{HERE}/{name}.pom.xml", f"-D{'neo4j' if name == 'neo4j' else 'es'}.version={VERSIONS[kind]}"]
        command += ["dependency:copy-dependencies", f"-DoutputDirectory={cache}/lib", "-DincludeScope=runtime"]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "JAVA_HOME": str(find_java(17).parent.parent)})
        if done.returncode:
            raise Absent(f"Maven could not fetch {name} {VERSIONS[kind]}: {(done.stdout + done.stderr).strip()[-500:]}")
        if name == "elasticsearch":
            _make_module(cache, VERSIONS[kind])
        complete.touch()
    return cache


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _make_module(cache: Path, version: str) -> None:
    """Elasticsearch loads its HTTP layer as a module with jars of its own."""
    module = cache / "modules" / "transport-netty4"
    module.mkdir(parents=True)
    for jar in [*cache.glob("lib/netty-*.jar"), *cache.glob("lib/transport-netty4-*.jar")]:
        jar.rename(module / jar.name)
    for jar in cache.glob("lib/elasticsearch-ssl-config-*.jar"):
        shutil.copy(jar, module)
    (module / "plugin-descriptor.properties").write_text(MODULE.format(version=version))


def _java_version(java: Path) -> int:
    told = subprocess.run([str(java), "-version"], capture_output=True, text=True, env={**os.environ, "JAVA_TOOL_OPTIONS": ""}).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def lives(pid: int) -> bool:
    """Whether a process is there; one of ours that has ended is let go of."""
    with contextlib.suppress(ChildProcessError):  # not our child where another worker started it
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
