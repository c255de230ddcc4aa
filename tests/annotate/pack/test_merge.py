"""Packs back into the store: the same result however often and in whatever order, and what is refused."""

import random
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from annotate.pack.archive import new_archive, picture_name
from annotate.pack.form import Said
from annotate.pack.merge import merge_pack
from annotate.pack.parcel import read_parcel
from annotate.pack.write import seal
from curator.errors import InputError
from curator.record import Draft, Member
from curator.store import open_store
from curator.workspace import Workspace


def test_a_text_from_a_pack_says_what_it_was_based_on_and_how_it_was_written(team, opened):
    first = team.write("a1", "a dog")
    desk = opened(team.pack())
    written = desk.write("a1", "a brown dog", seconds=12.5, slot=0)
    second = desk.write("a1", "on a bed", slot=1)
    desk.close()
    (merged,) = team.merge(desk.file)
    assert (merged.member, merged.new, merged.known, merged.conflicts, merged.skipped) == ("ada", 2, 0, (), ())
    _, came, other = team.store.captions.revisions(team.images["a1"])
    assert (came.text, came.base, came.origin, came.seconds, came.slot) == ("a brown dog", first.id, "pack", 12.5, 0)
    assert came.written == written.written
    assert (other.text, other.base, other.slot, other.written) == ("on a bed", None, 1, second.written)


def test_states_reasons_answers_and_sources_come_along(team, opened):
    draft = team.write("a2", "a dog, says the model", author="blip", origin="draft:blip")
    desk = opened(team.pack())
    machine = desk.store.captions.revisions(team.images["a2"])[0]
    desk.write("a2", "a dog", source=machine.id)
    desk.store.team.close_task(desk.task("a1").id, "skipped", "too dark")
    for value in (3, 5):
        desk.store.history.answer(team.images["a1"], "ada", "rating", value)
    desk.close()
    (merged,) = team.merge(desk.file)
    assert (merged.states, merged.answers) == (2, 2)
    states = {team.names[task.image]: (task.state, task.reason) for task in team.store.team.tasks("ada")}
    assert states["a1"] == ("skipped", "too dark")
    assert states["a2"] == ("submitted", None)
    assert team.store.history.answers()[team.images["a1"]] == {"rating": 5}
    assert team.store.captions.revisions(team.images["a2"])[-1].source == draft.id


def test_an_overtaken_base_makes_a_conflict_and_both_texts_stay(team, opened):
    team.write("a1", "a dog")
    desk = opened(team.pack())
    team.write("a1", "a large dog")
    desk.write("a1", "a brown dog")
    desk.close()
    for again in (False, True):
        (merged,) = team.merge(desk.file)
        assert (merged.new, merged.known, merged.conflicts) == ((0, 1) if again else (1, 0)) + (("a1.png",),)
    record = team.store.records.find("a1")
    assert {each.text for each in record.conflicts[0]} == {"a large dog", "a brown dog"}
    assert record.unready == "conflict"


def test_what_a_member_is_typing_at_home_stays(team, opened):
    desk = opened(team.pack())
    desk.write("a1", "from the pack")
    desk.close()
    team.store.captions.save_draft(Draft(team.images["a1"], "ada", 0, "half a", (), None))
    team.merge(desk.file)
    assert team.store.captions.draft(team.images["a1"], "ada").text == "half a"


def test_drafts_stay_in_the_pack(team, opened):
    desk = opened(team.pack())
    desk.store.captions.save_draft(Draft(team.images["a1"], "ada", 0, "half a", (), None))
    desk.close()
    (merged,) = team.merge(desk.file)
    assert (merged.drafts, merged.new, merged.changed) == (1, 0, False)
    assert team.store.captions.drafts("ada") == []
    assert not team.store.history.events()


def test_what_was_given_on_stays_given_on_and_the_text_is_kept(team, opened):
    desk = opened(team.pack())
    desk.write("a1", "late, but here")
    desk.close()
    task = next(each for each in team.store.team.tasks("ada") if each.image == team.images["a1"])
    team.store.team.close_task(task.id, "passed")
    (merged,) = team.merge(desk.file)
    assert merged.new == 1
    assert "given on" in dict(merged.skipped)["a1.png"]
    assert next(each for each in team.store.team.tasks("ada") if each.id == task.id).state == "passed"


