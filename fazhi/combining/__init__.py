"""Questions on text and graph together: which places, or which reports, meet all conditions, with the sentence for each."""

from fazhi.combining.answers import Combined, Finding, Row, Statement, Step, Undecided
from fazhi.combining.combiner import Combiner
from fazhi.combining.model import Question

__all__ = ["Combined", "Combiner", "Finding", "Question", "Row", "Statement", "Step", "Undecided"]
