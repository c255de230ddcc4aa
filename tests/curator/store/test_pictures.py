"""Images, the files they came from, train and test."""

from dataclasses import replace

import pytest

from curator.record import Image, Source

FULL = Image(
    id="a" * 64, blob="b" * 64, width=640, height=480, format="JPEG", subject="dog", licence="CC0", origin="a shelter",
    status="excluded", reason="blurred", changes=("GPS position removed", "turned by 90°"), split="test",
)  # fmt: skip


def test_an_image_comes_back_as_it_was(store, image):
    plain = image("c" * 64)
    assert store.pictures.add(FULL)
    assert store.pictures.add(plain)
    assert store.pictures.get(FULL.id) == FULL
    assert store.pictures.all() == [FULL, plain]
    assert store.pictures.count() == 2
    assert store.pictures.get("d" * 64) is None


def test_a_known_image_is_left_as_it_is(store):
    store.pictures.add(FULL)
    assert not store.pictures.add(replace(FULL, subject="cat"))
    assert store.pictures.all() == [FULL]


def test_describing_sets_only_what_is_named(store):
    store.pictures.add(FULL)
    store.pictures.describe(FULL.id, subject="cat", status="ok", reason=None)
    assert store.pictures.get(FULL.id) == replace(FULL, subject="cat", status="ok", reason=None)


def test_train_and_test_of_many(store, image):
    ids = [f"{number:064x}" for number in range(1201)]
    with store.write():
        for each in ids:
            store.pictures.add(image(each))
    store.pictures.set_split({each: "test" if number % 3 == 0 else "train" for number, each in enumerate(ids)})
    assert [each.split for each in store.pictures.all()[:4]] == ["test", "train", "train", "test"]
    store.pictures.set_split({ids[0]: "train"})
    assert sum(each.split == "test" for each in store.pictures.all()) == 400


def test_a_source_is_replaced_by_what_was_found_later(seeded, writing):
    line = seeded.captions.submit(writing("a dog")).line
    picture = Source("/in", "dog/00.jpg", "image", 10, 2**62, image="1" * 64)
    caption = Source("/in", "dog/00.txt", "caption", 5, 7, image="1" * 64, line=line)
    broken = Source("/in", "dog/01.jpg", "image", 3, 8, reason="truncated")
    elsewhere = replace(picture, root="/other")
    for each in (caption, elsewhere, broken, picture):
        seeded.pictures.save_source(each)
    assert seeded.pictures.sources() == [picture, caption, broken, elsewhere]
    assert seeded.pictures.sources("/other") == [elsewhere]
    later = replace(picture, size=11, image="2" * 64)
    seeded.pictures.save_source(later)
    seeded.pictures.drop_source("/in", "dog/01.jpg")
    seeded.pictures.drop_source("/in", "never there")
    assert seeded.pictures.sources("/in") == [later, caption]


def test_the_newest_hold_out_counts(store):
    assert store.pictures.hold_out() is None
    store.pictures.save_hold_out(["dog8", "dog2"], {"subjects": ["dog8", "dog2"]})
    store.pictures.save_hold_out(["dog3"], {"share": 0.15, "seed": 2**40})
    assert store.pictures.hold_out() == (["dog3"], {"share": 0.15, "seed": 2**40})


@pytest.mark.parametrize("name", ["dog/00.jpg", "犬/\N{DOG FACE}.png", "x" * 250 + ".jpg", "it's; DROP TABLE image"])
def test_any_name_of_a_file_comes_back(store, name):
    source = Source("/in", name, "image", 1, 1, reason="empty")
    store.pictures.save_source(source)
    assert store.pictures.sources() == [source]
