"""What AWS declares, as data."""
