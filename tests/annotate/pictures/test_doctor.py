import json
import sys
from dataclasses import replace

import pytest

from annotate.pictures.choice import choose
from annotate.pictures.doctor import examine
from annotate.pictures.shelf import Shelf
from annotate.pictures.terminal import ASK_ATTRIBUTES, ASK_KITTY, ASK_NAME, Answers, Terminal

HERE = Terminal("xterm-256color", "xterm", "truecolor", no_color=False, unicode=True, size=(80, 24), cell_px=(9, 18))


def told(report):
    return {what: how for what, how in reversed(report.rows())}


def advice(tmp_path, terminal, asked=None):
    return " ".join(examine(terminal, asked, Shelf(tmp_path), {}).advice)


def test_without_a_terminal_it_says_so(run):
    shown = " ".join(run("annotate", "doctor").stdout.split())
    assert "no terminal" in shown
    assert "redirected" in shown
    report = json.loads(
        run("annotate", "doctor", "--json", env={"TERM": "xterm-256color", "COLORTERM": "truecolor"}).stdout
    )
    assert report["terminal"]["size"] is None
    assert report["paint"]["renderer"] == "half"
    assert report["cache_writable"] is True
    assert report["viewer"] is None


def test_an_unknown_renderer_is_refused(run):
    assert "sextant" in run("annotate", "doctor", "--pictures", "ascii", code=3).stderr
    assert "sextant" in run("annotate", "doctor", code=3, env={"CURATOR_PICTURES": "ascii"}).stderr


def test_it_needs_no_textual(run, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['textual'] = None")
    assert "pictures" in run("annotate", "doctor", env={"PYTHONPATH": str(tmp_path)}).stdout


@pytest.mark.parametrize(
    ("answers", "renderer"),
    [
        (
            {ASK_NAME: b"\x1bP>|kitty(0.35.2)\x1b\\", ASK_KITTY: b"\x1b_Gi=31;OK\x1b\\", ASK_ATTRIBUTES: b"\x1b[?62;c"},
            "kitty",
        ),
        ({ASK_NAME: b"\x1bP>|XTerm(379)\x1b\\", ASK_ATTRIBUTES: b"\x1b[?64;4;22c"}, "sixel"),
        ({ASK_ATTRIBUTES: b"\x1b[?1;2c"}, "half"),
    ],
    ids=["kitty", "sixel", "neither"],
)  # fmt: skip
def test_on_a_terminal_it_says_what_was_answered(play, answers, renderer):
    terminal = play(answers, cells=(100, 30))
    process = terminal.run(sys.executable, "-P", "-m", "annotate", "doctor", "--json")
    assert process.wait(60) == 0
    terminal.until(lambda written: written.rstrip().endswith(b"}"))
    written = terminal.written.decode()
    report = json.loads(written[written.index("{\r\n") :])
    assert report["paint"]["renderer"] == renderer
    assert report["terminal"]["size"] == [100, 30]
    assert report["terminal"]["answers"]["attributes"] is not None


def test_what_is_known_is_told(tmp_path):
    rows = told(examine(HERE, None, Shelf(tmp_path), {}))
    assert rows["size"] == "80 × 24 cells"
    assert rows["cell"] == "9 × 18 pixels"
    assert rows["thumbnails"] == str(tmp_path)
    assert rows["viewer"].startswith("none: there is no screen")


@pytest.mark.parametrize(
    ("answers", "kitty", "sixel"),
    [
        (None, "not asked: tired", "not asked: tired"),
        (Answers(), "no answer", "no answer"),
        (Answers(kitty="OK", attributes=(4,)), "needs", "answered yes"),
        (Answers(kitty="EINVAL", attributes=(1,)), "answered EINVAL", "answered no"),
    ],
    ids=["not asked", "silent", "yes", "no"],
)
def test_each_answer_is_told(tmp_path, answers, kitty, sixel):
    terminal = Terminal(
        "xterm", "xterm", "truecolor", False, True, size=(80, 24), cell_px=(9, 18), answers=answers, silence="tired"
    )
    rows = told(examine(terminal, None, Shelf(tmp_path), {}))
    assert kitty in rows["kitty graphics"]
    assert rows["sixel graphics"] == sixel


def test_a_cache_that_takes_nothing_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    report = examine(HERE, None, Shelf(tmp_path / "file"), {})
    assert not report.cache_writable
    assert "in memory only" in told(report)["thumbnails"]


def test_the_viewer_is_named(tmp_path):
    assert told(examine(HERE, None, Shelf(tmp_path), {"CURATOR_VIEWER": "sh -c"}))["viewer"].endswith("sh -c")
    assert "no such program" in told(examine(HERE, None, Shelf(tmp_path), {"CURATOR_VIEWER": "nowhere"}))["viewer"]


@pytest.mark.parametrize(
    ("changes", "asked", "words"),
    [
        ({"colours": "256"}, None, "COLORTERM=truecolor"),
        ({"no_color": True}, None, "unset NO_COLOR"),
        ({"unicode": False}, None, "LANG"),
        ({"multiplexer": "tmux 3.3a"}, None, "outside tmux"),
        ({}, None, "CURATOR_PICTURES=sextant"),
        ({}, None, "Ghostty"),
        ({}, "shades", "they would be painted in half cells"),
    ],
    ids=["colours", "no-color", "unicode", "tmux", "finer cells", "graphics", "chosen by hand"],
)
def test_what_would_be_better(tmp_path, changes, asked, words):
    assert words in advice(tmp_path, replace(HERE, **changes), asked)


def test_where_nothing_is_better_nothing_is_advised(tmp_path):
    best = replace(HERE, name="kitty(0.35.2)", answers=Answers("kitty(0.35.2)", "OK"))
    assert choose(best).renderer == "kitty"
    assert advice(tmp_path, best) == ""
