"""curator.toml of the workspace that a pack is opened into: the pack's rules, in TOML, and nothing about places."""

import json
from collections.abc import Mapping
from typing import Any

from annotate.pack.form import GUIDE_NAME, Rules


def to_toml(name: str, rules: Rules) -> str:
    """The settings of a data set called `name` with these rules."""
    tables = rules.model_dump(mode="json")
    tables["captioning"]["guide"] = GUIDE_NAME  # where the pack's is put, whatever the pack says
    places = tables["audit"].pop("places")
    written = [f"name = {_value(name)}", *(_table(table, tables[table]) for table in tables)]
    return "\n\n".join([*written, _table("audit.places", places)]) + "\n"


def _table(name: str, values: Mapping[str, Any]) -> str:
    return "\n".join([f"[{name}]", *(f"{_value(key)} = {_value(value)}" for key, value in values.items())])


def _value(value: Any) -> str:
    """A text, number, truth or list of texts as TOML, which writes them as JSON does but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
