"""Whether freed memory goes back to the system: where it stays, large activations cost no new pages in every layer."""

import ctypes
import sys

# From glibc's malloc.h. Above MMAP_MAX blocks, or below the threshold, memory comes from a heap that can be kept.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -3, -4
_KEEPING = {_MMAP_MAX: 0, _TRIM_THRESHOLD: 2**31 - 1}
# What a process has that was never told anything, after it has freed its first large block: glibc raises its thresholds
# to the size of what is freed, up to these, and stops doing so once it is told any.
_USUAL = {_MMAP_MAX: 65536, _MMAP_THRESHOLD: 32 * 1024**2, _TRIM_THRESHOLD: 64 * 1024**2}


def keep_freed_memory(keep: bool = True) -> bool:
    """Let this process keep the memory that is freed, or (`keep` False) give large blocks back as usual.

    Returns whether the C library could be told; only glibc can. What is computed stays the same. The process holds
    its highest use of memory until it ends.
    """
    if sys.platform != "linux" or not hasattr(libc := ctypes.CDLL(None), "mallopt"):
        return False
    return all([libc.mallopt(key, value) for key, value in (_KEEPING if keep else _USUAL).items()])
