"""Releases: immutable exports that were proved by opening them again. What train and eval read.

releases/NAME/release.json      what made it, and the sha256 of every other file
              records.parquet   one row a sample
              data/…            webdataset shards or sidecar files
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from curator.release.reader import Release, newest_release, read_release
    from curator.release.sample import Sample

__all__ = ["Release", "Sample", "newest_release", "read_release"]


def __getattr__(name: str) -> Any:
    """The public names, loaded when first used: pyarrow takes 0.3 s, which the command line's help should not."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from curator.release import reader, sample

    return getattr(sample if name == "Sample" else reader, name)
