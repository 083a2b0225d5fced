"""What a decision means, in slow, plain lines: the oracle against which the fast engine is held."""
