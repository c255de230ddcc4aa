"""The errors that all four tools raise, and the exit code each one ends a command with.

CuratorError                 a message, and a hint that says what to do next
├── UsageError          2    the command was called wrongly
├── InputError          3    a file, a picture or a value from outside is not acceptable
│   └── ConfigError     3    a setting in curator.toml or on the command line
├── MissingExtra        3    an optional dependency is not installed
├── StoreError          3    the store cannot be opened, read or written
├── GateError           4    audit, verification, a conflict or an unready picture stops the command
└── ServiceError        5    something outside (a server, the network) is not there
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with; the same meaning in every tool."""

    DONE = 0
    BUG = 1
    USAGE = 2
    INPUT = 3
    GATE = 4
    SERVICE = 5
    STOPPED = 130


class CuratorError(Exception):
    """Base of all expected errors.

    `message` says what, where and what is allowed; `hint` says what to do next, or is None.
    """

    exit_code = ExitCode.INPUT

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"


class UsageError(CuratorError):
    """The command was called wrongly."""

    exit_code = ExitCode.USAGE


class InputError(CuratorError):
    """A file, a picture or a value from outside is not acceptable."""


class ConfigError(InputError):
    """A setting in curator.toml or on the command line is not acceptable."""


class StoreError(CuratorError):
    """The store cannot be opened, read or written."""


class GateError(CuratorError):
    """Audit, verification, a conflict or an unready picture stops the command."""

    exit_code = ExitCode.GATE


class ServiceError(CuratorError):
    """Something outside, a server or the network, is not there."""

    exit_code = ExitCode.SERVICE


class MissingExtra(CuratorError):
    """An optional dependency is not installed; the hint is the line that installs it."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(
            f"this command needs the Python module {module!r}, which is not installed",
            hint=f"pip install 'glide-curator[{extra}]'",
        )
