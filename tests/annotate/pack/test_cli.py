"""`annotate pack` and `annotate merge`, as processes."""

import json

import pytest

from annotate.pack.desk import close_pack, open_pack
from curator.store import open_store
from curator.store.captions import Writing


def write_in(file, name, text):
    """Caption a picture in a pack, as the app would."""
    workspace, member = open_pack(file)
    store = open_store(workspace)
    image = store.records.find(name).image.id
    own = store.captions.revisions(image, member)
    store.captions.submit(Writing(image, member, text, base=own[-1].id if own else None))
    store.close()
    return workspace


@pytest.fixture
def packed(crew, run, tmp_path):
    """ada's pack."""
    file = tmp_path / "ada.pack"
    run("annotate", "pack", "--as", "ada", "-o", file, cwd=crew.workspace.path)
    return file


def test_there_and_back(crew, run, packed, monkeypatch):
    write_in(packed, "bare", "a dog on a bed")
    done = run("annotate", "pack", "--close", packed)
    assert "1 text written in it" in done.stdout
    assert "next, where the store is: annotate merge ada.pack" in done.stderr
    for said in ("1 new text, 0 already known", "0 new texts, 1 already known"):
        assert said in run("annotate", "merge", packed, cwd=crew.workspace.path).stdout
    assert crew.texts("bare") == ["a dog on a bed"]


def test_the_file_is_named_for_the_set_and_the_member(crew, run):
    done = run("annotate", "pack", "--as", "ada", "--size", "64", cwd=crew.workspace.path)
    assert done.stdout.startswith("dogs-ada.pack: 5 pictures")
    assert (crew.workspace.path / "dogs-ada.pack").is_file()
    again = run("annotate", "pack", "--as", "ada", cwd=crew.workspace.path, code=3)
    assert "is there already" in again.stderr


def test_a_conflict_is_said_and_shown(crew, run, packed):
    write_in(packed, "bare", "from the pack")
    close_pack(packed)
    crew.write("bare", "from home")
    done = run("annotate", "merge", packed, cwd=crew.workspace.path)
    assert "in conflict (1), both texts are kept: bare.png" in done.stdout
    listed = run("curator", "list", "--unready", "--json", cwd=crew.workspace.path).stdout
    assert {each["name"]: each["state"] for each in json.loads(listed)}["bare.png"] == "conflict"
    shown = run("curator", "show", "bare", cwd=crew.workspace.path).stdout
    assert "from the pack" in shown
    assert "from home" in shown


def test_json_says_everything_and_a_dry_run_writes_nothing(crew, run, packed, tmp_path):
    write_in(packed, "bare", "a dog")
    close_pack(packed)
    (tmp_path / "broken.pack").write_bytes(packed.read_bytes()[:-50])
    files = (packed, tmp_path / "broken.pack")
    done = run("annotate", "merge", *files, "--json", "--dry-run", cwd=crew.workspace.path, code=3)
    told = json.loads(done.stdout)
    assert told["dry_run"] is True
    assert [(each["member"], each["new"], each["known"], each["conflicts"]) for each in told["packs"]] == [
        ("ada", 1, 0, [])
    ]
    assert [each["file"] for each in told["refused"]] == [str(files[1])]
    assert crew.texts("bare") == []


def test_a_pack_that_is_refused_stops_no_other(crew, run, packed, tmp_path):
    write_in(packed, "bare", "a dog")
    close_pack(packed)
    for name in ("1", "2"):
        (tmp_path / name).write_bytes(b"no pack")
    done = run("annotate", "merge", tmp_path / "1", packed, tmp_path / "2", cwd=crew.workspace.path, code=3)
    assert "2 of 3 packs were refused" in done.stderr
    assert crew.texts("bare") == ["a dog"]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("pack",), 2, "give either --as MEMBER or --close FILE"),
        (("pack", "--as", "ada", "--close", "x"), 2, "give either"),
        (("pack", "--as", "dora"), 3, "no member is called 'dora'"),
        (("pack", "--as", "cem"), 3, "has no pictures to caption"),
        (("pack", "--as", "ada", "--size", "1"), 2, "size"),
        (("pack", "--close", "none"), 3, "was never opened here"),
        (("merge",), 2, "FILE"),
        (("merge", "none"), 3, "no such file"),
        (("merge", "curator.toml"), 3, "it is no pack"),
    ],
)
def test_wrong_calls(crew, run, line, code, said):
    done = run("annotate", *line, cwd=crew.workspace.path, code=code)
    assert said in done.stderr
    assert [each.name for each in crew.workspace.path.glob("*.pack")] == []


def test_a_member_with_a_token_needs_it(crew, run, tmp_path):
    run("curator", "token", "new", "ada", cwd=crew.workspace.path)
    line = ("annotate", "pack", "--as", "ada", "-o", tmp_path / "a.pack")
    elsewhere = {"HOME": str(tmp_path / "elsewhere")}
    assert "has a token" in run(*line, cwd=crew.workspace.path, env=elsewhere, code=4).stderr
    run(*line, cwd=crew.workspace.path)
