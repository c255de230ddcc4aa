"""Who wrote a caption file, as git knows it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from curator.errors import InputError, UsageError
from curator.sync.git import ask


@dataclass(frozen=True)
class Authors:
    """Path of a file → the member who wrote what stands in it, as far as can be told."""

    by_path: Mapping[str, str]
    otherwise: str | None = None
    """Who is taken for the author of all other files, or None."""

    def of(self, path: str) -> str | None:
        """The member who wrote a file last, or None where that is not known."""
        return self.by_path.get(path, self.otherwise)


def read_map(given: Collection[str], members: Collection[str]) -> dict[str, str]:
    """`NAME_OR_EMAIL=MEMBER` each, in lower case → the member; members stand for themselves.

    Raises UsageError for another form, InputError for who is no member.
    """
    found = {name.lower(): name for name in members}
    for each in given:
        git, equals, member = each.rpartition("=")
        if not equals or not git.strip():
            raise UsageError(f"--authors {each}: write NAME_OR_EMAIL=MEMBER", hint="--authors 'Ada L.=ada'")
        if member not in members:
            known = ", ".join(sorted(members)) or "none"
            raise InputError(f"--authors {each}: no member is called {member!r}; known: {known}", hint="curator status")
        found[git.strip().lower()] = member
    return found


def ask_git(root: Path, paths: Collection[str], known: Mapping[str, str], otherwise: str | None) -> Authors:
    """The authors of files below `root`: of the last commit, or, of a file changed since, the clone's own user.

    `known` maps names and addresses in lower case to members; who is not in it is nobody. Where git is not installed,
    or the folder is in no repository, nobody is known.
    """
    if not paths or not known or (logged := _log(root, frozenset(paths))) is None:
        return Authors({}, otherwise)
    here = tuple((ask(root, "config", key) or "").strip() for key in ("user.name", "user.email"))
    people = {**logged, **dict.fromkeys(_changed(root), here)}
    found = {path: _member(people[path], known) for path in paths if path in people}
    return Authors({path: member for path, member in found.items() if member is not None}, otherwise)


def _member(person: tuple[str, ...], known: Mapping[str, str]) -> str | None:
    return next((known[each.strip().lower()] for each in person if each.strip().lower() in known), None)


def _log(root: Path, paths: frozenset[str]) -> dict[str, tuple[str, ...]] | None:
    """Path → name and address of the author of the last commit that changed it, or None where git knows nothing."""
    told = ask(root, "log", "--relative", "--name-only", "-z", "--format=%x01%an%x02%ae%x02", "--", ".")
    if told is None:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for commit in told.split("\x01")[1:]:
        name, address, files = commit.split("\x02", 2)
        for path in files.split("\0"):
            if (path := path.strip("\n")) in paths:
                found.setdefault(path, (name, address))
    return found


def _changed(root: Path) -> list[str]:
    """Files below `root` that are not as they were committed."""
    top = ask(root, "rev-parse", "--show-prefix")
    told = ask(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    prefix = (top or "").strip("\n")
    return [each[3:].removeprefix(prefix) for each in (told or "").split("\0") if each]
