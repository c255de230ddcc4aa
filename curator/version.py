"""The version of the tool, as releases, runs and reports record it."""

__version__ = "0.1.0"

TOOL = f"glide-curator {__version__}"
