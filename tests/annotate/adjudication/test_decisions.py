"""What there is to decide, and what deciding writes."""

import pytest

from annotate.adjudication.cases import may_approve
from annotate.adjudication.decisions import Decision, approve, decide, merged, read_cases, refuse, take_back
from curator.approval import REFUSED, WAITING
from curator.errors import GateError, InputError
from curator.record import Member, Revision
from curator.workspace import Workspace

TWO_PEOPLE = 'name = "dogs"\n[adjudication]\ntwo_people = true\n'


@pytest.fixture
def bench(crew):
    """`shared` with captions of ada and ben that contradict each other, seen by cem: short ways to decide."""
    crew.write("shared", "a white dog on a sofa")
    bench = Bench(crew)
    bench.write("shared", "a brown dog on a sofa", "ben")
    return bench


class Bench:
    def __init__(self, crew):
        self.crew, self.store = crew, crew.store

    def write(self, picture, text, author="ada"):
        """Write on top of what the author wrote before."""
        own = [each for each in self.record(picture).revisions if each.author == author]
        return self.crew.write(picture, text, author, base=own[-1].id if own else None)

    def two_people(self):
        """Switch the two-person rule on."""
        from curator.store import open_store

        (self.crew.workspace.path / "curator.toml").write_text(TWO_PEOPLE, encoding="utf-8")
        self.store.close()
        self.crew.workspace = Workspace.find(self.crew.workspace.path)
        self.store = self.crew.store = open_store(self.crew.workspace)

    def cases(self, member="cem"):
        return read_cases(self.store, self.crew.workspace.config, member)

    def case(self, member="cem", picture="shared"):
        return next(case for case in self.cases(member) if case.record.name == f"{picture}.png")

    def decide(self, text=None, member="cem", case=None, author="ada", reason="it is white"):
        case = case or self.case(member)
        picked = next((each for each in case.texts if each.author == author), None) if text is None else None
        said = text if text is not None else picked.text
        return decide(self.store, Decision(case, said, reason, None if picked is None else picked.id), member)

    def record(self, picture="shared"):
        return self.store.records.find(f"{picture}.png")


def test_a_contradiction_is_a_case(bench):
    (case,) = bench.cases()
    assert (case.kind, case.record.name, case.slot) == ("disagreement", "shared.png", 0)
    assert {each.author for each in case.texts} == {"ada", "ben"}
    assert "colour: " in case.why
    assert "ada" not in case.why


def test_agreement_is_no_case(bench):
    bench.write("shared", "a white dog on a couch", "ben")
    assert bench.cases() == []


def test_few_words_in_common_are_a_case(bench):
    bench.write("shared", "puppy with ball in garden", "ben")
    assert bench.case().why.startswith("place: ")


def test_the_order_of_texts_does_not_follow_from_who_wrote_them(bench):
    first = [each.text for each in bench.case().texts]
    assert first == [each.text for each in bench.case("ada").texts]


def test_picking_writes_on_the_adjudicators_line(bench):
    picked = next(each for each in bench.case().texts if each.author == "ada")
    written = bench.decide()
    assert (written.author, written.origin, written.writer, written.reason) == (
        "cem",
        "adjudicated",
        "cem",
        "it is white",
    )
    assert (written.text, written.source, written.base) == (picked.text, picked.id, None)
    record = bench.record()
    assert [each.text for each in record.captions] == ["a white dog on a sofa"]
    assert record.unready is None
    assert bench.cases() == []


def test_a_rewrite_has_no_source_and_follows_the_line(bench):
    own = bench.crew.write("shared", "something else", "cem")
    written = bench.decide("a white and brown dog on a sofa", reason="both are right")
    assert (written.source, written.base) == (None, own.id)
    assert bench.record().captions[0].text == "a white and brown dog on a sofa"


