"""Sekisho: a self-hosted authority for access between AWS-style accounts."""

__version__ = "0.1.0"
