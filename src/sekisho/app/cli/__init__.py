"""The command line: `sekisho`."""

from sekisho.app.cli.main import main

__all__ = ["main"]
