"""Folders into the store: pairs, authors, subjects, and what a second ingest does."""

import hashlib
import os
import sys

import pytest

from curator.blobs import Blobs
from curator.captions import heads
from curator.errors import InputError
from curator.ingest.job import ingest
from curator.ingest.request import Request
from curator.record import Draft, Member
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

OPENED: list[str] | None = None
"""Where the audit hook below writes the paths of opened files, while a test counts them."""


def _note(event, arguments):
    if event == "open" and OPENED is not None and isinstance(arguments[0], str | bytes):
        OPENED.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@pytest.fixture
def opened_files():
    """`opened_files(root, function)` gives the files below `root` that the system opened while `function` ran."""

    def count(root, function):
        global OPENED
        OPENED = []
        try:
            function()
            return [path for path in OPENED if path.startswith(f"{root}/") and os.path.isfile(path)]
        finally:
            OPENED = None

    return count


@pytest.fixture
def captions(store):
    """The texts of each picture's lines, newest of each, by source path: (author, slot, text)."""

    def read():
        found = {}
        for record in store.records.all(excluded=True):
            newest = {each.line: (each.author, each.slot, each.text) for each in record.revisions}
            found[record.name] = sorted(newest.values())
        return found

    return read


def test_pairs_sidecars_and_a_table_come_to_the_same(folder, picture, take, captions):
    root = folder(
        {
            "images/0.jpg": picture(0, "JPEG"),
            "captions/0.txt": "zero",
            "side/1.png": picture(1),
            "side/1.txt": "one ",
            "2.webp": picture(2, "WEBP"),
            "table.csv": "image,caption,author,subject\n2.webp,two,ada,owl\n0.jpg,,ben,\n",
        }
    )
    summary = take(root, table=root / "table.csv")
    assert captions() == {
        "images/0.jpg": [("ben", 0, "zero")],
        "side/1.png": [("", 0, "one ")],
        "2.webp": [("ada", 0, "two")],
    }
    assert (summary.pictures, summary.captions, summary.authors) == (3, 3, ("ada", "ben"))
    assert summary.read == 5
    assert summary.other_files == []


def test_unknown_authors_become_contributors_and_members_stay_what_they_are(folder, picture, take, store):
    store.team.add(Member("ada"))
    root = folder({"a.png": picture(1), "t.csv": "image,caption,author\na.png,one,ada\na.png,two,zoe\n"})
    summary = take(root, table=root / "t.csv")
    assert summary.new_members == ["zoe"]
    assert {member.name: member.role for member in store.team.members()} == {"ada": "annotator", "zoe": "contributor"}


def test_descriptions_come_from_table_folder_and_options_in_that_order(folder, picture, take, store):
    root = folder(
        {
            "dog/0.png": picture(0),
            "owl/0.png": picture(1),
            "t.csv": "image,subject,licence,source\nowl/0.png,barn owl,CC0,https://x.example\n",
        }
    )
    take(root, table=root / "t.csv", licence="CC-BY-4.0")
    found = {record.name: record.image for record in store.records.all()}
    assert [(found[name].subject, found[name].licence, found[name].origin) for name in ("dog/0.png", "owl/0.png")] == [
        ("dog", "CC-BY-4.0", None),
        ("barn owl", "CC0", "https://x.example"),
    ]
    again = take(root, licence="MIT")
    assert again.described == 0
    (root / "t.csv").write_text("image,subject\nowl/0.png,tawny owl\n")
    assert take(root, table=root / "t.csv").described == 1
    assert store.records.find("owl/0.png").image.subject == "tawny owl"


def test_files_with_the_same_bytes_are_one_picture_with_each_different_caption(folder, picture, take, store, captions):
    same = picture(1)
    root = folder(
        {"a/0.png": same, "b/0.png": same, "c/0.png": same, "a/0.txt": "one", "b/0.txt": "two", "c/0.txt": "one"}
    )
    summary = take(root)
    assert captions() == {"a/0.png": [("", 0, "one"), ("", 1, "two")]}
    assert store.records.find("c/0.png").sources == ("a/0.png", "b/0.png", "c/0.png")
    assert summary.same_bytes == [["a/0.png", "b/0.png", "c/0.png"]]
    assert (summary.pictures, summary.captions) == (1, 2)
    assert not take(root).changed


