"""What others wrote reaches no terminal as anything but text: every command, every screen, every field of a store.

A new command has to be named in COMMANDS here, with a line that lets it show what it can, or with what it is given.
"""

import asyncio
import io
import re
import shlex
import sys
import unicodedata

import pytest
import typer

import annotate.cli
import curator.cli
from annotate.adjudication import actions as adjudicate_actions
from annotate.captioner.actions import KEYBOARD
from curator import console
from curator.blobs import Blobs
from curator.record import Draft, Finding, Member, Source
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

EVIL = "".join(
    (
        "\x07[b]markup[/b]",  # of rich and Textual: it is shown as it stands, or it could act as theirs
        "\x1b[31mred",  # CSI: colours, cursor, screen
        "\x1b]0;title\x07",  # OSC: title, clipboard, links
        "\x1b]8;;http://example.org\x1b\\link",
        "\x1bP+q544e\x1b\\",  # DCS: asks the terminal, which answers as if somebody typed
        "\x9b2J\x9d0;c1\x9c",  # the same in one character each
        "\u202eright to left\u2066\u061c",
        "\x08\r\x7f\x0e",
        "[@click=app.quit]quit[/]",
    )
)
"""Planted in every field of text that takes it."""

FREED = ("\N{REPLACEMENT CHARACTER}", "\\u001b", "\\x1b")
"""What stands for an escape that was not let through."""
SHORT = "\x1b]0;x\x07\u202e"
APPS = {"curator": curator.cli.app, "annotate": annotate.cli.app}
DRAWN = frozenset("\n\t\N{ZERO WIDTH JOINER}")

COMMANDS = {
    "curator status": ["", "-C EVIL"],
    "curator list": ["", "--subject EVIL", "--member EVIL"],
    "curator show": ["00.png", "01.png", "EVIL"],
    "curator history": ["", "00.png", "--author EVIL", "EVIL"],
    "curator rounds": ["", "--verify"],
    "curator audit": [""],
    "curator export": ["", "--skip-unready", "--name EVIL --skip-unready"],
    "curator verify": ["", "EVIL"],
    "curator split": ["--dry-run", "--join EVIL", "--weight EVIL=2", "--overlap EVIL"],
    "curator reassign": ["--from EVIL", "--from 'ben EVIL' --dry-run", "--from ada --to EVIL"],
    "curator hold-out": ["--subjects EVIL", "--subjects 'cat EVIL'", "--share EVIL"],
    "curator ingest": ["odd", "odd --table odd/EVIL.csv", "EVIL", "odd --map EVIL=x", "--dataset EVIL"],
    "curator settle": ["00.png --keep 1 --as EVIL", "EVIL --keep 1 --as ada"],
    "curator conflicts": [""],
    "curator sync-folder": ["odd", "odd --as EVIL", "EVIL", "odd --authors EVIL=EVIL", "odd --as ada"],
    "curator exclude": ["EVIL --reason x", "00.png --reason EVIL"],
    "curator init": ["EVIL", ". --members EVIL", ". --lead EVIL"],
    "curator token new": ["EVIL", "'ben EVIL'"],
    "curator token keep": ["EVIL", "'ben EVIL'"],
    "curator token drop": ["EVIL", "'ben EVIL'"],
    "curator token list": [""],
    "curator members list": [""],
    "curator members add": ["EVIL"],
    "curator members role": ["EVIL lead", "'ben EVIL' reviewer", "ada EVIL"],
    "curator members weight": ["EVIL 1", "'ben EVIL' 2", "ada EVIL"],
    "curator members leave": ["EVIL", "'ben EVIL'"],
    "curator members return": ["EVIL", "'ben EVIL'"],
    "curator roles": ["", "--prefix EVIL"],
    "curator backup": ["-o EVIL.zip", "--check EVIL"],
    "curator restore": ["EVIL", "EVIL --into EVIL"],
    "curator demo": ["odd/xSHORT.png --no-train"],
    "curator datasets list": [""],
    "curator datasets get": ["EVIL", "openmoji EVIL --group EVIL"],
    "annotate tui": ["--as EVIL", "--as 'ben EVIL'", "--as ada --filter EVIL", "--as ada --pictures EVIL"],
    "annotate keys": [""],
    "annotate drafts add": ["EVIL --model x", "odd/xSHORT.png --model EVIL", "drafts.csv --model x --as EVIL"],
    "annotate drafts list": [""],
    "annotate doctor": ["", "--pictures EVIL"],
    "annotate progress": [""],
    "annotate agreement": ["--pairs", "--attribute EVIL"],
    "annotate pack": ["--as EVIL", "--as 'ben EVIL' -o EVIL.pack", "--close EVIL"],
    "annotate merge": ["EVIL", "EVIL --as EVIL"],
    "annotate gold set": ["00.png --as ada EVIL", "EVIL --as ada x", "00.png --as ada --attribute EVIL=EVIL"],
    "annotate gold list": ["--as ada", "--as EVIL"],
    "annotate adjudicate": [
        "--as EVIL",
        "--as ada",
        "--as ada --names",
        "--as ada --picture 00.png --pick 2 --reason x",
    ],
    "annotate replace": [
        "dog cat --as ada --dry-run",
        "says EVIL --as ada --author '*' --yes",
        "--list",
        "EVIL x --as EVIL",
    ],
    "annotate session": ["--as EVIL", "--as ada --filter EVIL"],
}
"""Every command → the lines it is tried with, also with --json where it takes that; EVIL stands for the payload."""


