"""What each operation does: one function per operation, grouped by noun."""
