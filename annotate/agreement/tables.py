"""The figures of agreement as tables for people and as data for programs."""

from dataclasses import fields, is_dataclass
from typing import Any

from annotate.agreement.alpha import Alpha
from annotate.agreement.attributes import AttributeRow
from annotate.agreement.baseline import Likeness
from annotate.agreement.intervals import LEVEL, Interval
from annotate.agreement.ranking import Ranked
from annotate.agreement.report import Agreement
from curator import console

ALL = "all"


def put(found: Agreement, worst: int) -> None:
    """Print every table on stdout, and on stderr what to know before reading them."""
    for note in found.notes:
        console.say(note)
    if found.pictures:
        console.put(
            f"{found.pictures} of {found.overlap} overlap pictures with two captions or more, by "
            f"{', '.join(found.members)}; intervals {LEVEL:.0%}, seed {found.seed}"
        )
        _put_likeness(found)
        _put_attributes(found)
        if worst:
            _put_worst(found.worst[:worst])
    if found.scores or found.nearness:
        _put_gold(found)


def as_data(found: Agreement, worst: int) -> dict[str, Any]:
    """The same for `--json`: plain lists and dictionaries, sets sorted, the worst pictures cut to `worst`."""
    data: dict[str, Any] = _plain(found)
    data["worst"] = [{**_plain(row), "contradictions": row.contradictions} for row in found.worst[:worst]]
    return data


def _put_likeness(found: Agreement) -> None:
    console.put("\nCaptions of one picture against captions of two, by the same people")
    columns = ["measure", "members", "pictures", "same picture", "interval", "others", "AUC", "interval", "p"]
    console.print_table(columns, [_likeness(row) for row in found.likeness])
    for name, about in found.measures.items():
        console.put(f"  {name}: {about}")
    console.put("  AUC: how often the captions of one picture are the more alike; 0.5 is chance. p: by shuffling.")


def _put_attributes(found: Agreement) -> None:
    console.put("\nKrippendorff's alpha of what is said (1: all agree, 0: as by chance), and of mentioning it at all")
    columns = ["attribute", "told by", "members", "pictures", "both say it", "alpha", "interval", "mention", "interval"]
    console.print_table(columns, [_attribute(row) for row in found.attributes])
    if any(row.alpha.value is None for row in found.attributes):
        console.put("  undefined: too few speak of it, or all say the same, so that nothing could be told by chance")


def _put_worst(rows: tuple[Ranked, ...]) -> None:
    console.put("\nWorst pictures first")
    columns = ["picture", "bits", "in common", "what differs"]
    console.print_table(columns, [_worst(row) for row in rows])
    console.put("  bits: how surprising the differences are in this set; in common: share of content words")


def _put_gold(found: Agreement) -> None:
    console.put("\nAgainst the gold items")
    rows = [
        [row.member, row.attribute, row.told, f"{row.right} of {row.spoken}", _between(row.interval), row.silent]
        for row in found.scores
    ]
    console.print_table(["member", "attribute", "told by", "right", "interval", "silent"], rows)
    near = [[row.member, row.pictures, f"{row.words:.2f}", _between(row.interval)] for row in found.nearness]
    if near:
        console.put("")
        console.print_table(["member", "gold captions", "words in common", "interval"], near)


def _likeness(row: Likeness) -> list[object]:
    return [
        row.measure,
        ALL if row.pair is None else " · ".join(row.pair),
        row.pictures,
        f"{row.mean:.2f}",
        _between(row.interval),
        _figure(row.shuffled),
        _figure(row.auc),
        _between(row.auc_interval),
        "" if row.p is None else f"{row.p:.3f}",
    ]


def _attribute(row: AttributeRow) -> list[object]:
    return [
        row.attribute,
        row.told,
        ALL if row.pair is None else " · ".join(row.pair),
        row.pictures,
        row.both,
        *_alpha(row.alpha),
        *_alpha(row.mention),
    ]


def _alpha(found: Alpha) -> tuple[str, str]:
    return ("undefined", "") if found.value is None else (f"{found.value:.2f}", _between(found.interval))


def _worst(row: Ranked) -> list[object]:
    said = [f"{first} · {second}: {each.words}" for first, second, each in row.differing]
    if not said:
        said = [f"only {author}: {', '.join(words)}" for author, words in row.only.items() if words]
    return [row.picture.name, f"{row.score:.1f}", f"{row.alike:.2f}", "\n".join(said)]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _between(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
