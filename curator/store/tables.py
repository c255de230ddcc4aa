"""The tables of the store. `revision`, `batch` and `answer` are append-only: no row of them is changed or deleted."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

image = Table(
    "image",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("blob", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("format", String, nullable=False),
    Column("subject", String),
    Column("licence", String),
    Column("origin", String),
    Column("status", String, nullable=False),
    Column("reason", Text),
    Column("changes", JSON, nullable=False),
    Column("split", String),
    CheckConstraint("status IN ('ok', 'excluded')", name="status"),
    CheckConstraint("split IN ('train', 'test')", name="split"),
)

member = Table(
    "member",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("weight", Float, nullable=False),
    Column("joined", String),
    Column("left", String),
    Column("token", String),
)

round_ = Table(
    "round",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seed", BigInteger, nullable=False),
    Column("overlap", String, nullable=False),
    Column("overlap_by", Integer),
    Column("proof", JSON, nullable=False),
    Column("created", String, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("check", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("images", JSON, nullable=False),
    Column("members", JSON, nullable=False),
    Column("figure", Float),
    Column("threshold", Float),
    Column("advice", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("found", String, nullable=False),
    CheckConstraint("state IN ('open', 'accepted', 'resolved')", name="state"),
)

task = Table(
    "task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", Integer, ForeignKey("round.id"), nullable=False),
    Column("member", String, ForeignKey("member.name"), nullable=False),
    Column("kind", String, nullable=False),
    Column("image", String(64), ForeignKey("image.id"), index=True),
    Column("finding", Integer, ForeignKey("finding.id")),
    Column("state", String, nullable=False),
    Column("reason", Text),
    CheckConstraint("kind IN ('own', 'overlap', 'recaption', 'adjudicate', 'collect')", name="kind"),
    CheckConstraint("state IN ('open', 'submitted', 'skipped', 'passed')", name="state"),
    UniqueConstraint("round", "member", "kind", "image"),
    Index(None, "member", "state"),
)

line = Table(
    "line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image", String(64), ForeignKey("image.id"), nullable=False),
    Column("author", String, nullable=False, index=True),
    Column("slot", Integer, nullable=False),
    UniqueConstraint("image", "author", "slot"),
)

batch = Table(
    "batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member", String, nullable=False),
    Column("what", JSON, nullable=False),
    Column("undoes", Integer, ForeignKey("batch.id")),
    Column("written", String, nullable=False),
    sqlite_autoincrement=True,
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("line", Integer, ForeignKey("line.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("origin", String, nullable=False),
    Column("base", Integer, ForeignKey("revision.id"), index=True),
    Column("merges", Integer, ForeignKey("revision.id"), index=True),
    Column("written", String, nullable=False),
    Column("seconds", Float),
    Column("state", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("source", Integer, ForeignKey("revision.id")),
    Column("writer", String),
    Column("reason", Text),
    Column("batch", Integer, ForeignKey("batch.id"), index=True),
    CheckConstraint("state IN ('submitted', 'withdrawn')", name="state"),
    sqlite_autoincrement=True,
)

draft = Table(
    "draft",
    metadata,
    Column("line", Integer, ForeignKey("line.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("steps", JSON, nullable=False),
    Column("base", Integer, ForeignKey("revision.id")),
    Column("saved", String, nullable=False),
    Column("source", Integer, ForeignKey("revision.id")),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image", String(64), ForeignKey("image.id"), nullable=False, index=True),
    Column("member", String, nullable=False),
    Column("key", String, nullable=False),
    Column("value", JSON, nullable=False),
    Column("written", String, nullable=False),
    Column("write_key", String, unique=True),
    sqlite_autoincrement=True,
)

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("root", String, nullable=False),
    Column("path", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("image", String(64), ForeignKey("image.id"), index=True),
    Column("line", Integer, ForeignKey("line.id")),
    Column("reason", Text),
    UniqueConstraint("root", "path"),
    CheckConstraint("kind IN ('image', 'caption')", name="kind"),
)

synced = Table(
    "synced",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder", String, nullable=False),
    Column("path", String, nullable=False),
    Column("line", Integer, ForeignKey("line.id"), nullable=False),
    Column("revision", Integer, ForeignKey("revision.id"), nullable=False),
    UniqueConstraint("folder", "path"),
)

hold_out = Table(
    "hold_out",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("groups", JSON, nullable=False),
    Column("rule", JSON, nullable=False),
    Column("created", String, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("created", String, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("what", String, nullable=False),
    Column("member", String),
    Column("detail", JSON, nullable=False),
)