def test_a_dry_run_says_the_same_and_changes_nothing(team, opened):
    team.write("a1", "a dog")
    desk = opened(team.pack())
    team.write("a1", "a large dog")
    desk.write("a1", "a brown dog")
    desk.store.team.close_task(desk.task("a2").id, "skipped", "blurred")
    desk.close()
    before, rows = team.state(), team.count()
    (said,) = team.merge(desk.file, dry_run=True)
    assert (team.state(), team.count()) == (before, rows)
    assert not team.store.history.events()
    assert team.merge(desk.file) == [said]


def worked(team, opened, elsewhere, dice):
    """Packs of all members, some in copies that were worked on at two places, with edits at home meanwhile."""
    for name, author in (("a1", "ada"), ("b1", "ben"), ("shared", "ada"), ("both", "ben")):
        if dice.random() < 0.6:
            team.write(name, f"{author} first on {name}", author)
    files = []
    for member in ("ada", "ben", "cleo"):
        file = team.pack(member)
        for place in ("desktop", "laptop")[: dice.choice((1, 2, 2))]:
            copy = team.desks / f"{member}-{place}.pack"
            shutil.copy(file, copy)
            elsewhere(f"{member}-{place}")
            desk = opened(copy)
            for picture in [team.names[task.image] for task in desk.store.team.tasks(member)]:
                for turn in range(dice.choice((0, 1, 1, 2))):
                    text = dice.choice(("the same everywhere", f"{member} {place} {picture} {turn}"))
                    desk.write(picture, text, slot=dice.choice((0, 0, 1)), seconds=float(turn))
                if dice.random() < 0.3:
                    state, reason = dice.choice((("skipped", "too dark"), ("skipped", place), ("submitted", None)))
                    desk.store.team.close_task(desk.task(picture).id, state, reason)
                if dice.random() < 0.3:
                    desk.store.history.answer(team.images[picture], member, "rating", dice.randrange(5))
            desk.close()
            files.append(copy)
    for name, author in (("a1", "ada"), ("a2", "ada"), ("both", "ben")):
        if dice.random() < 0.4:
            team.write(name, f"{author} at home on {name}", author)
    return files


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_number_of_merges_give_the_same_store(team, opened, elsewhere, another_store, seed):
    dice = random.Random(seed)
    files = worked(team, opened, elsewhere, dice)
    orders = [files, files[::-1], [*dice.choices(files, k=8), *files], dice.sample(files * 2, 2 * len(files))]
    results = []
    for order in orders:
        store = another_store()
        for file in order:
            merge_pack(team.workspace, store, file)
        results.append(team.state(store))
    for result in results[1:]:
        assert result == results[0]
    texts, chosen, competing, *_ = results[0]
    assert texts_in(files) <= {text for _, _, _, text, *_ in texts}
    assert chosen or competing


def test_where_the_owner_is_silent_the_order_of_two_packs_does_not_choose(team, opened, another_store):
    files = []
    for member in ("ben", "cleo"):
        desk = opened(team.pack(member))
        desk.write("shared", f"as {member} sees it")
        desk.close()
        files.append(desk.file)
    chosen = []
    for order in (files, files[::-1]):
        store = another_store()
        for file in order:
            merge_pack(team.workspace, store, file)
        chosen.append([each.text for each in store.records.find("shared").captions])
    assert chosen == [["as cleo sees it"]] * 2


def texts_in(files):
    return {text.text for file in files for text in read_parcel(file).work.texts}


@pytest.fixture
def done(team, opened):
    """ada's pack with a text in it, based on one that the store gave."""
    team.write("a1", "a dog")
    desk = opened(team.pack())
    desk.write("a1", "a brown dog")
    desk.close()
    return desk.file


def refuse(team, store, file, said, workspace=None, **options):
    before = store.captions.revisions()
    with pytest.raises(InputError, match=said):
        merge_pack(workspace or team.workspace, store, file, **options)
    assert store.captions.revisions() == before


def test_the_pack_of_another_member_is_refused_where_one_is_named(team, done):
    refuse(team, team.store, done, "is ada's pack, not ben's", member="ben")
    assert merge_pack(team.workspace, team.store, done, member="ada").new == 1