def test_an_own_conflict_comes_first_and_is_no_verdict_over_others(bench):
    for text in ("one", "two", "three"):
        bench.crew.write("shared", text, "cem")
    assert bench.case().kind == "conflict"
    bench.decide("all three")
    assert (bench.record().conflicts, bench.record().captions[0].author) == ((), "ada")
    assert bench.case().kind == "disagreement"
    assert bench.decide("decided").base == bench.record().revisions[-2].id


def test_an_adjudicators_line_with_several_heads_is_made_one(bench):
    for _ in range(3):
        bench.crew.write("shared", "the same", "cem")
    bench.decide("decided")
    bench.crew.write("shared", "later", "cem", base=bench.record().revisions[-1].id)
    assert bench.record().conflicts == ()


@pytest.mark.parametrize(("text", "reason", "words"), [(" ", "why", "empty"), ("a dog", " ", "reason")])
def test_a_decision_needs_text_and_reason(bench, text, reason, words):
    with pytest.raises(InputError, match=words):
        bench.decide(text, reason=reason)
    assert len(bench.record().revisions) == 3


def test_two_adjudicators_at_once(bench):
    mine, theirs = bench.case("cem"), bench.case("ben")
    bench.decide(case=mine)
    with pytest.raises(InputError, match="decided meanwhile, by cem"):
        bench.decide(case=theirs, member="ben")
    assert len([each for each in bench.record().revisions if each.origin == "adjudicated"]) == 1


def test_taking_back_is_a_new_revision(bench):
    case = bench.case()
    written = bench.decide()
    back = take_back(bench.store, case, written, "cem")
    assert (back.base, back.state) == (written.id, "withdrawn")
    assert bench.record().captions[0].author == "ada"
    assert [case.record.name for case in bench.cases()] == ["shared.png"]
    with pytest.raises(InputError, match="on top of"):
        take_back(bench.store, case, written, "cem")


def test_taking_back_gives_the_line_its_own_text_again(bench):
    bench.crew.write("shared", "of cem", "cem")
    case = bench.case()
    back = take_back(bench.store, case, bench.decide(), "cem")
    assert (back.text, back.origin, back.state) == ("of cem", "tui", "submitted")
    assert bench.record().captions[0].author == "ada"


def test_a_conflict_is_settled_on_its_line(bench):
    first = bench.crew.write("bare", "one")
    for text in ("two", "three"):
        bench.crew.write("bare", text, base=first.id)
    case = bench.case(picture="bare")
    assert (case.kind, {each.text for each in case.texts}) == ("conflict", {"two", "three"})
    picked = next(each for each in case.texts if each.text == "two")
    written = decide(bench.store, Decision(case, "two", "closer", picked.id), "cem")
    assert (written.author, written.writer, written.reason) == ("ada", "cem", "closer")
    assert (bench.record("bare").conflicts, bench.record("bare").captions[0].text) == ((), "two")
    with pytest.raises(InputError, match="cannot be opened again"):
        take_back(bench.store, case, written, "cem")


def test_a_conflict_is_merged_on_its_line(bench):
    first = bench.crew.write("bare", "one")
    for text in ("two", "three"):
        bench.crew.write("bare", text, base=first.id)
    case = bench.case(picture="bare")
    decide(bench.store, Decision(case, "two and three", "both"), "cem")
    assert (bench.record("bare").conflicts, bench.record("bare").captions[0].text) == ((), "two and three")


def test_a_flag_is_a_case_until_it_is_decided(bench):
    bench.store.history.answer(bench.crew.images["by-ben"], "ada", "flag", "two dogs, not one")
    case = bench.case(picture="by-ben")
    assert (case.kind, case.why) == ("flag", "flagged: two dogs, not one")
    bench.decide("two dogs", case=case, reason="as flagged")
    assert [case.record.name for case in bench.cases()] == ["shared.png"]
    assert bench.record("by-ben").answers["flag"] is None
    bench.store.history.answer(bench.crew.images["by-ben"], "ben", "flag", "still wrong")
    assert bench.case(picture="by-ben").why == "flagged: still wrong"


