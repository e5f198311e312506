"""`make servers`: a Neo4j and an Elasticsearch for a person, until Ctrl-C. Data are kept in the folder given, or thrown away."""

from __future__ import annotations

import shlex
import signal
import sys
import tempfile
from pathlib import Path

from servers.starting import Absent, start


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="fazhi-servers-") as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        servers = []
        try:
            for kind in ("neo4j", "elasticsearch"):
                print(f"starting {kind} …", file=sys.stderr, flush=True)
                servers.append(start(kind, folder / kind))
            neo4j, elasticsearch = servers
            settings = {"GRAPH": neo4j.url, "GRAPH_USER": neo4j.user, "GRAPH_PASSWORD": neo4j.password, "TEXT": elasticsearch.url}
            print(*(f"export FAZHI_{name}={shlex.quote(value)}" for name, value in settings.items()), sep="\n", flush=True)
            print("Both are up. Paste these lines into another shell; Ctrl-C here stops them.", file=sys.stderr, flush=True)
            signal.pause()
        except Absent as absent:
            print(f"No server: {absent}.", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            pass
        finally:
            for server in servers:
                server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
