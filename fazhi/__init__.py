"""fazhi-graph: knowledge graph and search over the law-based-government reports of Chinese townships.

>>> import fazhi
>>> with fazhi.open("data") as workspace:      # doctest: +SKIP
...     workspace.search("法律八进")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fazhi.workspace import open as open

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "open":  # the workspace pulls in every engine: only those who open one pay for it
        from fazhi.workspace import open as open_workspace

        return open_workspace
    raise AttributeError(f"module 'fazhi' has no attribute {name!r}")
