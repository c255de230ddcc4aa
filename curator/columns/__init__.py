"""The whole set as one table of columns, as one member may see it: what a filter, a list or the captioner looks at.

Of 100,000 pictures it is read in about a second and takes some tens of megabytes; records, one object a picture, take
many times that.
"""

from curator.columns.reading import load, refresh, reread
from curator.columns.table import Columns

__all__ = ["Columns", "load", "refresh", "reread"]
