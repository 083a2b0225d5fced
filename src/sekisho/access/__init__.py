"""May they? Context, evidence and the decision."""
