"""Packs back into the store: the same result however often and in whatever order, and what is refused."""

import random
import shutil

import pytest

from annotate.pack import merge_pack
from annotate.pack.parcel import read_parcel
from curator.record import Draft


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


def texts_in(files):
    return {text.text for file in files for text in read_parcel(file).work.texts}
