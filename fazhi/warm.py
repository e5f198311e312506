"""Imported by the process that workers fork from, and by nothing else: what is loaded here all workers share."""

import gc

from ingest.pipeline import load_pipeline

load_pipeline()
gc.freeze()  # else the collector would touch, and so copy, every page of it in each worker
