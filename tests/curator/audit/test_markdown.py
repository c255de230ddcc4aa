"""The Markdown report shows captions as they are."""

from curator.audit.markdown import escaped, markdown
from curator.audit.run import audit
from curator.blobs import Blobs


def test_marks_and_control_characters_of_captions_are_harmless():
    text = "# [x](http://y) <b>*a*</b> | `c` \x1b[31m\nnew & _old_"
    shown = escaped(text)
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert r"\[x\](http://y) \<b\>\*a\*\</b\> \| \`c\`" in shown
    assert escaped("a plain caption, with “quotes”.") == "a plain caption, with “quotes”."


def test_tables_stay_tables_whatever_the_names(filled, store_of, put_picture, picture):
    store = store_of(filled)
    put_picture(store, Blobs(filled.blobs), picture(99), "a|b<i>.png", "cat | dog")
    shown = markdown(audit(store, Blobs(filled.blobs), filled.config))
    (row,) = [line for line in shown.splitlines() if "cat \\| dog" in line and line.startswith("|")]
    (head,) = [line for line in shown.splitlines() if line.startswith("| subject")]
    assert row.replace("\\|", "").count("|") == head.count("|")
    assert r"a\|b\<i\>.png: no caption" in shown


def test_a_set_without_findings_says_so(workspace, store):
    assert "## Findings\n\nNone.\n" in markdown(audit(store, Blobs(workspace.blobs), workspace.config))
