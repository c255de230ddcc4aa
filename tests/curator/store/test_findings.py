"""Findings keep their number and what was decided about them from one audit to the next."""

from dataclasses import replace

from sqlalchemy import update

from curator.record import Finding
from curator.store.tables import finding as table

EMPTY = Finding(
    "empty caption", "error", "1… has no text", images=("1" * 64,), members=("ann",), figure=0.0, threshold=1.0,
    advice="write one",
)  # fmt: skip
SAME = Finding("same caption", "warning", "two pictures share one", images=("2" * 64, "3" * 64))
WHOLE = Finding("diversity", "info", "distinct-2 is 0.31", figure=0.31)

REPLACE = """
found = [Finding("check", "info", f"finding {turn}") for turn in range(20)]
for turn in range(5):
    store.findings.replace(found)
"""


def known(finding):
    return replace(finding, id=None)


def test_findings_come_back_in_the_order_given(store):
    stored = store.findings.replace([SAME, WHOLE, EMPTY])
    assert [known(each) for each in stored] == [SAME, WHOLE, EMPTY]
    assert store.findings.all() == stored
    assert store.findings.all("open") == stored
    assert store.findings.all("resolved") == []


def test_what_is_found_again_keeps_its_number_and_takes_the_new_figure(store):
    first, _ = store.findings.replace([EMPTY, SAME])
    (again,) = store.findings.replace([replace(EMPTY, figure=0.5, message="still none", severity="warning")])
    assert again == replace(first, figure=0.5, message="still none", severity="warning")


def test_what_is_not_found_any_more_is_resolved_and_reopened_when_it_comes_back(store):
    first, _ = store.findings.replace([SAME, WHOLE])
    store.findings.replace([WHOLE])
    assert store.findings.all("resolved") == [replace(first, state="resolved")]
    assert store.findings.replace([SAME, WHOLE])[0] == first


def test_what_people_accepted_stays_accepted(store):
    (first,) = store.findings.replace([SAME])
    with store.database.write() as connection:
        connection.execute(update(table).where(table.c.id == first.id).values(state="accepted"))
    assert store.findings.replace([SAME]) == [replace(first, state="accepted")]
    store.findings.replace([])
    assert store.findings.all() == [replace(first, state="accepted")]


def test_the_order_of_pictures_and_members_does_not_make_another_finding(store):
    (first,) = store.findings.replace([SAME])
    (again,) = store.findings.replace([replace(SAME, images=SAME.images[::-1])])
    assert again.id == first.id


def test_findings_about_the_whole_set_differ_by_their_message(store):
    one, two = store.findings.replace([WHOLE, replace(WHOLE, message="distinct-3 is 0.5")])
    assert one.id != two.id


def test_two_audits_at_once_store_each_finding_once(store, together):
    together(REPLACE, [], [])
    assert [each.message for each in store.findings.all()] == [f"finding {turn}" for turn in range(20)]
