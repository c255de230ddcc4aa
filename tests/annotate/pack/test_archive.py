"""A pack is read as something that a stranger made: damaged, changed, bloated or misnamed ones are refused."""

import io
import json
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.pack import archive
from annotate.pack.archive import read_archive
from annotate.pack.desk import open_pack, packs_folder
from annotate.pack.form import Manifest, parse
from annotate.pack.merge import merge_pack
from annotate.pack.parcel import read_parcel
from annotate.pack.write import pack_id
from curator.errors import InputError


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def file(team, opened):
    """ada's pack with a text written in it."""
    team.write("a1", "a dog")
    desk = opened(team.pack())
    desk.write("a1", "a brown dog")
    desk.close()
    return desk.file


def parts(file):
    with zipfile.ZipFile(file) as source:
        return {name: source.read(name) for name in source.namelist()}


def rebuilt(file, change, sealed=True):
    """The pack with its parts changed; `sealed`: with a manifest that says so and a name that fits."""
    content = parts(file)
    change(content)
    if sealed:
        manifest = json.loads(content.pop("manifest.json"))
        manifest["entries"] = {
            name: json.loads(entry.model_dump_json())
            for name, entry in ((n, archive.Entry(sha256=archive._sha256(c), size=len(c))) for n, c in content.items())
        }
        made = Manifest.model_validate(manifest)
        manifest["pack"] = pack_id(made, made.entries)
        content["manifest.json"] = json.dumps(manifest).encode()
    write(file, content.items())
    return file


