"""Text reuse: which passages of a report stand in other reports, whose they are, and which way they can have gone.

``build`` compares a collection with itself, ``bring_in`` some new texts with what that kept, ``Index.query`` a text with it. What many units share is a
template and not a copy; what a unit wrote before is its own; a direction is claimed only where there is evidence for it.
"""

from diffusion.reuse.building import Reuse, build
from diffusion.reuse.index import Index
from diffusion.reuse.model import Item, Pair
from diffusion.reuse.updating import bring_in

__all__ = ["Index", "Item", "Pair", "Reuse", "bring_in", "build"]
