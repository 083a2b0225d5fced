"""The crossing, walked with the real AWS command line: ``python -m demo``."""
