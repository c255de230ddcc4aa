import json

import pytest

from curator.record import Source


def test_status_counts_what_is_there(run, filled):
    run("curator", "split", "--seed", "1", cwd=filled.path)
    figures = json.loads(run("curator", "status", "--json", cwd=filled.path).stdout)
    assert figures["pictures"] == 12
    assert figures["captions"] == 11
    assert figures["unready"] == {"no caption": 1}
    assert figures["subjects"] == {"cat": 4, "dog": 4, "owl": 4}
    assert {member["name"]: member["own"] for member in figures["members"]} == {"ada": 6, "ben": 6}
    assert all(member["open"] == 6 for member in figures["members"])


def test_list_filters_and_gives_json(run, filled):
    rows = json.loads(run("curator", "list", "--json", "--subject", "owl", cwd=filled.path).stdout)
    assert [row["name"] for row in rows] == ["08.png", "09.png", "10.png", "11.png"]
    unready = json.loads(run("curator", "list", "--json", "--unready", cwd=filled.path).stdout)
    assert [row["name"] for row in unready] == ["11.png"]


@pytest.mark.parametrize("name", ["03.png", "03"])
def test_show_finds_a_picture_by_name_or_stem(run, filled, name):
    about = json.loads(run("curator", "show", name, "--json", cwd=filled.path).stdout)
    assert about["name"] == "03.png"
    assert about["captions"][0]["text"] == "picture number 3"
    by_id = json.loads(run("curator", "show", about["id"][:10], "--json", cwd=filled.path).stdout)
    assert by_id == about


def test_show_of_an_unknown_picture_is_one_clear_line(run, filled):
    done = run("curator", "show", "99.png", cwd=filled.path, code=3)
    assert done.stderr.startswith("error: no picture is called '99.png'")
    assert done.stdout == ""


def test_an_ambiguous_name_is_refused_with_the_candidates(run, filled, store_of):
    store = store_of(filled)
    for name, folder in (("00.png", "more"), ("01.png", "other")):
        image = store.records.find(name).image.id
        store.pictures.save_source(Source("elsewhere", f"{folder}/x.png", "image", 1, 1, image))
    refused = run("curator", "show", "x.png", cwd=filled.path, code=3)
    assert "'x.png' means 2 pictures: more/x.png, other/x.png" in refused.stderr


def test_history_holds_every_text_in_order(run, filled, write):
    write("00.png", "ada", "first")
    write("00.png", "ada", "second")
    rows = json.loads(run("curator", "history", "00.png", "--json", cwd=filled.path).stdout)
    assert [row["text"] for row in rows] == ["picture number 0", "first", "second"]
    assert [row["base"] for row in rows[1:]] == [None, rows[1]["id"]]


def test_captions_cannot_send_escapes_to_the_terminal(run, filled, write):
    write("00.png", "ada", "red\x1b[31m \x07bell")
    for command in (["list"], ["show", "00.png"], ["history"]):
        shown = run("curator", *command, cwd=filled.path).stdout
        assert "\x1b" not in shown
        assert "\x07" not in shown
