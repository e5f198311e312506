"""Alembic's folder: env.py runs inside the process that opens the archive, versions/ holds one file per change of the tables."""
