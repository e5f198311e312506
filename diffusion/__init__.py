"""Diffusion: where a practice was seen first in a collection, who took it up next, and from whom the words came."""
