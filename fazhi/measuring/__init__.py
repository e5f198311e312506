"""The numbers of reports as a panel: place × year × indicator, its sums along PART_OF, and the files that carry it away.

>>> from fazhi.measuring import Question, panel
>>> with fazhi.open("data") as workspace:      # doctest: +SKIP
...     for cell in panel.iter_cells(workspace, Question(indicators=("调解矛盾纠纷数",))):
...         print(cell.place.name, cell.year, cell.value, cell.unit, cell.state)
"""

from __future__ import annotations

from fazhi.measuring.model import Cell, Question, Sentence, Statement, Sum

__all__ = ["Cell", "Question", "Sentence", "Statement", "Sum"]
