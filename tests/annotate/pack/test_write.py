"""What goes into a pack, and what does not."""

import json
import zipfile

import pytest
from PIL import Image as Pillow

from annotate.pack.parcel import read_parcel
from curator.errors import InputError
from curator.record import Draft, Image


def about(team, file):
    """picture → texts that the pack holds of it."""
    texts = {}
    for each in read_parcel(file).contents.texts:
        texts.setdefault(team.names[each.image], set()).add(each.text)
    return texts


def test_a_member_gets_the_own_pictures_and_what_may_be_seen_of_them(team):
    for author in ("ada", "ben", "cleo"):
        team.write("shared", f"{author} on shared", author)
        team.write("a1", f"{author} on a1", author)
    team.write("shared", "by a model", author="blip", origin="draft:blip")
    team.write("b1", "ben on b1", "ben")
    file = team.pack("ada")
    assert about(team, file) == {
        "shared": {"ada on shared"},
        "a1": {"ada on a1", "ben on a1", "cleo on a1"},
    }
    parcel = read_parcel(file)
    assert [team.names[each.id] for each in parcel.contents.pictures] == ["a1", "a2", "shared", "both"]
    assert {(each.name, each.role) for each in parcel.contents.people} == {
        ("ada", "lead"), ("ben", "annotator"), ("cleo", "annotator"),
    }  # fmt: skip
    assert parcel.archive.files["guide.md"] == b"Name the breed.\n"
    assert parcel.contents.rules.attributes == {"pose": ("sitting", "lying"), "tags": ()}
    assert (parcel.manifest.data_set, parcel.manifest.member, parcel.manifest.round) == ("dogs", "ada", 1)
    assert parcel.manifest.sequence == team.store.captions.sequence()


def test_answers_of_others_stay_at_home_where_a_picture_is_blind_and_references_always(team):
    for picture in ("a1", "shared"):
        for member in ("ada", "ben"):
            team.store.history.answer(team.images[picture], member, "pose", "sitting")
        team.store.history.answer(team.images[picture], "ada", "gold.caption", "the answer")
        team.store.history.answer(team.images[picture], "ada", "approve.0", 3)
    said = read_parcel(team.pack("ada")).contents.said
    assert {(team.names[each.image], each.member, each.key) for each in said} == {
        ("a1", "ada", "pose"),
        ("a1", "ben", "pose"),
        ("shared", "ada", "pose"),
    }


def test_no_word_of_a_blind_picture_is_in_the_vocabulary(team):
    team.write("shared", "a dalmatian", "ben")
    team.write("b1", "a whippet", "ben")
    assert read_parcel(team.pack("ada")).contents.vocabulary == {"a": 1, "whippet": 1}


def test_a_pack_tells_nothing_of_the_machine(team, tmp_path):
    team.write("a1", "a dog")
    with zipfile.ZipFile(team.pack("ada")) as pack:
        everything = b"".join(pack.read(name) for name in pack.namelist() if not name.startswith("pictures/"))
    for secret in (str(tmp_path), "/home/ada", "secret", "token", "postgres"):
        assert secret.encode() not in everything, secret


def test_the_same_store_and_options_make_the_same_bytes(team):
    team.write("a1", "a dog")
    first, second = team.pack("ada", "1"), team.pack("ada", "2")
    assert first.read_bytes() == second.read_bytes()
    assert team.pack("ada", "3", longest_side=80).read_bytes() != first.read_bytes()
    team.write("a1", "a brown dog")
    fourth = team.pack("ada", "4")
    assert read_parcel(fourth).manifest.pack != read_parcel(first).manifest.pack


@pytest.mark.parametrize(("side", "size"), [(100, (100, 75)), (1024, (160, 120))])
def test_pictures_are_made_small_and_never_large(team, side, size):
    parcel = read_parcel(team.pack("ada", longest_side=side))
    for each in parcel.contents.pictures:
        assert (each.width, each.height, each.format) == (*size, "JPEG")


def test_originals_are_taken_as_they_are(team):
    parcel = read_parcel(team.pack("ada", longest_side=None))
    for each in parcel.contents.pictures:
        assert each.file == each.id
        assert each.format == "PNG"


def test_a_small_picture_looks_like_the_large_one(team):
    import io

    from curator.blobs import Blobs

    parcel = read_parcel(team.pack("ada", longest_side=80))
    each = parcel.contents.pictures[0]
    small = Pillow.open(io.BytesIO(parcel.archive.picture(each.file))).convert("RGB").resize((8, 6))
    large = Pillow.open(Blobs(team.workspace.blobs).open(each.id)).convert("RGB").resize((8, 6))
    pairs = zip(small.tobytes(), large.tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) < 24


def test_a_picture_that_cannot_be_read_stays_at_home_with_its_task(team):
    from annotate.pack.write import write_pack
    from curator.blobs import Blobs

    Blobs(team.workspace.blobs).path(team.images["a2"]).unlink()
    made = write_pack(team.workspace, team.store, "ada", team.desks / "p")
    assert [name for name, _ in made.left_out] == ["a2.png"]
    contents = read_parcel(made.file).contents
    assert made.pictures == 3
    assert team.images["a2"] not in {each.id for each in contents.pictures} | {each.image for each in contents.jobs}


def test_drafts_go_along(team, opened):
    team.store.captions.save_draft(Draft(team.images["a1"], "ada", 0, "half a", ("h", "half"), None))
    desk = opened(team.pack("ada"))
    assert desk.store.captions.drafts("ada") == team.store.captions.drafts("ada")


@pytest.mark.parametrize(("member", "said"), [("dora", "no member is called 'dora'"), ("ben", "has no pictures")])
def test_who_cannot_have_a_pack(team, member, said):
    for task in team.store.team.tasks("ben"):
        team.store.team.close_task(task.id, "passed")
    with pytest.raises(InputError, match=said):
        team.pack(member)
    assert list(team.desks.iterdir()) == []


def test_a_file_that_may_hold_work_is_not_overwritten(team):
    file = team.pack("ada")
    content = file.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        team.pack("ada")
    assert file.read_bytes() == content
    assert [each.name for each in team.desks.iterdir()] == ["ada.pack"]


def test_names_of_two_folders_do_not_meet(team):
    from curator.record import Source

    extra = team.store.pictures.get(team.images["a1"])
    other = Image("f" * 64, extra.blob, extra.width, extra.height, "PNG")
    team.store.pictures.add(other)
    team.store.pictures.save_source(Source("/home/ben/dogs", "a1.png", "image", 1, 0, image=other.id))
    team.store.team.add_round(2, "0", None, {}, [("ada", "own", other.id)])
    found = {each.id: (each.root, each.name) for each in read_parcel(team.pack("ada")).contents.pictures}
    assert found[team.images["a1"]] != found[other.id]


def test_the_manifest_is_readable_json(team):
    with zipfile.ZipFile(team.pack("ada")) as pack:
        manifest = json.loads(pack.read("manifest.json"))
        assert set(manifest["entries"]) == set(pack.namelist()) - {"manifest.json"}
    assert manifest["format"] == 1
