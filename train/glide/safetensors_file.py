"""Writing safetensors one tensor after the other; the same tensors and metadata always give the same bytes.

The format (github.com/huggingface/safetensors): the header's length as 8 bytes, the header as JSON, then the data of
all tensors without gaps. The library's own writer wants all of it in memory at once and shuffles the metadata.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from curator.errors import InputError
from curator.files import replacing

NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}  # fmt: skip
ALIGNMENT = 8


def write_weights(
    path: Path,
    state: Mapping[str, Tensor],
    metadata: Mapping[str, str] | None = None,
    *,
    dtype: torch.dtype | None = None,
    written: Callable[[str], object] | None = None,
) -> None:
    """Write named tensors, whole or not at all; those with floating point as `dtype` if it is given.

    `written` is called with each key when its tensor is in the file. Raises InputError for a type that the format has
    not, and for a value that is too large for `dtype`.
    """
    types = {key: dtype if dtype and value.is_floating_point() else value.dtype for key, value in state.items()}
    unknown = next((key for key, kind in types.items() if kind not in NAMES), None)
    if unknown is not None:
        raise InputError(f"{unknown}: safetensors cannot hold {types[unknown]}", hint="leave this tensor out")
    order = sorted(state, key=lambda key: (-types[key].itemsize, key))  # the wide ones first keeps all of them aligned
    with replacing(path) as part, part.open("wb") as file:
        file.write(_header(order, state, types, metadata or {}))
        for key in order:
            file.write(_data(key, state[key].detach(), types[key]))
            if written:
                written(key)


def _header(
    order: list[str], state: Mapping[str, Tensor], types: Mapping[str, torch.dtype], metadata: Mapping[str, str]
) -> bytes:
    content: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
    end = 0
    for key in order:
        start, end = end, end + state[key].numel() * types[key].itemsize
        content[key] = {"dtype": NAMES[types[key]], "shape": list(state[key].shape), "data_offsets": [start, end]}
    text = json.dumps(content, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return len(text).to_bytes(8, "little") + text


def _data(key: str, value: Tensor, kind: torch.dtype) -> memoryview:
    converted = value.to("cpu", kind).contiguous()
    if value.dtype != kind and not torch.equal(value.isfinite(), converted.isfinite().to(value.device)):
        raise InputError(f"{key}: a value is too large for {kind}", hint="take bfloat16, which has float32's range")
    return converted.reshape(-1).view(torch.uint8).numpy().data