SAYS_NOTHING_OF_OTHERS = {"curator datasets list", "curator roles", "annotate keys"}


def commands(command, path):
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    for name, each in (inner or {}).items():
        yield from commands(each, f"{path} {name}")


FOUND = {path: each for name, app in APPS.items() for path, each in commands(typer.main.get_command(app), name)}


def acted_on(text):
    """The characters of `text` that a terminal would act on instead of drawing them."""
    return sorted({each for each in text if each not in DRAWN and unicodedata.category(each) in ("Cc", "Cf", "Cs")})


@pytest.fixture
def hostile(workspace, picture):
    """A set in which every field of text that can hold it holds the payload: as broken as a stranger could send it."""
    (workspace.path / "curator.toml").write_text(toml(), encoding="utf-8")
    (workspace.path / "GUIDE.md").write_text(f"# Guide {EVIL}\n\n- write {EVIL}\n", encoding="utf-8")
    odd = workspace.path / "odd"
    odd.mkdir()
    for name in (f"x{SHORT}.png", f"y{SHORT}.txt", f"z{SHORT}.gif"):
        (odd / name).write_text(EVIL)
    (odd / f"a{SHORT}.png").write_bytes(picture(90))
    (odd / f"a{SHORT}.txt").write_text(f"a dog {EVIL}")
    store = open_store(workspace)
    fill(store, Blobs(workspace.blobs), picture)
    store.close()
    return Workspace.find(workspace.path)


def toml():
    evil = "".join(f"\\u{ord(each):04x}" if acted_on(each) else each.replace("\\", "\\\\") for each in EVIL)
    return (
        f'name = "dogs {evil}"\n'
        f'[audit]\nwords = ["{evil}"]\nplaces = {{ "park {evil}" = ["{evil}"] }}\n'
        f'[captioning]\nforbidden = ["{evil}"]\nrequire_subject = true\nmax_words = 3\nslots = 2\n'
        f'[attributes]\npose = ["sitting", "{evil}"]\ntags = []\n'
    )


