"""A workspace: the folder with curator.toml, and where everything in it lies.

The tools that check tables of curator.toml of their own take `Settings`, `check` and `unknown_key` from here.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from curator.config import Config, Settings, check, read_config, unknown_key
from curator.errors import ConfigError, InputError
from curator.files import inside

__all__ = ["CONFIG_NAME", "Config", "Settings", "Workspace", "check", "unknown_key"]

CONFIG_NAME = "curator.toml"


@dataclass(frozen=True)
class Workspace:
    """A folder with a checked configuration; the paths below it exist once something was written there."""

    path: Path
    config: Config

    @classmethod
    def find(cls, start: Path | None = None) -> "Workspace":
        """The workspace of `start` (default: the current folder) or of the nearest folder above that is one.

        Raises InputError where there is none, ConfigError where its curator.toml is not acceptable.
        """
        start = (start or Path.cwd()).absolute()
        for folder in (start, *start.parents):
            if (folder / CONFIG_NAME).is_file():
                return cls(folder, read_config(folder / CONFIG_NAME))
        raise InputError(
            f"no {CONFIG_NAME} in {start} or any folder above it",
            hint="go to a workspace, name one with -C DIR, or make one: curator init NAME --members a,b,c,d",
        )

    @cached_property
    def blobs(self) -> Path:
        return self.path / self.config.blobs.url

    @cached_property
    def guide(self) -> Path:
        """The team's style guide. Raises ConfigError where it would lie outside the workspace, by a link say."""
        try:
            return inside(self.path, self.config.captioning.guide)
        except InputError as error:
            raise ConfigError(f"{self.path / CONFIG_NAME}: captioning.guide: {error.message}", error.hint) from error

    @cached_property
    def releases(self) -> Path:
        return self.path / "releases"

    @cached_property
    def runs(self) -> Path:
        return self.path / "runs"

    @cached_property
    def reports(self) -> Path:
        return self.path / "reports"
