import json


def names(run, workspace, *arguments):
    rows = json.loads(run("curator", "list", "--json", *arguments, cwd=workspace.path).stdout)
    return [row["name"] for row in rows]


def test_the_list_takes_a_filter_and_an_order(run, filled, write):
    write("03.png", "ada", "a very long caption of a cat")
    assert names(run, filled, "--filter", "subject:owl -caption:none") == ["08.png", "09.png", "10.png"]
    assert names(run, filled, "--filter", "author:ada or caption:none", "--sort=-words") == ["03.png", "11.png"]
    assert names(run, filled, "--filter", "subject:cat", "--sort", "words") == ["00.png", "01.png", "02.png", "03.png"]
    assert len(names(run, filled)) == 12


def test_attributes_of_curator_toml_are_fields(run, filled, store_of):
    with (filled.path / "curator.toml").open("a", encoding="utf-8") as file:
        file.write('[attributes]\npose = ["sitting", "standing"]\n')
    store = store_of(filled)
    store.history.answer(store.records.find("04.png").image.id, "ada", "pose", "sitting")
    assert names(run, filled, "--filter", "pose:sitting") == ["04.png"]
    assert names(run, filled, "--sort", "pose")[0] == "04.png"


def test_a_filter_that_makes_no_sense_is_shown_with_its_place(run, filled):
    done = run("curator", "list", "--filter", "dog nmae:x", cwd=filled.path, code=3)
    assert "        dog nmae:x".strip() in done.stderr
    assert "^^^^" in done.stderr
    assert "did you mean 'name'?" in done.stderr
    assert done.stdout == ""
    assert "cannot be sorted by 'x'" in run("curator", "list", "--sort", "x", cwd=filled.path, code=3).stderr
