"""The policy engine measured alone, and beside other engines: decisions per second of processor."""
