"""Temporary credentials for programs: the client side, which needs no data directory."""
