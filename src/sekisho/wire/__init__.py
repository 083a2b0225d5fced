"""Bytes to values and back, sans I/O: HTTP values, signatures, chunked bodies, protocols."""