def write(file, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(file, "w", method) as target:
        for name, content in entries:
            target.writestr(zipfile.ZipInfo(name) if method == zipfile.ZIP_STORED else name, content)


def refused(team, file, said):
    """Neither opened nor merged, and nothing is left of the attempt."""
    before = team.count()
    for act in (lambda: open_pack(file), lambda: merge_pack(team.workspace, team.store, file)):
        with pytest.raises(InputError, match=said):
            act()
    assert team.count() == before


def changed(name, old, new):
    def change(content):
        assert old in content[name], content[name]
        content[name] = content[name].replace(old, new)

    return change


def test_a_rebuilt_pack_is_a_pack(team, file):
    """What the other tests change is the only thing that is wrong with their packs."""
    rebuilt(file, lambda content: None)
    assert [text.text for text in read_parcel(file).work.texts] == ["a brown dog"]
    open_pack(file)
    assert merge_pack(team.workspace, team.store, file).new == 1


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(team, file, share):
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    refused(team, file, "it is no pack")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_flipped_bit_is_refused_or_changes_nothing(file, data):
    whole = parts(file)
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    broken = file.with_name("broken")
    broken.write_bytes(content)
    try:
        found = read_archive(broken)
    except InputError:
        return
    assert found.files == {name: whole[name] for name in found.files}
    assert {found.picture(each) for each in found.pictures} == {whole[f"pictures/{each}"] for each in found.pictures}


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 99, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_pack_is_refused(team, tmp_path, content):
    file = tmp_path / "file"
    file.write_bytes(content)
    refused(team, file, "it is no pack")


def test_a_missing_file_and_a_folder_are_refused(team, tmp_path):
    refused(team, tmp_path / "none", "no such file")
    refused(team, tmp_path, "it is no pack")


@pytest.mark.parametrize(
    "name",
    ["work.json", "contents.json", "guide.md", f"pictures/{'0' * 64}"],
    ids=["work", "contents", "guide", "picture"],
)
def test_a_changed_part_is_refused(team, file, name):
    def change(content):
        each = next(iter(n for n in content if n.startswith("pictures/"))) if "pictures" in name else name
        content[each] += b" "

    refused(team, rebuilt(file, change, sealed=False), "does not hold what was written there")


def test_what_the_store_gave_cannot_be_changed_without_the_packs_name(team, file):
    def change(content):
        content["contents.json"] = content["contents.json"].replace(b'"a dog"', b'"a cat"')
        manifest = json.loads(content["manifest.json"])
        manifest["entries"]["contents.json"]["sha256"] = archive._sha256(content["contents.json"])
        content["manifest.json"] = json.dumps(manifest).encode()

    refused(team, rebuilt(file, change, sealed=False), "was changed since it was made")


NAMES = [
    "../evil",
    "/etc/cron.d/evil",
    "pictures/../../evil",
    "pictures\\evil",
    "C:evil",
    "pictures/" + "A" * 64,
    "x",
    "a/",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_no_pack_has_are_refused(team, file, name):
    refused(
        team, rebuilt(file, lambda content: content.update({name: b"evil"})), "is no name that a pack has|it is no pack"
    )
    assert not [each for each in (*packs_folder().parents[3].rglob("*evil*"),)]


def test_a_link_in_the_archive_is_no_more_than_its_text(team, file):
    content = parts(file)
    with zipfile.ZipFile(file, "w") as target:
        for name, each in content.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            target.writestr(info, each)
    workspace, _ = open_pack(file)
    assert not [path for path in workspace.path.rglob("*") if path.is_symlink()]


def test_a_name_twice_is_refused(team, file):
    content = [*parts(file).items(), ("guide.md", b"Name the breed.\n")]
    with pytest.warns(UserWarning, match="Duplicate name"):
        write(file, content)
    refused(team, file, "stands in it twice")


def test_a_bomb_is_refused_before_it_is_unpacked(team, file):
    content = {**parts(file), "guide.md": bytes(archive.MAX_GUIDE_BYTES + 1)}
    write(file, content.items(), zipfile.ZIP_DEFLATED)
    refused(team, file, "at most 1,048,576 are accepted|is compressed")


def test_a_bomb_that_lies_about_its_size_is_refused(team, file):
    content = parts(file)
    content["guide.md"] = bytes(3 * archive.MAX_GUIDE_BYTES)
    with zipfile.ZipFile(file, "w") as target:
        for name, each in content.items():
            kind = zipfile.ZIP_DEFLATED if name == "guide.md" else zipfile.ZIP_STORED
            target.writestr(zipfile.ZipInfo(name), each, compress_type=kind)
    raw = file.read_bytes()
    file.write_bytes(raw.replace(struct.pack("<I", 3 * archive.MAX_GUIDE_BYTES), struct.pack("<I", 16)))
    refused(team, file, "cannot be read|does not hold")


def test_compressed_pictures_are_refused(team, file):
    write(file, parts(file).items(), zipfile.ZIP_DEFLATED)
    refused(team, file, "is compressed")


def test_files_that_lie_over_each_other_are_refused(team, file):
    """One picture's bytes, listed many times: small as a file, endless to read."""
    content = parts(file)
    picture = next(name for name in content if name.startswith("pictures/"))
    write(file, content.items())
    raw = file.read_bytes()
    at = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    directory = raw[at:end]
    start = directory.index(picture.encode()) - 46
    entry = directory[start : start + 46 + len(picture)]
    more = b"".join(entry.replace(picture.encode(), f"pictures/{number:064x}".encode()) for number in range(400))
    tail = bytearray(raw[end:])
    count = len(content) + 400
    tail[8:12] = struct.pack("<HH", count, count)
    tail[12:16] = struct.pack("<I", len(directory) + len(more))
    file.write_bytes(raw[:at] + directory + more + bytes(tail))
    refused(team, file, "lie over each other|cannot be read|it is no pack")


def test_a_newer_format_says_to_update(team, file):
    def change(content):
        content["manifest.json"] = content["manifest.json"].replace(b'"format": 1', b'"format": 2, "unheard": 1')

    before = team.count()
    with pytest.raises(InputError) as caught:
        open_pack(rebuilt(file, change, sealed=False))
    assert "has format 2; this version reads 1" in str(caught.value)
    assert "pip install -U" in str(caught.value)
    assert team.count() == before


BROKEN = {
    "no JSON": ("work.json", b"{", b"{{", "is not as a pack's must be"),
    "unknown key": ("work.json", b'"drafts": []', b'"drafts": [], "token": "x"', "is not as a pack's must be: token"),
    "a slot out of range": ("work.json", b'"slot": 0', b'"slot": 20', r"texts\.0\.slot"),
    "a time that is none": ("work.json", b'"written": "2', b'"written": "x2', r"texts\.0\.written"),
    "half a character": ("work.json", b"a brown dog", b"\\ud83d", "is not as a pack's must be"),
    "NUL": ("work.json", b"a brown dog", b"a\\u0000b", r"U\+0000"),
    "an unknown parent": ("work.json", b'"base": "', b'"base": "x', "builds on one that this store does not have"),
    "another picture": (
        "work.json",
        b'"image": "',
        b'"image": "' + b"0" * 64 + b'", "x": "',
        "is not as a pack's must be",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_parts_that_are_not_as_they_must_be_are_refused(team, file, name, elsewhere):
    part, old, new, said = BROKEN[name]
    elsewhere("laptop")  # where the pack was not opened yet
    refused(team, rebuilt(file, changed(part, old, new)), said)


def test_a_picture_that_is_not_what_it_is_said_to_be_is_refused(team, file, elsewhere):
    elsewhere("laptop")
    rebuilt(file, changed("contents.json", b'"width": 160', b'"width": 320'))
    with pytest.raises(InputError, match="is not what the pack says"):
        open_pack(file)
    assert not list(packs_folder().glob("*/curator.toml"))


def test_a_picture_too_large_to_decode_is_refused(team, file, elsewhere):
    elsewhere("laptop")
    rebuilt(file, changed("contents.json", b'"width": 160', b'"width": 160000000'))
    with pytest.raises(InputError, match="pixels"):
        open_pack(file)


def test_work_about_a_picture_that_is_not_in_the_pack_is_refused(team, file):
    def change(content):
        work = json.loads(content["work.json"])
        work["texts"][0]["image"] = team.images["b1"]
        content["work.json"] = json.dumps(work).encode()

    refused(team, rebuilt(file, change), "which it does not have")


def test_settings_of_a_pack_cannot_place_anything(team, file, elsewhere):
    """The name of the set and the rules are data: none of them becomes a table or a path of curator.toml."""
    evil = 'dogs"\\n[store]\\nurl = "sqlite:////tmp/evil.db'

    def change(content):
        content["manifest.json"] = content["manifest.json"].replace(
            b'"dogs"', f'"{evil}"'.replace('dogs"', 'dogs\\"', 1).replace('= "s', '= \\"s').encode()
        )
        content["contents.json"] = content["contents.json"].replace(b'"guide": "GUIDE.md"', b'"guide": "../../evil.md"')

    elsewhere("laptop")
    workspace, _ = open_pack(rebuilt(file, change))
    assert workspace.config.store.url == "sqlite:///curator.db"
    assert workspace.config.name.startswith('dogs"\n[store]')
    assert workspace.guide.read_text() == "Name the breed.\n"
    assert not list(packs_folder().parents[1].rglob("evil*"))


def test_parse_names_the_place():
    with pytest.raises(InputError, match=r"here is not as a pack's must be: format"):
        parse(Manifest, io.BytesIO(b"{}").read(), "here")
