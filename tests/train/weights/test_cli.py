"""`train weights` from the command line, with files of full-size shapes from a server on this machine."""

import json
import signal
import socket
import subprocess
import sys
import time

import pytest
import torch
import typer

import train.cli
from curator.encoders.weights import weights_folder
from curator.errors import CuratorError, GateError, InputError, MissingExtra, ServiceError
from train.glide.known import KNOWN_MODELS
from train.glide.released import RELEASED
from train.glide.weights import write_weights

KNOWN = {model.name: model for model in KNOWN_MODELS}


@pytest.fixture
def call(capsys):
    """`call("list", "--json")`: `train weights` in this process; gives what it printed. Errors come through."""

    def carry_out(*arguments):
        capsys.readouterr()
        typer.main.get_command(train.cli.app)(["weights", *map(str, arguments)], standalone_mode=False)
        return capsys.readouterr()

    return carry_out


@pytest.fixture
def fetched(server, hollow, tmp_path, call):
    """The noised CLIP's text tower in full size, fetched into a folder."""
    server.files["clip_text_enc.pt"] = hollow(KNOWN["clip-text-enc"])
    folder = tmp_path / "weights"
    done = call("fetch", "clip-text-enc", "--from", f"{server.url}/good", "--to", folder)
    assert done == (f"{folder / 'clip_text_enc.pt'}\n", "")
    return folder


def test_fetch_list_verify(fetched, server, call):
    assert "clip_text_enc.pt" in call("list", "--in", fetched).out
    found = {each["name"]: each for each in json.loads(call("list", "--in", fetched, "--json").out)}
    assert list(found) == ["base", "upsample", "base-inpaint", "upsample-inpaint", "clip-image-enc", "clip-text-enc"]
    there = found["clip-text-enc"]
    assert (there["state"], there["dtype"]) == ("there", "float32")
    assert there["file"] == str(fetched / "clip_text_enc.pt")
    assert len(there["sha256"]) == 64
    assert found["base"]["state"] == "absent"

    assert "good" in call("verify", "--in", fetched).out
    (verified,) = json.loads(call("verify", "clip-text-enc", "--in", fetched, "--json").out)
    assert (verified["sha256"], verified["recorded"], verified["problems"]) == (there["sha256"], True, [])
    call("fetch", "clip-text-enc", "--from", f"{server.url}/404", "--to", fetched)
    assert len(server.seen) == 1


def test_damage_fails_the_verification_with_exit_4(fetched, run):
    path = fetched / "clip_text_enc.pt"
    path.write_bytes(path.read_bytes() + b"x")
    done = run("train", "weights", "verify", "--in", fetched, "--json", code=4)
    assert "recorded was" in done.stderr
    assert "train weights fetch clip-text-enc" in done.stderr
    assert json.loads(done.stdout)[0]["problems"]


def test_without_a_name_the_pair_is_fetched_into_this_users_cache(server, hollow, call):
    for name in ("base", "upsample"):
        server.files[f"{name}.pt"] = hollow(KNOWN[name])
    done = call("fetch", "--from", f"{server.url}/good")
    assert done.out.splitlines() == [str(weights_folder() / "base.pt"), str(weights_folder() / "upsample.pt")]
    assert f"in {weights_folder()}" in call("list").err


def test_all_are_all_six(server, hollow, tmp_path, call):
    for each in RELEASED:
        server.files[each.file] = hollow(each.model)
    done = call("fetch", "--all", "--from", f"{server.url}/good", "--to", tmp_path)
    assert done.out.splitlines() == [str(tmp_path / each.file) for each in RELEASED]


def test_the_wrong_model_is_named_and_not_kept(server, hollow, tmp_path, call):
    server.files["base.pt"] = hollow(KNOWN["upsample"])
    with pytest.raises(ServiceError) as caught:
        call("fetch", "base", "--from", f"{server.url}/good", "--to", tmp_path)
    assert "not the weights of base" in caught.value.message
    assert "they are the weights of upsample" in caught.value.message
    assert list(tmp_path.glob("base*")) == []


@pytest.mark.parametrize(
    ("behaviour", "said"), [("404", "404 Not Found"), ("web_page", "a web page"), ("disguised_page", "not readable")]
)
def test_an_error_page_is_never_kept(server, tmp_path, call, behaviour, said):
    server.files["base.pt"] = b""
    with pytest.raises(ServiceError, match=said):
        call("fetch", "base", "--from", f"{server.url}/{behaviour}", "--to", tmp_path)
    assert list(tmp_path.glob("base*")) == []