def test_what_has_no_counterpart_is_listed(folder, picture, take):
    root = folder(
        {"a.png": picture(1), "b.txt": "alone", "bad.png": b"", "bad.txt": "waits", "notes.md": "x"}
        | {"t.csv": "image,author\nmissing.png,ada\n"}
    )
    summary = take(root, table=root / "t.csv")
    assert summary.without_caption == ["a.png"]
    assert summary.captions_without_picture == ["bad.txt (its picture is quarantined)", "b.txt"]
    assert summary.rows_without_picture == ["line 2: missing.png"]
    assert summary.other_files == ["notes.md"]
    assert summary.quarantined == {"bad.png": "empty: a file of 0 bytes"}


def test_a_table_that_was_not_named_is_not_passed_over_in_silence(folder, picture, take):
    root = folder({"a.png": picture(1), "subjects.csv": "image,subject\na.png,dog\n", "notes.md": "x"})
    told = list(take(root).lines())
    assert "tables, passed over (read one with --table FILE) (1): subjects.csv" in told
    assert "other files, passed over (1): notes.md" in told


def test_a_second_ingest_opens_no_file_and_writes_nothing(
    folder, picture, take, contents, workspace, opened_files, store
):
    root = folder({f"d{number % 3}/{number}.png": picture(number) for number in range(12)})
    folder({f"d{number % 3}/{number}.txt": f"caption {number}" for number in range(12)})
    assert len(opened_files(root, lambda: take(root))) == 24
    before, events = contents(workspace), store.history.events()
    summaries = []
    assert opened_files(root, lambda: summaries.append(take(root))) == []
    (again,) = summaries
    assert (again.read, again.changed, again.pictures, again.captions) == (0, False, 12, 12)
    assert contents(workspace) == before
    assert store.history.events() == events


def test_only_what_is_new_is_opened(folder, picture, take, opened_files):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    folder({"1.png": picture(1), "1.txt": "one"})
    assert sorted(opened_files(root, lambda: take(root))) == [f"{root}/1.png", f"{root}/1.txt"]


def test_a_touched_file_is_read_and_found_to_be_the_same(folder, picture, take, rewrite, contents, workspace):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    for name in ("0.png", "0.txt"):
        rewrite(root / name, (root / name).read_bytes())
    summary = take(root)
    assert (summary.read, summary.changed) == (2, False)
    assert take(root).read == 0