def fill(store, blobs, picture):
    from curator.record import Image

    ada, ben = "ada", f"ben {EVIL}"
    for name, role in ((ada, "lead"), (ben, "annotator"), (f"dan {EVIL}", "contributor")):
        store.team.add(Member(name, role=role))
    images = []
    for number in range(4):
        blob = blobs.put(picture(number))
        about = {"subject": f"cat {EVIL}", "licence": EVIL, "origin": EVIL, "changes": (EVIL,)}
        store.pictures.add(Image(blob, blob, 40, 30, "PNG", **about))
        name = f"{EVIL}/{number:02d}.png"
        store.pictures.save_source(Source(f"/in {EVIL}", name, "image", 9, 1, blob))
        images.append(blob)
    store.pictures.save_source(Source(f"/in {EVIL}", f"bad{EVIL}.png", "image", 9, 1, reason=EVIL))
    store.pictures.describe(images[3], status="excluded", reason=EVIL)
    first = store.captions.submit(Writing(images[0], "", f"imported {EVIL}", origin="import"))
    for text in ("one", "two"):
        store.captions.submit(Writing(images[0], ada, f"{text} {EVIL}", source=first.id, reason=EVIL))
    for image in images[:3]:
        store.captions.submit(Writing(image, ben, f"ben says {EVIL} a dog", writer=f"ida {EVIL}"))
    store.captions.submit(Writing(images[1], f"model {EVIL}", f"drafted {EVIL}", origin=f"draft:model {EVIL}"))
    store.captions.submit(Writing(images[1], ada, f"ada says {EVIL} a cat"))
    store.captions.save_draft(Draft(images[2], ada, 0, f"typing {EVIL}", (f"before {EVIL}",), None))
    tasks = [(ada, "own", images[0]), (ada, "own", images[2]), (ben, "own", images[1]), (ada, "overlap", images[1])]
    proof = {"digest": EVIL, "own": {ben: 1, ada: 1}, "loads": {ben: 1, ada: 1}, "subjects": {EVIL: {ben: 1, ada: 1}}}
    sizes = {"pictures": 3, "overlap_pictures": 1, "seed": 1, "largest_difference": 0}
    sizes |= {"largest_difference_in_a_subject": 0, "largest_difference_of_loads": 0}
    store.team.add_round(1, EVIL, None, {**proof, **sizes}, tasks)
    store.team.close_task(1, "skipped", EVIL)
    for member in (ada, ben):
        for key, value in (("pose", EVIL), ("tags", [EVIL]), ("flag", EVIL), ("note", EVIL), ("rating", 1)):
            store.history.answer(images[1], member, key, value)
    store.history.answer(images[1], ada, "gold.caption", f"gold {EVIL}")
    store.history.answer(images[1], ada, "gold.pose", EVIL)
    store.findings.replace([Finding(EVIL, "error", EVIL, (images[0],), (ben,), advice=EVIL)])
    store.history.note(EVIL, member=EVIL, detail=EVIL)
    store.history.add_release(f"v1{EVIL}", "0" * 64, 1, {})
    store.captions.add_batch(ben, {"find": EVIL, "put": EVIL})


def carried_out(capfd, monkeypatch, path, line):
    """What a command line prints, as a terminal would get it."""
    words = [word.replace("EVIL", EVIL.replace("/", "")).replace("SHORT", SHORT) for word in shlex.split(line)]
    tool, *names = path.split()
    monkeypatch.setattr(sys, "argv", [tool, *names, *words])
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{EVIL}\n"))
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        console.run(APPS[tool])
    out, err = capfd.readouterr()
    assert ended.value.code != 1, err
    return out + err


def test_every_command_is_tried():
    assert COMMANDS.keys() == FOUND.keys()


@pytest.mark.parametrize("path", COMMANDS)
def test_no_command_lets_a_terminal_act_on_what_others_wrote(path, hostile, capfd, monkeypatch):
    monkeypatch.chdir(hostile.path)
    shown = False
    for line in COMMANDS[path]:
        lines = [line]
        if any("--json" in parameter.opts for parameter in FOUND[path].params):
            lines.append(f"{line} --json")
        for each in lines:
            told = carried_out(capfd, monkeypatch, path, each)
            assert acted_on(told) == [], f"{path} {each}\n{told!r}"
            assert "\N{REPLACEMENT CHARACTER}markup" not in told, f"{path} {each}\n{told!r}"
            shown = shown or any(mark in told for mark in FREED)
    assert shown != (path in SAYS_NOTHING_OF_OTHERS), "these lines have to show something of what was planted"


