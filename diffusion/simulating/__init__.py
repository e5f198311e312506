"""Raw report text with a known truth: what spread, when, from whom, and which words came along.

    simulate(Path("out"), reports=1000, seed=1)

It is the only source of truth about edges and copies that there is: it drives tests and ``make score-diffusion``, from raw text through the whole chain.
"""

from diffusion.simulating.writing import FAMILIES, Simulation, simulate

__all__ = ["FAMILIES", "Simulation", "simulate"]
