"""The evaluation card: under which conditions figures were measured, and whether two runs may be compared."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from curator.errors import InputError
from curator.release import Release
from curator.version import TOOL
from eval.pictures import RESIZE
from eval.row import Group
from eval.samples import ClipDigests, Line, Pair, Samples
from eval.settings import EvaluateSettings
from eval.spaces import Spaces

SAMPLING = ("sampler", "steps", "respacing", "guidance", "temperature", "dtype")
"""What must be the same for every picture of one size."""
OPTIONAL = ("eta", "guidance_interval", "guidance_rescale", "dynamic_threshold", "clip_guidance", "clip")
"""The same, but named only where they are not off: cards from before they existed stay comparable."""
SHOWN_SEEDS = 8

Json = dict[str, Any]


@dataclass(frozen=True)
class Card:
    conditions: Json
    """What must agree before figures are compared: real pictures, extractors, prompts, seeds, sampling."""
    made_by: Json
    """What may differ: the release, the weights, and how the draws behind p and intervals were made."""


def make_card(
    release: Release, samples: Samples, groups: Iterable[Group], spaces: Spaces, settings: EvaluateSettings
) -> Card:
    """The card of a run. Raises InputError where its pictures were not all sampled in one way."""
    each = {f"{group.role} {group.stage}": group for group in groups}
    return Card(
        conditions={
            "resize": RESIZE,
            "extractors": {found.name: {"sha256": found.digest, "resize": found.resize} for found in spaces.present},
            "pictures": {name: _pictures(group) for name, group in each.items()},
            "sampling": {str(size): _sampling(samples, size) for size in samples.resolutions},
        },
        made_by={
            "tool": TOOL,
            "release": {"name": release.name, "digest": release.digest},
            "checkpoints": _checkpoints(samples),
            "batch sizes": sorted({line.batch_size for line in samples.lines}),
            "threads": sorted({line.threads for line in samples.lines}),
            "devices": sorted({line.device for line in samples.lines}),
            "settings": settings.model_dump(
                include={"seed", "relabelings", "resamples", "distance_draws", "halves", "alpha"}
            ),
        },
    )


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The conditions in which two cards differ, as `key: this and that`.

    An extractor that only one machine had is no difference: its rows are not measured on the other.
    """
    mine, theirs = dict(_flat(one)), dict(_flat(other))
    shared = one.get("extractors", {}).keys() & other.get("extractors", {}).keys()
    return [
        f"{' '.join(key)}: {_told(mine.get(key))} and {_told(theirs.get(key))}"
        for key in sorted(mine.keys() | theirs.keys())
        if mine.get(key) != theirs.get(key) and (key[0] != "extractors" or key[1] in shared)
    ]


def digest(values: Iterable[object]) -> str:
    """sha256 over a sequence of JSON values, hexadecimal."""
    return hashlib.sha256(json.dumps(list(values), ensure_ascii=False).encode()).hexdigest()


def _pictures(group: Group) -> Json:
    seeds = sorted({pair.seed for pair in group.pairs})
    return {
        "size": group.resolution,
        "n real": len(group.reals),
        "real": digest(sorted(sample.blob for sample in group.reals)) if group.reals else None,
        "n generated": len(group.pairs),
        "prompts": digest(sorted(_noise(pair) for pair in group.pairs)) if group.pairs else None,
        "seeds": seeds if len(seeds) <= SHOWN_SEEDS else f"{len(seeds)} seeds, sha256 {digest(seeds)}",
    }


def _noise(pair: Pair) -> tuple[int | str, ...]:
    """What a picture was painted from; a first take as before there were others."""
    return (pair.prompt_index, pair.prompt, pair.seed, *((pair.take,) if pair.take else ()))


def _sampling(samples: Samples, size: int) -> Json:
    lines = [line for line in samples.lines if line.resolution == size]
    found = {name: _only(lines, name, f"the pictures of {size} px") for name in (*SAMPLING, *OPTIONAL)}
    off = {name: Line.model_fields[name].default for name in OPTIONAL}
    return {name: _as_json(value) for name, value in found.items() if name not in off or value != off[name]}


def _as_json(value: object) -> object:
    """As a report gives it back when it is read."""
    if isinstance(value, ClipDigests):
        return value.model_dump()
    return list(value) if isinstance(value, tuple) else value


def _checkpoints(samples: Samples) -> Json:
    return {
        model: {
            str(size): _only(
                [line for line in samples.lines if line.model == model and line.resolution == size],
                "checkpoint",
                f"the {model} pictures of {size} px",
            )
            for size in samples.resolutions
        }
        for model in ("original", "finetuned")
    }


def _only(lines: list[Line], name: str, what: str) -> Any:
    """The value of a field that all `lines` share."""
    found = {getattr(line, name) for line in lines}
    if len(found) > 1:
        values = ", ".join(sorted(str(value) for value in found))
        raise InputError(
            f"{what} were sampled in different ways: {name} is {values}",
            hint="sample both models again in one go: train sample",
        )
    return found.pop() if found else None


def _flat(value: Any, key: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(inner, (*key, name))
    else:
        yield key, value


def _told(value: object) -> str:
    text = str(value)
    return text[:12] if len(text) == 64 else text
