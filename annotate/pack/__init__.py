"""Packs: one file that a member works on without the store, and brings back as often as wanted, in any order."""

from annotate.pack.desk import close_pack, open_pack
from annotate.pack.merge import Merged, merge_pack
from annotate.pack.write import Packing, write_pack

__all__ = ["Merged", "Packing", "close_pack", "merge_pack", "open_pack", "write_pack"]
