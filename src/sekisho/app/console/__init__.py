"""The web console's built pages; `make console` makes them of console/."""
