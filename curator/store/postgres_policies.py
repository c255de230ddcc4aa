"""What each group of members may do to each table of a PostgreSQL store, as grants and row-level security policies.

Nobody but the owner may change or delete a revision, an answer, a batch, a line or an event: no grant allows it.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Integer

from curator.store import tables

ACCESS = "curator_access"
"""The schema beside the tables that says whose login is whose."""

ME = f"(SELECT {ACCESS}.me())"
OWN_LINE = f"EXISTS (SELECT FROM public.line AS place WHERE place.id = {{table}}.line AND place.author = {ME})"

GROUPS = ("lead", "reviewer", "annotator")
STAFF = ("lead", "reviewer")

GRANTS: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (GROUPS, "INSERT", ("line", "revision", "answer", "batch", "event", "release")),
    (GROUPS, "INSERT, DELETE", ("draft", "synced", "source")),
    (GROUPS, "INSERT, UPDATE", ("finding",)),
    (GROUPS, "UPDATE (state, reason)", ("task",)),
    (GROUPS, "UPDATE (token)", ("member",)),
    (("lead",), "INSERT, UPDATE", ("image", "member")),
    (("lead",), "INSERT", ("round", "hold_out", "task")),
)
"""(groups, privileges, tables); everybody reads every table."""

RULES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("line", "INSERT", ("annotator",), f"author = {ME}"),
    ("line", "INSERT", STAFF, "true"),
    (
        "revision",
        "INSERT",
        GROUPS,
        f"{OWN_LINE} AND (writer IS NULL OR writer = {ME}) AND origin <> 'adjudicated'",
    ),
    ("revision", "INSERT", STAFF, f"writer = {ME} AND (origin = 'adjudicated' OR reason IS NOT NULL)"),
    ("revision", "INSERT", STAFF, f"writer IS NULL AND origin = 'adjudicated' AND {OWN_LINE}"),
    (
        "revision",
        "INSERT",
        ("lead",),
        f"writer = {ME} OR (writer IS NULL AND (origin IN ('import', 'pack', 'folder') OR origin LIKE 'draft:%'))",
    ),
    ("draft", "INSERT", GROUPS, OWN_LINE),
    ("draft", "DELETE", GROUPS, OWN_LINE),
    ("answer", "INSERT", GROUPS, f"member = {ME} AND key NOT LIKE 'gold.%'"),
    ("answer", "INSERT", ("lead",), f"member = {ME} OR write_key IS NOT NULL"),
    ("batch", "INSERT", GROUPS, f"member = {ME}"),
    ("event", "INSERT", GROUPS, f"member IS NULL OR member = {ME}"),
    ("event", "INSERT", ("lead",), "true"),
    ("task", "INSERT", ("lead",), "true"),
    ("task", "UPDATE", GROUPS, f"member = {ME}"),
    ("task", "UPDATE", ("lead",), "true"),
    ("member", "INSERT", ("lead",), "true"),
    ("member", "UPDATE", GROUPS, f"name = {ME}"),
    ("member", "UPDATE", ("lead",), "true"),
    ("source", "INSERT", GROUPS, "kind = 'caption'"),
    ("source", "INSERT", ("lead",), "true"),
    ("source", "DELETE", GROUPS, "kind = 'caption'"),
    ("source", "DELETE", ("lead",), "true"),
)
"""(table, command, groups, which rows); of several rules for one command, one is enough."""


def grants(groups: Mapping[str, str]) -> list[str]:
    """The statements that give each group its privileges and no other; `groups` maps lead, … to quoted role names."""
    everyone = ", ".join(groups.values())
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everyone}",
        f"GRANT USAGE ON SCHEMA public, {ACCESS} TO {everyone}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public, {ACCESS} TO {everyone}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {everyone}",
        f"GRANT EXECUTE ON FUNCTION {ACCESS}.me() TO {everyone}",
        *(
            f"GRANT {_privileges(privileges, table)} ON public.{table} TO {_named(groups, who)}"
            for who, privileges, names in GRANTS
            for table in names
        ),
    ]


def policies(groups: Mapping[str, str]) -> list[str]:
    """The statements that say which rows each group may write; every row may be read by whoever may read the table."""
    statements = []
    for table in sorted({rule[0] for rule in RULES}):
        statements += [
            f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY",
            *_policy(table, "curator_read", "SELECT", "PUBLIC", "USING (true)"),
        ]
    for number, (table, command, who, rows) in enumerate(RULES):
        rows = rows.format(table=table)
        # An UPDATE sees every row and checks what becomes of it: refused aloud, where USING would pass over in silence.
        clause = {"INSERT": f"WITH CHECK ({rows})", "UPDATE": f"USING (true) WITH CHECK ({rows})"}
        statements += _policy(
            table, f"curator_{number}", command, _named(groups, who), clause.get(command, f"USING ({rows})")
        )
    return statements


def _privileges(privileges: str, table: str) -> str:
    """`privileges` without the right to choose a row's number: it is drawn, and says what came first."""
    columns = tables.metadata.tables[table].columns
    free = ", ".join(f'"{each.name}"' for each in columns if each.name != "id" or not isinstance(each.type, Integer))
    return privileges.replace("INSERT", f"INSERT ({free})")


def _policy(table: str, name: str, command: str, who: str, clause: str) -> list[str]:
    return [
        f"DROP POLICY IF EXISTS {name} ON public.{table}",
        f"CREATE POLICY {name} ON public.{table} FOR {command} TO {who} {clause}",
    ]


def _named(groups: Mapping[str, str], who: Iterable[str]) -> str:
    return ", ".join(groups[each] for each in who)
