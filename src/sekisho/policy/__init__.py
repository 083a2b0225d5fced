"""The policy language and its decisions; pure, and usable alone."""
