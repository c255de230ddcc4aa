"""On a real server, with a connection for each member's own login: what the database lets them do, and what not."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from curator.backup.restoring import put_back
from curator.backup.taking import back_up
from curator.errors import InputError, StoreError
from curator.identity import acting, leading
from curator.record import Draft, Finding, Member, Source
from curator.store import Store, open_store, tables
from curator.store.captions import Writing
from curator.store.postgres_policies import GRANTS, RULES
from curator.store.postgres_roles import login_of, plan_roles
from curator.store.synced import Agreed
from curator.workspace import Workspace

ONE, TWO = "1" * 64, "2" * 64
TEAM = {"ada": "lead", "ben": "annotator", "cleo": "reviewer", "cem": "annotator", "dora": "contributor"}


@dataclass
class Set:
    """A set on a server, open with the owner's login, and a way to open it with a member's."""

    workspace: Workspace
    owner: Store
    opened: list[Store]

    @property
    def login(self):
        return plan_roles(self.owner).logins

    def apply(self):
        plan_roles(self.owner).apply()

    def as_(self, member):
        url = self.owner.database.url.set(username=login_of(f"{self.owner.database.url.database}_", member))
        folder = self.workspace.path / member
        folder.mkdir(exist_ok=True)
        address = url.render_as_string(hide_password=False)
        (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address}"\n', encoding="utf-8")
        self.opened.append(open_store(Workspace.find(folder)))
        return self.opened[-1]

    def send(self, store, statement):
        with store.database.write() as connection:
            return connection.execute(text(statement))


@pytest.fixture
def engine():
    return "postgres"


@pytest.fixture
def team(workspace, store, image):
    """ada leads, cleo reviews, ben and cem annotate; both annotators have picture 1 and each a caption of it."""
    for name, role in TEAM.items():
        store.team.add(Member(name, role=role))
    for each in (ONE, TWO):
        store.pictures.add(image(each, subject="dog"))
    tasks = [("ben", "own", ONE), ("cem", "overlap", ONE), ("cem", "own", TWO)]
    store.team.add_round(1, "1", None, {}, tasks)
    for author in ("ben", "cem"):
        store.captions.submit(Writing(ONE, author, f"a dog, says {author}"))
        store.captions.save_draft(Draft(TWO, author, 0, "typing", (), None))
    store.captions.submit(Writing(ONE, "", "a file said so", origin="import"))
    store.history.answer(ONE, "cem", "rating", 3)
    found = Set(workspace, store, [])
    found.apply()
    yield found
    for each in found.opened:
        each.close()


def line_of(store, author):
    return store.captions.line(ONE, author)


# ---- what members can do


def test_a_member_works_as_before(team):
    ben = team.as_("ben")
    assert len(ben.records.all()) == 2
    base = ben.captions.revisions(ONE, "ben")[-1]
    with ben.write():
        revision = ben.captions.submit(Writing(ONE, "ben", "a small dog", base=base.id, seconds=4.0))
        ben.team.close_task(ben.team.tasks("ben")[0].id, "submitted")
        ben.captions.drop_draft(TWO, "ben")
    assert revision.author == "ben"
    ben.captions.submit(Writing(TWO, "ben", "another slot", slot=1))
    ben.captions.save_draft(Draft(TWO, "ben", 0, "once more", ("once",), None))
    ben.captions.save_draft(Draft(TWO, "ben", 0, "once more!", ("once",), None))
    assert ben.captions.draft(TWO, "ben").text == "once more!"
    ben.history.answer(ONE, "ben", "flag", "blurred", write_key="ben-1")
    ben.history.note("looked", member="ben")
    number = ben.captions.add_batch("ben", {"find": "small"})
    newest = ben.captions.revisions(ONE, "ben")[-1]
    ben.captions.submit(Writing(ONE, "ben", "a tiny dog", origin="replace", base=newest.id, batch=number))
    ben.team.close_task(ben.team.tasks("ben")[0].id, "skipped", "blurred")
    ben.findings.replace([Finding("empty", "error", "no text", (TWO,))])
    ben.synced.agree("/folder", "a.txt", Agreed(line_of(ben, "ben"), newest.id))
    ben.synced.agree("/folder", "a.txt", Agreed(line_of(ben, "ben"), newest.id))
    ben.synced.agree("/folder", "b.txt", Agreed(line_of(ben, "cem"), newest.id))
    ben.pictures.save_source(Source("/folder", "a.txt", "caption", 1, 1, line=line_of(ben, "ben")))
    ben.tokens.set_guard("ben", "sha256$0$0")
    assert team.owner.tokens.guard("ben") == "sha256$0$0"
    assert [each.text for each in team.owner.captions.revisions(ONE, "ben")][1:] == ["a small dog", "a tiny dog"]


def test_a_reviewer_adjudicates_in_any_line(team):
    cleo = team.as_("cleo")
    base = cleo.captions.revisions(ONE, "cem")[-1]
    picked = Writing(ONE, "cem", "a dog, as both say", origin="adjudicated", base=base.id, writer="cleo", reason="both")
    revision = cleo.captions.submit(picked)
    assert (revision.writer, revision.reason) == ("cleo", "both")
    cleo.captions.submit(Writing(TWO, "ben", "nothing there yet", origin="adjudicated", writer="cleo"))
    cleo.captions.submit(Writing(TWO, "cleo", "her own words"))
    cleo.captions.submit(Writing(TWO, "cleo", "her own pick", origin="adjudicated"))
    cleo.history.answer(ONE, "cleo", "approve.0", revision.id)
    back = Writing(ONE, "cem", "a dog, says cem", base=revision.id, writer="cleo", reason="decision taken back")
    cleo.captions.submit(back)


def test_a_lead_does_the_team_work(team, image):
    ada = team.as_("ada")
    ada.team.add(Member("dan"))
    ada.pictures.add(image("3" * 64))
    ada.pictures.save_source(Source("/in", "3.png", "image", 1, 1, "3" * 64))
    ada.pictures.drop_source("/in", "3.png")
    ada.pictures.describe(ONE, status="excluded", reason="blurred")
    ada.pictures.save_hold_out(["dog"], {"seed": 1})
    ada.pictures.set_split({ONE: "test", TWO: "train"})
    ada.team.add_round(2, "0%", None, {}, [("dan", "own", "3" * 64)])
    ada.team.close_task(ada.team.tasks("ben")[0].id, "passed")
    ada.captions.submit(Writing(TWO, "", "from a file", origin="import"))
    ada.captions.submit(Writing(TWO, "cem", "from a pack", origin="pack", key="pack-1"))
    ada.captions.submit(Writing(TWO, "MODEL", "drafted", origin="draft:MODEL"))
    ada.history.answer(TWO, "cem", "rating", 4, write_key="pack-1-rating")
    ada.history.answer(ONE, "ada", "gold.caption", "a dog")
    number = ada.captions.add_batch("ada", {"find": "dog"})
    ada.captions.submit(Writing(ONE, "ben", "a hound", origin="replace", writer="ada", batch=number))
    ada.history.add_release("v1", "0" * 64, 1, {})
    ada.history.note("given on", member="ben")
    ada.tokens.set_guard("cem", None)


# ---- what they cannot


def writing(author, **more):
    return lambda store: store.captions.submit(Writing(ONE, author, "not mine to say", **more))


def close_task_of(member):
    return lambda store: store.team.close_task(store.team.tasks(member)[0].id, "skipped", "away with it")


FORBIDDEN = {
    "write as another": ("ben", writing("cem")),
    "write as a new author": ("ben", writing("nobody")),
    "write an import": ("ben", writing("", origin="import")),
    "hide behind another writer": ("ben", writing("ben", writer="cem")),
    "name oneself writer of another's line": ("ben", writing("cem", writer="ben")),
    "adjudicate as an annotator": ("ben", writing("ben", origin="adjudicated")),
    "adjudicate in another's line as an annotator": ("ben", writing("cem", origin="adjudicated", writer="ben")),
    "write another's draft": ("ben", lambda store: store.captions.save_draft(Draft(ONE, "cem", 0, "x", (), None))),
    "close another's task": ("ben", close_task_of("cem")),
    "answer as another": ("ben", lambda store: store.history.answer(ONE, "cem", "rating", 5)),
    "answer as another, as a pack would": ("ben", lambda store: store.history.answer(ONE, "cem", "rating", 5, "key")),
    "set a gold answer": ("ben", lambda store: store.history.answer(ONE, "ben", "gold.caption", "x")),
    "batch as another": ("ben", lambda store: store.captions.add_batch("cem", {})),
    "note as another": ("ben", lambda store: store.history.note("was here", member="cem")),
    "change another's token": ("ben", lambda store: store.tokens.set_guard("cem", "sha256$0$0")),
    "add a member": ("ben", lambda store: store.team.add(Member("dan"))),
    "split": ("ben", lambda store: store.team.add_round(3, "0%", None, {}, [])),
    "exclude": ("ben", lambda store: store.pictures.describe(ONE, status="excluded", reason="x")),
    "hold out": ("ben", lambda store: store.pictures.save_hold_out(["dog"], {})),
    "draw": ("ben", lambda store: store.pictures.set_split({ONE: "test"})),
    "ingest": ("ben", lambda store: store.pictures.save_source(Source("/in", "a.png", "image", 1, 1, ONE))),
    "write as another as a reviewer": ("cleo", writing("cem", writer="cleo")),
    "adjudicate under another name": ("cleo", writing("cem", origin="adjudicated", writer="ada")),
    "adjudicate under no name": ("cleo", writing("cem", origin="adjudicated")),
    "split as a reviewer": ("cleo", lambda store: store.team.add_round(3, "0%", None, {}, [])),
    "type as another as a lead": ("ada", writing("cem")),
    "adjudicate under another name as a lead": ("ada", writing("cem", origin="adjudicated", writer="cleo")),
    "answer as another as a lead": ("ada", lambda store: store.history.answer(ONE, "cem", "rating", 5)),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_database_refuses(team, what):
    member, attempt = FORBIDDEN[what]
    store = team.as_(member)
    before = contents(team.owner)
    with pytest.raises(StoreError, match=r"row-level security|permission denied") as caught:
        attempt(store)
    assert "nothing of this step was written" in caught.value.hint
    assert "docs/identity.md" in caught.value.hint
    assert contents(team.owner) == before


KEPT = ("revision", "answer", "batch", "line", "event", "round", "release", "hold_out", "image", "member", "task")
BY_HAND = ("DELETE FROM {}", "UPDATE {} SET {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE")


@pytest.mark.parametrize("member", ["ben", "cleo"])
def test_no_member_changes_or_deletes_a_row_by_hand(team, member):
    store = team.as_(member)
    for table in KEPT:
        column = tables.metadata.tables[table].primary_key.columns.keys()[0]
        for statement in BY_HAND:
            with pytest.raises(StoreError, match=r"permission denied|must be owner"):
                team.send(store, statement.format(f'"{table}"', f'"{column}" = "{column}"'))


def test_not_even_a_lead_changes_a_text(team):
    ada = team.as_("ada")
    for table in ("revision", "answer", "batch", "line", "event"):
        for statement in ("DELETE FROM {}", "UPDATE {} SET id = id"):
            with pytest.raises(StoreError, match="permission denied"):
                team.send(ada, statement.format(table))


def test_another_members_drafts_stay(team):
    ben = team.as_("ben")
    ben.captions.drop_draft(TWO, "cem")
    team.send(ben, "DELETE FROM draft")
    assert team.owner.captions.draft(TWO, "cem").text == "typing"
    assert team.owner.captions.draft(TWO, "ben") is None


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE {cem}",
        "SET ROLE postgres",
        "ALTER TABLE revision DISABLE ROW LEVEL SECURITY",
        "DROP POLICY curator_read ON revision",
        "INSERT INTO curator_access.login VALUES (current_user, 'cem')",
        "UPDATE curator_access.login SET member = 'cem'",
        "SELECT curator_access.make('another', 'x')",
        "CREATE OR REPLACE FUNCTION curator_access.me() RETURNS text LANGUAGE sql AS $$ SELECT 'cem' $$",
        "CREATE FUNCTION public.me() RETURNS text LANGUAGE sql AS $$ SELECT 'cem' $$",
        "CREATE ROLE another LOGIN",
        "GRANT {lead} TO {ben}",
        "UPDATE member SET role = 'lead' WHERE name = 'ben'",
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE task SET member = 'ben' WHERE member = 'cem'",
        "SELECT setval('revision_id_seq', 1)",
        "INSERT INTO line (id, image, author, slot) VALUES (999, repeat('2', 64), 'ben', 3)",
        "INSERT INTO event (id, at, what, detail) VALUES (999, '', 'first of all', '{{}}')",
    ],
)
def test_no_way_around(team, statement):
    prefix = f"{team.owner.database.url.database}_"
    names = {"ben": f"{prefix}ben", "cem": f"{prefix}cem", "lead": f"{prefix}_lead"}
    with pytest.raises(StoreError, match=r"permission denied|must be owner|must be a member|must have admin option"):
        team.send(team.as_("ben"), statement.format(**names))
    assert team.as_("ben").tokens.login() == "ben"


def test_a_table_of_ones_own_does_not_deceive_the_policies(team):
    ben = team.as_("ben")
    line = line_of(team.owner, "cem")
    statements = (
        "CREATE TEMP TABLE login (role name, member text)",
        "INSERT INTO pg_temp.login VALUES (current_user, 'cem')",
        "CREATE TEMP TABLE line (id int, image text, author text, slot int)",
        f"INSERT INTO pg_temp.line VALUES ({line}, '{ONE}', 'ben', 0)",
        "INSERT INTO public.revision (line, text, origin, written, state, key) "
        f"VALUES ({line}, 'x', 'tui', '', 'submitted', 'k')",
    )
    with pytest.raises(StoreError, match="row-level security"):
        team.send(ben, "; ".join(statements))


# ---- who is who


def test_the_gate_knows_whose_login_it_is(team, workspace):
    ben = team.as_("ben")
    assert (ben.tokens.login(), team.owner.tokens.login()) == ("ben", None)
    assert acting(workspace, ben, "ben").name == "ben"
    with pytest.raises(StoreError, match="the login of ben, which cannot act as cem") as caught:
        acting(workspace, ben, "cem")
    assert "--as ben" in caught.value.hint


def test_a_login_is_as_good_as_a_token(team, workspace):
    team.owner.tokens.set_guard("ada", f"sha256${'0' * 32}${'0' * 64}")
    ada = team.as_("ada")
    assert acting(workspace, ada, "ada").name == "ada"
    assert leading(workspace, ada, None).name == "ada"


def test_a_new_member_and_a_new_role_come_with_the_next_run(team):
    team.owner.team.add(Member("dan"))
    with pytest.raises(StoreError, match="does not exist"):
        team.as_("dan")
    team.apply()
    team.as_("dan").captions.submit(Writing(ONE, "dan", "late, and here"))
    team.send(team.owner, "UPDATE member SET role = CASE name WHEN 'ben' THEN 'reviewer' ELSE 'annotator' END")
    team.apply()
    team.as_("ben").captions.submit(Writing(ONE, "cem", "picked", origin="adjudicated", writer="ben"))
    with pytest.raises(StoreError, match="row-level security"):
        team.as_("cleo").captions.submit(Writing(ONE, "cem", "picked", origin="adjudicated", writer="cleo"))


def test_who_left_is_shut_out_at_once_and_may_come_back(team):
    cem = team.as_("cem")
    cem.captions.submit(Writing(ONE, "cem", "while there"))  # with this, a connection is open that would still write
    team.send(team.owner, "UPDATE member SET \"left\" = '2026-01-01' WHERE name = 'cem'")
    team.apply()
    with pytest.raises(StoreError, match="permission denied"):
        cem.captions.submit(Writing(ONE, "cem", "one more"))
    with pytest.raises(StoreError, match="not permitted to log in"):
        team.as_("cem")
    assert plan_roles(team.owner).closed == ()
    team.send(team.owner, "UPDATE member SET \"left\" = NULL WHERE name = 'cem'")
    team.apply()
    team.as_("cem").captions.submit(Writing(ONE, "cem", "back again"))


def test_again_changes_nothing(team):
    before = rights(team.owner)
    team.apply()
    team.apply()
    assert rights(team.owner) == before


def test_a_restore_is_the_owners_and_leaves_the_rights_as_they_are(team):
    path, _ = back_up(team.workspace)
    before = rights(team.owner)
    team.as_("ada")
    with pytest.raises(StoreError, match="permission denied"):
        put_back(path, team.workspace.path / "ada", force=True)
    put_back(path, team.workspace.path, force=True)
    assert rights(team.owner) == before
    team.as_("ben").captions.submit(Writing(ONE, "ben", "here again"))
    with pytest.raises(StoreError, match="row-level security"):
        team.as_("ben").captions.submit(Writing(ONE, "cem", "not mine"))


def test_another_prefix_closes_the_logins_of_the_first(team):
    plan = plan_roles(team.owner, "other_")
    assert set(plan.closed) == set(team.login.values())
    plan.apply()
    with pytest.raises(StoreError, match="not permitted to log in"):
        team.as_("ben")
    team.apply()
    team.as_("ben")


def test_a_role_that_was_there_before_is_left_alone(team, postgres_server):
    postgres_server.execute("CREATE ROLE taken_ben NOLOGIN")
    with pytest.raises(StoreError, match="taken_ben is there already") as caught:
        plan_roles(team.owner, "taken_").apply()
    assert "--prefix" in str(caught.value)
    team.as_("ben").captions.submit(Writing(ONE, "ben", "nothing changed"))


@pytest.mark.parametrize("prefix", ["", "pg_", "a b", "1", "x" * 40, 'a"b', "a;"])
def test_a_prefix_that_cannot_be_one(team, prefix):
    with pytest.raises(InputError, match="cannot begin the name of a login"):
        plan_roles(team.owner, prefix)


NAMES = ['o"brien', "o'brien", "a$$b", "$body$", "a; DROP TABLE revision; --", "%s", "ü" * 40, "ü" * 39 + "u", "{x}"]


def test_names_are_quoted(team):
    for name in NAMES:
        team.owner.team.add(Member(name))
    team.apply()
    assert len(set(team.login.values())) == len(NAMES) + 4
    for name in NAMES:
        store = team.as_(name)
        assert store.tokens.login() == name
        store.captions.submit(Writing(ONE, name, "it is I"))
        store.close()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_a_logins_name_fits(member):
    try:
        login = login_of("dogs_", member)
    except InputError:
        assert not member.isprintable() or "\\" in member
    else:
        assert len(login.encode()) <= 63
        assert login == f"dogs_{member}" or len(f"dogs_{member}".encode()) > 63


def test_every_table_is_thought_of():
    written = {table for _, _, named in GRANTS for table in named}
    assert written == set(tables.metadata.tables)
    by_member = {
        name for name, table in tables.metadata.tables.items() if {"member", "author", "line"} & {*table.c.keys()}
    }
    assert by_member - {rule[0] for rule in RULES} == {"synced"}


def test_sqlite_has_no_logins(tmp_path):
    (tmp_path / "curator.toml").write_text('name = "dogs"\n', encoding="utf-8")
    store = open_store(Workspace.find(tmp_path), create=True)
    with pytest.raises(InputError, match="SQLite file, which has no logins"):
        plan_roles(store)
    store.close()


# ---- on the command line


def test_the_sql_is_printed_and_does_what_apply_does(team, run):
    script = run("curator", "roles", "--prefix", "by_hand_", cwd=team.workspace.path).stdout
    about = json.loads(run("curator", "roles", "--prefix", "by_hand_", "--json", cwd=team.workspace.path).stdout)
    assert about["logins"] == {name: f"by_hand_{name}" for name in ("ada", "ben", "cem", "cleo")}
    assert (about["applied"], about["sql"]) == (False, script.rstrip("\n"))
    assert (script.startswith("BEGIN;\n"), script.endswith("COMMIT;\n")) == (True, True)
    with team.owner.database.write() as connection:
        connection.connection.cursor().execute(script.removeprefix("BEGIN;\n").removesuffix("COMMIT;\n"))
    plan = plan_roles(team.owner, "by_hand_")
    before = rights(team.owner)
    plan.apply()
    assert (plan.closed, rights(team.owner)) == ((), before)


def test_apply_says_which_logins_there_are(team, run):
    done = run("curator", "roles", "--apply", cwd=team.workspace.path)
    assert f"ben: login {team.login['ben']}" in done.stdout
    assert "\\password" in done.stderr


def test_a_member_cannot_apply(team, run):
    team.as_("ben")
    done = run("curator", "roles", "--apply", cwd=team.workspace.path / "ben", code=3)
    assert "permission denied" in done.stderr


def contents(store):
    with store.database.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(table.select())]
            for name, table in tables.metadata.tables.items()
        }


RIGHTS = """
SELECT 'grant', grantee::text, table_name::text, privilege_type::text FROM information_schema.role_table_grants
UNION ALL SELECT 'column', grantee, table_name || '.' || column_name, privilege_type
    FROM information_schema.column_privileges
UNION ALL SELECT 'policy', polname, polrelid::regclass::text, pg_get_expr(polwithcheck, polrelid) FROM pg_policy
UNION ALL SELECT 'member', roleid::regrole::text, member::regrole::text, '' FROM pg_auth_members
ORDER BY 1, 2, 3, 4
"""


def rights(store):
    with store.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(RIGHTS))]