SGR = re.compile(r"\x1b\[[\d;]*m")
"""Colours, which pictures are painted with; what was planted holds much more."""
LEAVES = ("quit", "view")
"""Actions that end the app, or start another program."""
CASES_KEYS, QUEUE_KEYS = (
    [each.keys[0] for each in table if each.place in ("pictures", "anywhere") and each.name not in LEAVES]
    for table in (adjudicate_actions.KEYBOARD.actions, KEYBOARD.actions)
)


def drawn(app):
    """All that the app's screen shows now, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(SGR.sub("", "".join(part.text for part in strip if not part.control)) for strip in strips)


async def press_everything(app, keys, size):
    """Press each key from the first screen, write, confirm, and go back; gives all that was drawn on the way."""
    seen = []
    async with app.run_test(size=size) as pilot:
        for key in keys:
            for step in (key, "d", "enter", "escape", "escape"):
                await pilot.press(step)
                await pilot.pause()
                seen.append(drawn(app))
        app.exit()
    return seen


def check_screens(seen):
    assert len(set(seen)) > len(seen) / 10, "the keys have to bring up screens"
    assert "".join(seen).count("\N{REPLACEMENT CHARACTER}") > 100, "something of what was planted has to be shown"
    for each in seen:
        assert acted_on(each.replace("\n", "")) == [], each
        assert "\N{REPLACEMENT CHARACTER}markup" not in each, each


@pytest.fixture
def textual(need, monkeypatch):
    need("textual")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.usefixtures("textual")
@pytest.mark.parametrize(("member", "size"), [("ada", (80, 24)), ("ben", (160, 48))], ids=["80x24", "160x48"])
def test_no_screen_of_the_captioner_lets_it_through(hostile, size, member):
    from annotate.captioner.aids import Aids
    from annotate.captioner.app import CaptionApp
    from annotate.captioner.desk import Desk
    from annotate.captioner.ledger import load_queue, read_line
    from annotate.captioner.scribe import Scribe
    from annotate.captioner.session import Session
    from annotate.pictures.gallery import Gallery

    member = {"ada": "ada", "ben": f"ben {EVIL}"}[member]
    store = open_store(hostile)
    session = Session(load_queue(store, member), slots=2)
    session.go(session.index, read_line(store, member, session.item))
    scribe, gallery = Scribe(store, member), Gallery(Blobs(hostile.blobs).read)
    aids = Aids(hostile, store, member)
    desk = Desk(
        workspace=hostile, session=session, scribe=scribe, gallery=gallery, place=hostile.path / "place", aids=aids
    )
    try:
        check_screens(asyncio.run(press_everything(CaptionApp(desk), QUEUE_KEYS, size)))
    finally:
        scribe.close(5)
        store.close()


@pytest.mark.usefixtures("textual")
@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
def test_no_screen_of_the_adjudicator_lets_it_through(hostile, size):
    from annotate.adjudication.app import AdjudicateApp
    from annotate.adjudication.bench import Bench
    from annotate.adjudication.decisions import read_cases
    from annotate.adjudication.sitting import Sitting
    from annotate.captioner.scribe import Scribe
    from annotate.pictures.gallery import Gallery

    store = open_store(hostile)
    cases = read_cases(store, hostile.config, "ada")
    assert cases
    scribe, gallery = Scribe(store, "ada"), Gallery(Blobs(hostile.blobs).read)
    bench = Bench(config=hostile.config, sitting=Sitting("ada", cases, [], True), scribe=scribe, gallery=gallery)
    try:
        check_screens(asyncio.run(press_everything(AdjudicateApp(bench), CASES_KEYS, size)))
    finally:
        scribe.close(5)
        store.close()


def test_this_test_can_fail():
    assert acted_on(EVIL) == sorted(set(EVIL) - {each for each in EVIL if each.isprintable()})
    assert acted_on("plain text,\na dog\t\N{DOG FACE}\N{ZERO WIDTH JOINER}\N{BONE}") == []