def test_offline_is_exit_5(tmp_path, run):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    done = run("train", "weights", "fetch", "--from", f"http://127.0.0.1:{port}", "--to", tmp_path, code=5)
    assert "127.0.0.1 cannot be reached" in done.stderr


def test_two_processes_fetch_once(server, hollow, tmp_path):
    server.files["base.pt"] = hollow(KNOWN["base"])
    line = ["train", "weights", "fetch", "base", "--from", f"{server.url}/slow", "--to", str(tmp_path)]
    both = [
        subprocess.Popen([sys.executable, "-P", "-m", *line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [each.communicate(timeout=120) for each in both] == [(f"{tmp_path / 'base.pt'}\n", "")] * 2
    assert len(server.seen) == 1


def test_ctrl_c_keeps_the_part_and_the_next_fetch_goes_on(server, hollow, tmp_path, call):
    body = server.files["base.pt"] = hollow(KNOWN["base"])
    assert len(body) > 70_000
    line = ["train", "weights", "fetch", "base", "--from", f"{server.url}/stalls_once", "--to", str(tmp_path)]
    command = [sys.executable, "-P", "-m", *line]
    part = tmp_path / "base.pt.part"
    # A process started in the background ignores Ctrl-C; this one is to hear it whoever starts the tests.
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **heard) as process:
        deadline = time.monotonic() + 60
        while not (part.exists() and server.seen) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)  # until the bytes sent are written
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    kept = part.stat().st_size
    assert 0 < kept <= 70_000
    listed = json.loads(call("list", "--in", tmp_path, "--json").out)[0]
    assert (listed["state"], listed["bytes"]) == ("part", kept)
    call(*line[2:])
    assert (tmp_path / "base.pt").read_bytes() == body
    assert server.seen[-1][1] == f"bytes={kept}-"


def test_convert(tmp_path, call):
    torch.save({"state_dict": KNOWN["tiny-base"].build().state_dict()}, tmp_path / "in.pt")
    line = ["convert", tmp_path / "in.pt", tmp_path / "out.safetensors", "--dtype", "bfloat16"]
    done = call(*line)
    assert done.out == f"{tmp_path / 'out.safetensors'}\n"
    assert "they are the weights of tiny-base" in done.err
    with pytest.raises(InputError, match="is there already") as caught:
        call(*line)
    assert "--force" in caught.value.hint
    call(*line, "--force")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("fetch bsae", 2, "known: base, upsample"),
        ("fetch base --all", 2, "--all"),
        ("fetch --from ftp://host --to w", 3, "not a web address"),
        ("verify", 3, "train weights fetch base upsample"),
        ("verify clip-text-enc --in w", 3, "train weights fetch clip-text-enc --to w"),
        ("verify bsae", 2, "known: base, upsample"),
        ("convert absent.pt out.safetensors", 3, "absent.pt: no such file"),
        ("convert rubbish.pt out.safetensors", 3, "rubbish.pt: not readable as weights"),
        ("convert rubbish.pt out.pt", 2, "out.safetensors"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, monkeypatch, call, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rubbish.pt").write_bytes(b"rubbish")
    with pytest.raises(CuratorError) as caught:
        call(*arguments.split())
    assert caught.value.exit_code == code
    assert said in str(caught.value)


def test_a_damaged_file_is_listed(tmp_path, call):
    (tmp_path / "base.pt").write_bytes(b"rubbish")
    assert "unreadable" in call("list", "--in", tmp_path).out
    with pytest.raises(GateError, match="not readable as weights"):
        call("verify", "--in", tmp_path)


@pytest.mark.parametrize("line", ["fetch", "list", "verify", "convert a b.safetensors"])
def test_without_torch_the_line_that_installs_it_is_said(monkeypatch, call, line):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match="torch"):
        call(*line.split())


def test_a_converted_file_is_verified_too(tmp_path, call):
    tower = KNOWN["clip-text-enc"]
    state = {key: torch.zeros(()).expand(shape) for key, shape in tower.shapes.items()}
    write_weights(tmp_path / "clip_text_enc.safetensors", state, dtype=torch.float16)
    found = call("verify", "--in", tmp_path).out
    assert "clip_text_enc.safetensors" in found
    assert "no sha256 was recorded" in found