def test_an_edited_caption_is_a_new_revision_of_its_line(folder, picture, take, rewrite, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    rewrite(root / "0.txt", "nought")
    summary = take(root)
    rewrite(root / "0.txt", "zero")
    take(root)
    revisions = store.captions.revisions()
    assert [(each.text, each.base) for each in revisions] == [
        ("zero", None),
        ("nought", revisions[0].id),
        ("zero", revisions[1].id),
    ]
    assert {each.origin for each in revisions} == {"import"}
    assert (summary.changed_captions, summary.new_captions) == (1, 0)


def test_an_edit_on_disk_and_one_by_the_member_are_a_conflict_and_both_stay(folder, picture, take, rewrite, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root, author="ada")
    (imported,) = store.captions.revisions()
    store.captions.submit(Writing(imported.image, "ada", "by hand", base=imported.id))
    rewrite(root / "0.txt", "on disk")
    take(root)
    revisions = store.captions.revisions()
    assert {each.text for each in heads(revisions)} == {"by hand", "on disk"}
    assert store.records.find("0.png").unready == "conflict"


def test_a_file_that_follows_what_the_member_wrote_is_no_news(folder, picture, take, rewrite, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root, author="ada")
    (imported,) = store.captions.revisions()
    store.captions.submit(Writing(imported.image, "ada", "by hand", base=imported.id))
    rewrite(root / "0.txt", "by hand")
    assert not take(root).changed


def test_an_ingest_leaves_a_draft_alone(folder, picture, take, rewrite, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root, author="ada")
    (imported,) = store.captions.revisions()
    store.captions.save_draft(Draft(imported.image, "ada", 0, "half a sen", ("half",), imported.id))
    rewrite(root / "0.txt", "on disk")
    take(root)
    assert [draft.text for draft in store.captions.drafts("ada")] == ["half a sen"]


def test_an_author_named_later_takes_the_caption_over(folder, picture, take, captions):
    root = folder({"0.png": picture(0), "0.txt": "zero", "t.csv": "image,by\n0.png,ada\n"})
    take(root)
    summary = take(root, table=root / "t.csv", columns={"by": "author"})
    assert captions() == {"0.png": [("", 0, "zero"), ("ada", 0, "zero")]}
    assert summary.authors == ("ada",)
    without_table = take(root)
    assert (without_table.changed, without_table.read, without_table.authors) == (False, 0, ("ada",))


def test_a_caption_edited_in_the_table_is_a_revision_of_its_line(folder, picture, take, store):
    root = folder({"0.png": picture(0), "t.csv": "image,caption,author\n0.png,zero,ada\n0.png,null,ben\n"})
    take(root, table=root / "t.csv")
    (root / "t.csv").write_text("image,caption,author\n0.png,null,ben\n0.png,nought,ada\n")
    summary = take(root, table=root / "t.csv")
    assert (summary.changed_captions, summary.new_captions) == (1, 0)
    assert [(each.author, each.text) for each in heads(store.captions.revisions())] == [
        ("ben", "null"),
        ("ada", "nought"),
    ]
    assert not take(root, table=root / "t.csv").changed


def test_a_renamed_pair_keeps_its_picture_and_its_line(folder, picture, take, captions, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    (root / "0.png").rename(root / "new.png")
    (root / "0.txt").rename(root / "new.txt")
    (root / "new.txt").write_text("nought")
    summary = take(root)
    assert captions() == {"new.png": [("", 0, "nought")]}
    assert (summary.new_images, summary.changed_captions, summary.gone) == ([], 1, [])
    assert [source.path for source in store.pictures.sources()] == ["new.png", "new.txt"]


def test_a_deleted_file_is_reported_and_nothing_is_lost(folder, picture, take, captions):
    root = folder({"0.png": picture(0), "0.txt": "zero", "1.png": picture(1)})
    take(root)
    (root / "0.png").unlink()
    (root / "0.txt").unlink()
    summary = take(root)
    assert summary.gone == ["0.png", "0.txt"]
    assert captions()["0.png"] == [("", 0, "zero")]


def test_a_replaced_picture_is_a_new_one_and_the_old_one_is_excluded(folder, picture, take, rewrite, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    (old,) = store.pictures.all()
    rewrite(root / "0.png", picture(7))
    summary = take(root)
    assert (len(summary.new_images), summary.replaced) == (1, ["0.png"])
    (record,) = store.records.all()
    assert (record.image.id, record.captions[0].text) == (summary.new_images[0], "zero")
    excluded = store.pictures.get(old.id)
    assert (excluded.status, excluded.reason) == ("excluded", "its file holds another picture now")
    assert store.captions.revisions(old.id)[0].text == "zero"
    rewrite(root / "0.png", picture(0))
    take(root)
    assert [record.image.id for record in store.records.all()] == [old.id]


def test_pictures_that_change_places_are_both_kept(folder, picture, take, rewrite, store, captions):
    root = folder({"0.png": picture(0), "1.png": picture(1), "0.txt": "zero", "1.txt": "one"})
    take(root, batch=1)
    rewrite(root / "0.png", picture(1))
    rewrite(root / "1.png", picture(0))
    take(root, batch=1)
    assert {record.image.status for record in store.records.all(excluded=True)} == {"ok"}
    assert [record.captions[0].text for record in store.records.all()]


def test_a_file_that_went_bad_keeps_the_picture_that_was_read_from_it(folder, picture, take, rewrite, store):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    rewrite(root / "0.png", picture(0)[:60])
    summary = take(root)
    assert summary.quarantined.keys() == {"0.png"}
    (record,) = store.records.all()
    assert (record.name, record.unready) == ("0.png", None)
    rewrite(root / "0.png", picture(0))
    assert take(root).quarantined == {}


def test_a_caption_that_went_bad_keeps_its_line(folder, picture, take, rewrite, captions):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    rewrite(root / "0.txt", b"\xff")
    assert take(root).quarantined.keys() == {"0.txt"}
    rewrite(root / "0.txt", "nought")
    assert take(root).quarantined == {}
    assert captions() == {"0.png": [("", 0, "nought")]}


def test_quarantine_is_tried_again_only_when_the_file_changed(folder, picture, take, rewrite, opened_files):
    root = folder({"a.png": picture(0), "bad.jpg": b"not a picture"})
    take(root)
    assert opened_files(root, lambda: take(root)) == []
    rewrite(root / "bad.jpg", picture(1, "JPEG"))
    summary = take(root)
    assert (summary.quarantined, summary.pictures) == ({}, 2)


def test_a_dry_run_says_the_same_and_writes_nothing(folder, picture, take, contents, workspace):
    root = folder({f"{number}.png": picture(number) for number in range(5)} | {"bad.png": b""})
    folder({f"{number}.txt": f"caption {number}" for number in range(4)})
    before = contents(workspace)
    dry = take(root, dry_run=True, author="ada")
    assert contents(workspace) == before
    wet = take(root, author="ada")
    assert {**dry.as_json(), "dry_run": False} == wet.as_json()
    assert (dry.pictures, dry.captions, dry.new_members) == (5, 4, ["ada"])


def test_changes_are_recorded_with_the_picture_and_counted(folder, picture, take, make, store):
    dirty = make.with_segments(picture(1, "JPEG"), make.exif_app1(orientation=6))
    clean = make.with_segments(picture(2, "JPEG"), make.segment(0xFE, b"by Ada"))
    summary = take(folder({"0.jpg": dirty, "1.jpg": clean, "2.jpg": picture(3, "JPEG")}))
    assert summary.removed == {"EXIF": 1, "GPS position": 1, "comment": 1}
    assert (summary.cleaned, summary.converted) == (2, {"turned upright": 1})
    changes = {record.name: record.image.changes for record in store.records.all()}
    assert changes == {
        "0.jpg": ("EXIF removed", "GPS position removed", "turned upright"),
        "1.jpg": ("comment removed",),
        "2.jpg": (),
    }


def test_the_blob_is_what_is_kept_and_the_id_what_was_found(folder, picture, take, make, store, workspace):
    dirty = make.with_segments(picture(1, "JPEG"), make.exif_app1())
    take(folder({"0.jpg": dirty, "1.jpg": picture(2, "JPEG")}))
    first, second = (record.image for record in store.records.all())
    assert first.id == hashlib.sha256(dirty).hexdigest()
    assert Blobs(workspace.blobs).read(first.blob) == picture(1, "JPEG")
    assert second.id == second.blob


def test_a_lost_blob_comes_back_when_its_file_is_read_again(folder, picture, take, rewrite, store, workspace):
    root = folder({"0.png": picture(0)})
    take(root)
    (image,) = store.pictures.all()
    blobs = Blobs(workspace.blobs)
    blobs.path(image.blob).unlink()
    rewrite(root / "0.png", picture(0))
    take(root)
    assert blobs.has(image.blob)


def test_the_workspace_around_the_pictures_is_not_ingested(folder, picture, take, workspace, store):
    (workspace.path / "mine").mkdir()
    (workspace.path / "mine" / "0.png").write_bytes(picture(0))
    for name in ("blobs", "releases", "runs", "reports"):
        (workspace.path / name).mkdir()
        (workspace.path / name / "other.png").write_bytes(picture(1))
    assert take(workspace.path).other_files == []
    assert [source.path for source in store.pictures.sources()] == ["mine/0.png"]
    with pytest.raises(InputError, match="belongs to the workspace itself"):
        take(workspace.path / "releases")


def test_a_folder_that_is_a_link_in_a_loop_is_refused(take, tmp_path):
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(InputError, match="no such folder"):
        take(tmp_path / "round")


def test_a_folder_without_pictures_is_refused(folder, take):
    with pytest.raises(InputError, match="holds no pictures") as caught:
        take(folder({"notes.txt": "x"}))
    assert ".jpg" in caught.value.hint


def test_two_folders_with_the_same_pictures_share_them(folder, picture, take, tmp_path, store, captions):
    root = folder({"0.png": picture(0), "0.txt": "zero"})
    take(root)
    other = tmp_path / "copy"
    other.mkdir()
    (other / "0.png").write_bytes(picture(0))
    (other / "0.txt").write_text("another")
    summary = take(other)
    assert summary.new_images == []
    assert captions() == {"0.png": [("", 0, "zero"), ("", 1, "another")]}


def test_ingest_is_the_same_whatever_the_batch(folder, picture, tmp_path, contents):
    root = folder({f"d{number % 3}/{number}.png": picture(number % 8) for number in range(12)})
    folder({f"d{number % 3}/{number}.txt": f"caption {number}" for number in range(12)})
    results = []
    for batch in (1, 5, 100):
        place = tmp_path / f"w{batch}"
        place.mkdir()
        (place / "curator.toml").write_text('name = "x"\n')
        space = Workspace.find(place)
        store = open_store(space, create=True)
        ingest(space, store, Request(root, batch=batch))
        store.close()
        results.append(contents(space))
    assert results[0] == results[1] == results[2]
