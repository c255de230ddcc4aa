"""All tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("figure", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'accepted', 'resolved')", name=op.f("ck_finding_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_finding_fingerprint")),
    )
    op.create_table(
        "hold_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_out")),
    )
    op.create_table(
        "image",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("split", sa.String(), nullable=True),
        sa.CheckConstraint("split IN ('train', 'test')", name=op.f("ck_image_split")),
        sa.CheckConstraint("status IN ('ok', 'excluded')", name=op.f("ck_image_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
    )
    op.create_table(
        "member",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("joined", sa.String(), nullable=True),
        sa.Column("left", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_member")),
    )
    op.create_table(
        "release",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_release")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("overlap", sa.String(), nullable=False),
        sa.Column("overlap_by", sa.Integer(), nullable=True),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("image", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["image"], ["image.id"], name=op.f("fk_answer_image")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_answer_image"), "answer", ["image"], unique=False)
    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("image", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["image"], ["image.id"], name=op.f("fk_line_image")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("image", "author", "slot", name=op.f("uq_line_image_author_slot")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("image", sa.String(length=64), nullable=True),
        sa.Column("finding", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('own', 'overlap', 'recaption', 'adjudicate', 'collect')", name=op.f("ck_task_kind")
        ),
        sa.CheckConstraint("state IN ('open', 'submitted', 'skipped')", name=op.f("ck_task_state")),
        sa.ForeignKeyConstraint(["finding"], ["finding.id"], name=op.f("fk_task_finding")),
        sa.ForeignKeyConstraint(["image"], ["image.id"], name=op.f("fk_task_image")),
        sa.ForeignKeyConstraint(["member"], ["member.name"], name=op.f("fk_task_member")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_task_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("round", "member", "kind", "image", name=op.f("uq_task_round_member_kind_image")),
    )
    op.create_index(op.f("ix_task_member_state"), "task", ["member", "state"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("merges", sa.Integer(), nullable=True),
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('submitted', 'withdrawn')", name=op.f("ck_revision_state")),
        sa.ForeignKeyConstraint(["base"], ["revision.id"], name=op.f("fk_revision_base")),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_revision_line")),
        sa.ForeignKeyConstraint(["merges"], ["revision.id"], name=op.f("fk_revision_merges")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("key", name=op.f("uq_revision_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_revision_line"), "revision", ["line"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("image", sa.String(length=64), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('image', 'caption')", name=op.f("ck_source_kind")),
        sa.ForeignKeyConstraint(["image"], ["image.id"], name=op.f("fk_source_image")),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_source_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("root", "path", name=op.f("uq_source_root_path")),
    )
    op.create_index(op.f("ix_source_image"), "source", ["image"], unique=False)
    op.create_table(
        "draft",
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("saved", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["base"], ["revision.id"], name=op.f("fk_draft_base")),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_draft_line")),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_draft")),
    )
