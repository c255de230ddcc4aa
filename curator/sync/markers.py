"""The marks that git leaves in a file it could not merge, and the two texts between them. Pure."""

import re

MARK = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$")


def sides(text: str) -> tuple[str, ...] | None:
    """The two whole texts that git found, ours first; none where the marks are not whole; None without marks."""
    parts: tuple[list[str], list[str]] = ([], [])
    into: tuple[list[str], ...] = parts
    open_at = seen = 0
    for line in text.split("\n"):
        mark = MARK.match(line.rstrip("\r"))
        kind = mark[1][0] if mark else ""
        if kind == "<":
            into, open_at, seen = parts[:1], 1, seen + 1
        elif kind == "|" and open_at == 1:  # what both began from, in the style diff3
            into = ()
        elif kind == "=" and open_at == 1:
            into, open_at = parts[1:], 2
        elif kind == ">" and open_at == 2:
            into, open_at = parts, 0
        elif kind == ">":
            return ()
        else:
            for part in into:
                part.append(line)
    if not seen:
        return None
    return tuple("\n".join(part) for part in parts) if not open_at else ()
