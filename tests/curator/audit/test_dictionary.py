"""Which words are known, and what unknown ones are taken for."""

import pytest

from curator.audit.dictionary import compound, correction, is_known, is_slip


@pytest.mark.parametrize(
    "word",
    "dog corgi corgis puppies grey gray colour colours coloured colourful favourite neighbours centre travelled "
    "organised recognising catalogue jewellery labradoodle smartphones selfies octagon lavender dogs' dog's".split(),
)
def test_known(word):
    assert is_known(word)


@pytest.mark.parametrize(
    "word", "lavendar octogon dogtags smilling flowre watre recieve untill teh brwon sence lenght xqzt".split()
)
def test_not_known(word):
    assert not is_known(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lavendar", "lavender"),
        ("octogon", "octagon"),
        ("recieve", "receive"),
        ("brwon", "brown"),
        ("beutifull", "beautiful"),
        ("teh", "the"),
        ("inz", None),
        ("dogtags", None),
        ("labradodle", None),
        ("xqzt", None),
    ],
)
def test_correction(word, meant):
    assert correction(word) == meant


@pytest.mark.parametrize(
    ("word", "halves"), [("dogtags", "dog tags"), ("bedsheets", "bed sheets"), ("lavendar", None), ("octogon", None)]
)
def test_compound(word, halves):
    assert compound(word) == halves


@pytest.mark.parametrize(
    ("word", "meant", "slip"),
    [("brwon", "brown", True), ("dogg", "dog", True), ("dog", "cat", False), ("beutifull", "beautiful", False)],
)
def test_is_slip(word, meant, slip):
    assert is_slip(word, meant) is slip