def test_the_order_of_cases(bench):
    bench.two_people()
    bench.decide(member="ben", case=bench.case("ben"))
    bench.store.history.answer(bench.crew.images["by-ben"], "ada", "flag", "x")
    first = bench.crew.write("bare", "one")
    for text in ("two", "three"):
        bench.crew.write("bare", text, base=first.id)
    assert [case.kind for case in bench.cases()] == ["conflict", "flag", "approval"]


def test_under_the_two_person_rule_a_text_waits(bench):
    bench.two_people()
    written = bench.decide()
    assert (bench.record().unready, bench.record().captions[0].author) == (WAITING, "ada")
    assert bench.cases("cem") == [], "nobody approves the own decision"
    case = bench.case("ben")
    assert (case.kind, case.pending, case.why) == ("approval", written, "decided: it is white")
    approve(bench.store, case, "ben")
    assert (bench.record().unready, bench.record().captions[0].revision) == (None, written.id)
    assert bench.cases("ben") == []
    with pytest.raises(InputError, match="approved meanwhile"):
        approve(bench.store, case, "ben")


def test_who_wrote_the_picked_text_does_not_approve_it_where_others_can(bench):
    bench.two_people()
    bench.decide()
    assert bench.cases("ada") == []
    from dataclasses import replace

    with pytest.raises(GateError, match="ben can approve it"):
        approve(bench.store, replace(bench.case("ben")), "ada")


def test_a_refusal_opens_the_case_again(bench):
    bench.two_people()
    bench.decide()
    with pytest.raises(InputError, match="needs a reason"):
        refuse(bench.store, bench.case("ben"), "ben", "")
    refuse(bench.store, bench.case("ben"), "ben", "it is cream")
    assert bench.record().unready == REFUSED
    assert [(case.kind, case.why) for case in bench.cases()] == [("disagreement", "refused: it is cream")]
    again = bench.decide("a cream dog on a sofa", reason="so it is")
    approve(bench.store, bench.case("ben"), "ben")
    assert bench.record().captions[0].revision == again.id
    assert [each.text for each in bench.record().revisions][-2:] == ["a white dog on a sofa", "a cream dog on a sofa"]


def test_a_refused_rewrite_of_a_flagged_picture_comes_back(bench):
    bench.two_people()
    bench.store.history.answer(bench.crew.images["by-ben"], "ada", "flag", "x")
    bench.decide("two dogs", case=bench.case(picture="by-ben"))
    refuse(bench.store, bench.case("ben", "by-ben"), "ben", "one dog")
    assert bench.case(picture="by-ben").why == "refused: one dog"


DECIDED = Revision(9, 1, "1" * 64, "cem", 0, "x", "adjudicated", None, None, "2026", None, "submitted", writer="cem")


@pytest.mark.parametrize(
    ("member", "team", "barred"),
    [
        ("cem", ["ada", "ben", "cem"], "you decided it"),
        ("ada", ["ada", "ben", "cem"], "ben can approve it"),
        ("ada", ["ada", "cem"], None),
        ("ben", ["ada", "ben", "cem"], None),
    ],
)
def test_who_may_approve(member, team, barred):
    told = may_approve(DECIDED, "ada", member, [Member(name) for name in team])
    assert told is None if barred is None else barred in told


def test_only_those_with_the_role_count_as_others():
    team = [Member("ada", "reviewer"), Member("ben"), Member("cem", "lead")]
    assert may_approve(DECIDED, "ada", "ada", team) is None
    assert "dan" in may_approve(DECIDED, "ada", "ada", [*team, Member("dan", "reviewer")])


def test_a_merge_begins_with_all_texts_once(bench):
    texts = bench.case().texts
    assert merged([*texts, texts[0]]) == "\n".join(each.text for each in texts)