def test_the_pack_of_a_set_of_another_name_is_refused(team, done):
    other = replace(team.workspace, config=team.workspace.config.model_copy(update={"name": "cats"}))
    refuse(team, team.store, done, "is a pack of 'dogs'; this data set is 'cats'", workspace=other)


def test_the_pack_of_a_set_with_other_pictures_is_refused(team, done, tmp_path):
    store = empty_store(tmp_path)
    store.team.add(Member("ada"))
    refuse(team, store, done, "4 pictures that this data set does not know")
    store.close()


def test_the_pack_of_somebody_unknown_is_refused(team, done, tmp_path):
    store = empty_store(tmp_path)
    refuse(team, store, done, "no member is called 'ada'")
    store.close()


def test_the_pack_of_another_store_with_the_same_pictures_is_refused(team, done, tmp_path):
    store = empty_store(tmp_path)
    store.team.add(Member("ada"))
    for image in team.store.pictures.all():
        store.pictures.add(image)
    refuse(team, store, done, "was made from another store")
    store.close()


def empty_store(tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "curator.toml").write_text('name = "dogs"\n', encoding="utf-8")
    return open_store(Workspace.find(folder), create=True)


def forged(file, change):
    """The pack with other work in it, as somebody would write it who knows the form."""
    parcel = read_parcel(file)
    pictures = {each: parcel.archive.picture(each) for each in parcel.archive.pictures}
    with new_archive(file) as sheaf:
        for each, content in pictures.items():
            sheaf.add(picture_name(each), content)
        for name in ("contents.json", "guide.md"):
            sheaf.add(name, parcel.archive.files[name])
        seal(sheaf, parcel.manifest, change(parcel.work))
    return file


def with_text(work, **values):
    return work.model_copy(update={"texts": tuple(text.model_copy(update=values) for text in work.texts)})


def test_a_text_that_takes_the_name_of_another_is_refused(team, done):
    (key,) = team.store.captions.keys().values()
    forged(done, lambda work: with_text(work, key=key, base=None))
    refuse(team, team.store, done, "different texts by the name")


def test_a_text_under_another_name_is_not_taken(team, done):
    forged(done, lambda work: with_text(work, author="ben", base=None))
    merged = merge_pack(team.workspace, team.store, done)
    assert (merged.new, [name for name, _ in merged.skipped]) == (0, ["a1.png"])
    assert team.store.captions.revisions(author="ben") == []


@pytest.mark.parametrize(("member", "key"), [("ada", "gold.caption"), ("ada", "approve.0"), ("ben", "rating")])
def test_answers_that_are_not_the_members_to_give_are_not_taken(team, done, member, key):
    said = Said(image=team.images["a1"], member=member, key=key, value=5, written="2024-05-01T08:00:00+00:00")
    forged(done, lambda work: work.model_copy(update={"said": (said,)}))
    merged = merge_pack(team.workspace, team.store, done)
    assert (merged.answers, len(merged.skipped)) == (0, 1)
    assert team.store.history.all_answers() == []


def test_a_pack_that_is_refused_in_the_middle_leaves_nothing(team, done):
    def change(work):
        last = work.texts[-1].model_copy(update={"key": "new", "base": "nowhere"})
        return work.model_copy(update={"texts": (*work.texts, last)})

    refuse(team, team.store, forged(done, change), "builds on one that this store does not have")


def test_two_processes_that_merge_one_pack_at_once_store_it_once(team, done):
    code = (
        "import sys, pathlib; from annotate.pack.merge import merge_pack; from curator.store import open_store\n"
        "from curator.workspace import Workspace\n"
        "workspace = Workspace.find(pathlib.Path(sys.argv[1])); store = open_store(workspace)\n"
        "print(merge_pack(workspace, store, pathlib.Path(sys.argv[2])).new)"
    )
    line = [sys.executable, "-P", "-c", code, team.workspace.path, done]
    running = [subprocess.Popen(line, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = sorted(process.communicate(timeout=120)[0].strip() for process in running)
    assert told == ["0", "0", "1"]
    assert [each.text for each in team.store.captions.revisions()] == ["a dog", "a brown dog"]
