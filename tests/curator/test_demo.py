import json


def test_the_demo_comes_to_a_proved_release_and_can_be_run_again(need, run, tmp_path):
    need("sample")
    for _ in range(2):
        done = run("curator", "demo", "shown", "--no-train", cwd=tmp_path)
        assert done.stdout.splitlines()[-1] == "report: shown/reports/audit.html"
    figures = json.loads(run("curator", "status", "--json", cwd=tmp_path / "shown").stdout)
    assert (figures["pictures"], figures["captions"], len(figures["subjects"])) == (153, 153, 8)
    assert (figures["newest_release"], len(figures["members"])) == ("v1", 4)


def test_a_step_that_fails_ends_the_demo_with_its_exit_code(need, run, tmp_path):
    need("sample")
    run("curator", "init", "shown", cwd=tmp_path)
    (tmp_path / "shown" / "curator.toml").write_text('nam = "x"\n')
    done = run("curator", "demo", "shown", "--no-train", cwd=tmp_path, code=3)
    assert "did you mean 'name'?" in done.stderr
