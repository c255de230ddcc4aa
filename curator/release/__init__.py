"""Releases: immutable exports that were proved by opening them again. What train and eval read.

releases/NAME/release.json      what made it, and the sha256 of every other file
              records.parquet   one row a sample
              data/…            webdataset shards or sidecar files
"""

from curator.release.reader import Release, newest_release, read_release
from curator.release.sample import Sample

__all__ = ["Release", "Sample", "newest_release", "read_release"]
