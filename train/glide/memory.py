"""Whether freed memory goes back to the system: where it stays, large activations cost no new pages in every layer."""

import ctypes
import sys

# From glibc's malloc.h. Above MMAP_MAX blocks, or below the threshold, memory comes from a heap that can be kept.
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_DEFAULT_TRIM_BYTES, _DEFAULT_MMAPS = 128 * 1024, 65536
_NEVER = 2**31 - 1


def keep_freed_memory(keep: bool = True) -> bool:
    """Let this process keep the memory that is freed, or (`keep` False) give large blocks back as usual.

    Returns whether the C library could be told; only glibc can. What is computed stays the same. The process holds
    its highest use of memory until it ends.
    """
    if sys.platform != "linux" or not hasattr(libc := ctypes.CDLL(None), "mallopt"):
        return False
    mmaps, trim = (0, _NEVER) if keep else (_DEFAULT_MMAPS, _DEFAULT_TRIM_BYTES)
    return bool(libc.mallopt(_MMAP_MAX, mmaps) and libc.mallopt(_TRIM_THRESHOLD, trim))
