"""The edges: settings, assembly, the server, the command line."""
