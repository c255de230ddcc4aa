"""Whether the extra "train" is installed; asked before torch is loaded."""

from curator import console


def require_extra(*more: str) -> None:
    """Raise MissingExtra unless torch and safetensors are there, and the modules `more`; nothing is imported."""
    for module in ("torch", "safetensors", *more):
        console.require(module, "train")
