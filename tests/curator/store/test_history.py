"""Answers, releases and events."""

ONE, TWO = "1" * 64, "2" * 64


def test_the_newest_answer_of_each_key_counts(seeded):
    for member, key, value in [
        ("ann", "rating", 3),
        ("ben", "rating", 5),
        ("ann", "attributes", {"pose": ["sitting", "lying"], "indoor": True}),
        ("ann", "note", "blurred \N{DOG FACE}"),
        ("ann", "note", None),
    ]:
        seeded.history.answer(ONE, member, key, value)
    seeded.history.answer(TWO, "ann", "flag", value=True)
    assert seeded.history.answers() == {
        ONE: {"rating": 5, "attributes": {"pose": ["sitting", "lying"], "indoor": True}, "note": None},
        TWO: {"flag": True},
    }


def test_an_answer_from_elsewhere_keeps_its_own_time(seeded):
    for _again in range(2):
        seeded.history.answer(ONE, "ann", "rating", 3, write_key="k", written="2024-05-01T08:00:00+00:00")
    (answer,) = seeded.history.all_answers()
    assert answer.written == "2024-05-01T08:00:00+00:00"


def test_releases_in_the_order_they_were_made(store):
    store.history.add_release("zeta", "a" * 64, 0, {"samples": 36})
    store.history.add_release("alpha", "b" * 64, 37, {"samples": 37})
    assert [(each.name, each.digest, each.sequence, each.counts) for each in store.history.releases()] == [
        ("zeta", "a" * 64, 0, {"samples": 36}),
        ("alpha", "b" * 64, 37, {"samples": 37}),
    ]


def test_events_in_the_order_they_happened(store):
    store.history.note("ingest", folder="/in", pictures=37)
    store.history.note("split", member="ann")
    assert [(each["what"], each["member"], each["detail"]) for each in store.history.events()] == [
        ("ingest", None, {"folder": "/in", "pictures": 37}),
        ("split", "ann", {}),
    ]
