"""curator.toml is checked before anything is done with it."""

import pytest

from curator.config import Config, check, read_config, unknown_key
from curator.errors import ConfigError

ALL = """
name = "dogs \N{DOG FACE}"
overlap = "10%"
[store]
url = "postgresql+psycopg://host/dogs"
[blobs]
url = "/elsewhere/blobs"
[audit]
near_duplicate_bits = 8
min_words = 5
words = ["corgi"]
[audit.places]
garden = ["garden", "lawn"]
[train]
anything = 1
[evaluate.deeper]
anything = 2
[studio]
url = "x"
"""


@pytest.fixture
def toml(tmp_path):
    """Write curator.toml and give its path."""

    def write(content):
        path = tmp_path / "curator.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_everything_that_can_be_set(toml):
    config = read_config(toml(ALL))
    assert (config.name, config.overlap) == ("dogs \N{DOG FACE}", "10%")
    assert (config.store.url, config.blobs.url) == ("postgresql+psycopg://host/dogs", "/elsewhere/blobs")
    assert (config.audit.near_duplicate_bits, config.audit.min_words, config.audit.words) == (8, 5, ("corgi",))
    assert config.audit.places == {"garden": ("garden", "lawn")}
    assert config.train == {"anything": 1}
    assert config.evaluate == {"deeper": {"anything": 2}}
    assert config.studio == {"url": "x"}


def test_a_name_is_enough(toml):
    assert read_config(toml('name = "dogs"')) == Config(name="dogs")


def test_a_byte_order_mark_is_no_fault(toml):
    assert read_config(toml(b'\xef\xbb\xbfname = "dogs"')).name == "dogs"


@pytest.mark.parametrize(
    ("content", "says", "hint"),
    [
        ("", "name: Field required", "correct name"),
        ('name = ""', "name: String should have at least 1 character", "correct name"),
        ("name = 3", "name: Input should be a valid string (found 3)", "correct name"),
        ('name = "a"\noverlp = "1%"', "unknown key 'overlp'", "did you mean 'overlap'?"),
        ('name = "a"\n[store]\nurk = "x"', "unknown key 'store.urk'", "did you mean 'url'?"),
        ('name = "a"\n[audit]\nmin_word = 1', "unknown key 'audit.min_word'", "did you mean 'min_words'?"),
        ('name = "a"\n[trian]\nx = 1', "unknown key 'trian'", "did you mean 'train'?"),
        ('name = "a"\nqqqqqq = 1', "unknown key 'qqqqqq'", "known keys: adjudication, attributes, audit"),
        ('name = "a"\n[audit]\nmin_words = -1', "audit.min_words: Input should be greater", "correct audit.min_words"),
        ('name = "a"\n[audit]\nwords = [1]', "audit.words.0: Input should be a valid string", "correct audit.words.0"),
        ('name = "a"\nstore = 1', "store: Input should be", "correct store"),
        ('name = "a"\nname = "b"', "not valid TOML", "correct the line"),
        ("name = dogs", "not valid TOML", "correct the line"),
        (b'name = "\xff"', "not valid TOML", "correct the line"),
    ],
)
def test_what_is_not_acceptable_is_named_with_file_and_remedy(toml, content, says, hint):
    path = toml(content)
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert str(path) in caught.value.message
    assert says in caught.value.message
    assert hint in caught.value.hint


def test_settings_cannot_be_changed(toml):
    config = read_config(toml('name = "dogs"'))
    with pytest.raises(ValueError, match="frozen"):
        config.name = "cats"


def test_the_tools_check_their_own_tables_in_the_same_words():
    with pytest.raises(ConfigError, match=r"the command line: unknown key 'sore'") as caught:
        check(Config, {"name": "a", "sore": {}}, where="the command line")
    assert caught.value.hint == "did you mean 'store'?"
    assert str(unknown_key("train.stepz", "stepz", ["steps", "seed"], "x")) == (
        "x: unknown key 'train.stepz'\ndid you mean 'steps'?"
    )
