"""Building models whose weights take neither memory nor time, to look at their shapes or to fill them from a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class _NoFilling(TorchFunctionMode):
    """Leaves out torch.nn.init: on the meta device `normal_` alone would load 900 modules, 150 MB in two seconds."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        if getattr(func, "__module__", None) == "torch.nn.init":
            return args[0] if args else given["tensor"]
        return func(*args, **given)


@contextmanager
def weightless() -> Iterator[None]:
    """Models made inside are on the meta device."""
    with torch.device("meta"), _NoFilling():
        yield
