"""The one table of what can be done while adjudicating: bindings, footer, help and docs are made from it."""

from annotate.keyboard import Action, Keyboard, Place

ACTIONS: tuple[Action, ...] = (
    Action("pick", tuple("123456789"), "Pick", "Decide for the text of that number.", in_footer=True),
    Action("merge", ("m",), "Merge", "Write a caption that begins with all of the texts.", in_footer=True),
    Action("rewrite", ("e",), "Rewrite", "Write a caption; a text of yours that was kept is there again.",
           in_footer=True),
    Action("reason", ("r",), "Reason", "Say why beforehand: the next decision takes it without asking."),
    Action("approve", ("a",), "Approve", "Approve a decision of somebody else.", in_footer=True),
    Action("refuse", ("x",), "Refuse", "Send a decision of somebody else back, and say why.", in_footer=True),
    Action("undo", ("u", "ctrl+z"), "Undo", "Take your last decision back, by a new revision, so that it stays known."),
    Action("next", ("n", "right", "l", "pagedown", "ctrl+n"), "Next", "Go to the next case.", in_footer=True),
    Action("back", ("p", "left", "h", "pageup", "ctrl+p"), "Back", "Go to the case before."),
    Action("scroll", ("down", "j", "up", "k"), "Scroll", "Scroll the texts where they need more room."),
    Action("closer", ("plus", "minus", "0"), "Closer", "Look at the picture more closely, less closely, whole."),
    Action("pan", ("shift+left", "shift+right", "shift+up", "shift+down"), "Move", "Move what is seen of the picture."),
    Action("again", ("f5",), "Read again", "Read the list of cases again."),
    Action("submit", ("ctrl+s", "f2", "ctrl+enter"), "Decide", "Decide for the text in the editor.", "caption", True),
    Action("leave", ("escape",), "Texts", "Go back to the texts; what you wrote is kept.", "caption", True),
    Action("help", ("f1", "question_mark"), "Help", "Show this help.", "anywhere", True),
    Action("quit", ("ctrl+q", "q"), "Quit", "Leave; a text that you began is kept.", "anywhere", True),
)  # fmt: skip

TITLES: dict[Place, str] = {"pictures": "Cases", "caption": "In the editor", "anywhere": "Anywhere"}

KEYBOARD = Keyboard(ACTIONS, TITLES)
