"""What an engine's error means: the error it becomes for people, and what to do about it."""

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from curator.errors import CuratorError, ServiceError, StoreError

UNTOUCHED = "nothing of this step was written"
RESTORE = "restore the store from a backup: curator restore FILE"
ANYWAY = f"{UNTOUCHED}; see that the store can be reached and written, then try again"
FULL = f"{UNTOUCHED}; make room on the disk that holds the store, then try again"
FAILING = f"{UNTOUCHED}; see that the disk that holds the store has room and works, then try again"
LOCKED = f"{UNTOUCHED}; another process holds the store: wait for it or end it, then try again"
FORBIDDEN = f"{UNTOUCHED}; see that you may write the store and the folder it is in, then try again"
NOT_YOURS = (
    f"{UNTOUCHED}; this login may not do that: act as the member whose login it is, or ask a lead (docs/identity.md)"
)
SETTING = f"{UNTOUCHED}; correct [store] url in curator.toml, or the environment variable CURATOR_STORE_URL"
DAMAGED = f"{UNTOUCHED}; {RESTORE}"
UNKNOWN = "whether this step was written is not known; see that the server runs and can be reached, then try again"

SQLITE_HINTS = {5: LOCKED, 6: LOCKED, 10: FAILING, 13: FULL, 3: FORBIDDEN, 8: FORBIDDEN, 14: FORBIDDEN}
SQLITE_DAMAGED = (11, 26)
"""By primary result code (https://sqlite.org/rescode.html)."""

POSTGRES_HINTS = {"53100": FULL, "55P03": LOCKED, "25006": FORBIDDEN, "42501": NOT_YOURS}
POSTGRES_DAMAGED = ("42P01", "XX001", "XX002")
"""By SQLSTATE (PostgreSQL's documentation, appendix A)."""

GONE_CLASSES = ("08", "57P", "25P03", "40001", "40P01")
"""Beginnings of the SQLSTATEs after which the same step may work: no connection, a server that stops or starts, a
transaction that was ended from outside."""


class StoreGone(ServiceError):
    """The store's server cannot be reached, or the connection broke: the step may or may not have been written."""


class StoreMoved(StoreError):
    """Another file stands where a step was written: the step may or may not be in it."""


class StoreDamaged(StoreError):
    """What is there is no store, or not a whole one."""


def translated(error: SQLAlchemyError, url: URL) -> CuratorError:
    """The error for people. Where one failure led to another, the first is told."""
    where = url.render_as_string(hide_password=True)
    cause = _first(error)
    if cause is None:
        return StoreError(f"the store {where} refused: {error}", ANYWAY)
    told = str(cause.orig).strip()
    refused = f"the store {where} refused: {told}"
    if url.get_backend_name() == "sqlite":
        code = getattr(cause.orig, "sqlite_errorcode", 0) & 0xFF
        if code in SQLITE_DAMAGED or "no such table" in told:
            return StoreDamaged(refused, DAMAGED)
        return StoreError(refused, SQLITE_HINTS.get(code, ANYWAY))
    state: str | None = getattr(cause.orig, "sqlstate", None)
    if _is_gone(cause, state, told):
        return StoreGone(f"the store {where} cannot be reached: {told}", UNKNOWN)
    if state is None:
        return StoreError(refused, SETTING)
    if state in POSTGRES_DAMAGED:
        return StoreDamaged(refused, DAMAGED)
    return StoreError(refused, POSTGRES_HINTS.get(state, ANYWAY))


def _first(error: BaseException) -> DBAPIError | None:
    """The engine's error at the beginning of a chain: undoing a step that failed often fails, too."""
    found, each = None, error
    while each is not None:
        if isinstance(each, DBAPIError):
            found = each
        each = each.__cause__ or each.__context__  # type: ignore[assignment]
    return found


def _is_gone(error: DBAPIError, state: str | None, told: str) -> bool:
    if state is not None:
        return state.startswith(GONE_CLASSES)
    # A connection that cannot be made has no SQLSTATE. FATAL is the server's own word: it is there, and refuses.
    return "FATAL:" not in told or "the database system is" in told or "too many clients" in told
