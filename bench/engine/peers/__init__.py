"""Runs other engines: each module by the Python of its own environment, without the project."""
