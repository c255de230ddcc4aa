"""Who acts: the one gate that commands with `--as` go through, the roles behind it, and tokens against mistakes."""

from curator.identity.gate import acting, leading

__all__ = ["acting", "leading"]
