"""The version of the rules, apart from them, so that asking for it loads none of them."""

VERSION = "2026.11.17"
"""Raise it with every change of rules: it is part of each report's fingerprint, so that older analyses show as stale."""
