"""Teamwork: where a text comes from, find-and-replace, tasks given on, tokens, synced folders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("written", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["undoes"], ["batch.id"], name=op.f("fk_batch_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("revision", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("source", sa.Integer(), nullable=True))
        table.add_column(sa.Column("writer", sa.String(), nullable=True))
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("batch", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_revision_source"), "revision", ["source"], ["id"])
        table.create_foreign_key(op.f("fk_revision_batch"), "batch", ["batch"], ["id"])
        for column in ("base", "merges", "batch"):
            table.create_index(op.f(f"ix_revision_{column}"), [column])
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("source", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_draft_source"), "revision", ["source"], ["id"])
    with op.batch_alter_table("answer", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("write_key", sa.String(), nullable=True))
        table.create_unique_constraint(op.f("uq_answer_write_key"), ["write_key"])
    with op.batch_alter_table("task") as table:
        table.drop_constraint(op.f("ck_task_state"), type_="check")
        table.create_check_constraint(op.f("ck_task_state"), "state IN ('open', 'submitted', 'skipped', 'passed')")
        table.create_index(op.f("ix_task_image"), ["image"])
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("token", sa.String(), nullable=True))
    op.create_index(op.f("ix_line_author"), "line", ["author"])
    op.create_table(
        "synced",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["line.id"], name=op.f("fk_synced_line")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_synced_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synced")),
        sa.UniqueConstraint("folder", "path", name=op.f("uq_synced_folder_path")),
    )
