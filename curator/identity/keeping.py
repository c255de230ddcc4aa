"""Where a token lies on this machine: the environment, the system's keyring, or a file that only its owner can read.

Never in the workspace, which is copied, shared and put under version control.
"""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import platformdirs

from curator.errors import ConfigError, InputError

TOKEN_VARIABLE = "CURATOR_TOKEN"
APP = "glide-curator"
OTHERS = 0o077
"""The permissions of everyone but the owner."""
RECOMMENDED = 1
"""Priority from which `keyring` calls one of its backends fit for use."""


def given() -> str | None:
    """The token in the environment, or None."""
    return os.environ.get(TOKEN_VARIABLE) or None


def find(mark: str, workspace: Path) -> str | None:
    """The token kept under `mark`, or None. Raises InputError where others could read its file too."""
    return _in_keyring(mark) or _in_file(_file(mark, workspace))


def keep(mark: str, token: str, workspace: Path) -> str:
    """Keep a token under `mark` for this user of the machine; returns where, in words."""
    file = _file(mark, workspace)
    keyring = _keyring()
    if keyring is not None:
        from keyring.errors import KeyringError

        try:
            keyring.set_password(APP, mark, token)
            return "the system's keyring"
        except KeyringError:
            pass  # it is locked, or nobody is there to unlock it: the file serves as well
    _write(file, token)
    return str(file)


def forget(mark: str, workspace: Path) -> None:
    """Keep the token under `mark` no longer."""
    keyring = _keyring()
    if keyring is not None:
        from keyring.errors import KeyringError

        try:
            keyring.delete_password(APP, mark)
        except KeyringError:
            pass  # it is in the file, or nowhere
    _file(mark, workspace).unlink(missing_ok=True)


def _file(mark: str, workspace: Path) -> Path:
    file = platformdirs.user_config_path(APP) / "tokens" / mark
    if file.resolve().is_relative_to(workspace.resolve()):
        raise ConfigError(
            f"{file.parent} lies in the workspace, where a token does not belong",
            hint=f"set XDG_CONFIG_HOME to a folder of yours elsewhere, or give the token in {TOKEN_VARIABLE}",
        )
    return file


def _in_file(file: Path) -> str | None:
    try:
        with file.open(encoding="ascii", errors="replace") as opened:
            wide = os.fstat(opened.fileno()).st_mode & OTHERS
            token = opened.read().strip()
    except FileNotFoundError:
        return None
    if wide:
        raise InputError(f"{file} holds a token and can be read by others", hint=f"chmod 600 {file}")
    return token


def _write(file: Path, token: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".", dir=file.parent)  # made with 0600: it is never wider, not even at first
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(f"{token}\n")
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(part, file)


def _in_keyring(mark: str) -> str | None:
    keyring = _keyring()
    if keyring is None:
        return None
    from keyring.errors import KeyringError

    try:
        token: str | None = keyring.get_password(APP, mark)
    except KeyringError:
        return None  # the file may have it; if not, the gate says what to do
    return token


def _keyring() -> ModuleType | None:
    """The module `keyring` where it is installed and stands for more than a plain file."""
    if find_spec("keyring") is None:
        return None
    import keyring

    return keyring if keyring.get_keyring().priority >= RECOMMENDED else None
