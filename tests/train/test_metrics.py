import pytest

from train.metrics import Metrics, read_metrics


def row(step):
    return {"step": step, "loss_base": 1 / step}


@pytest.fixture
def written(tmp_path):
    with Metrics(tmp_path, 0) as metrics:
        for step in range(1, 6):
            metrics.write(row(step))
    return tmp_path


def test_steps_past_the_checkpoint_are_taken_back(written):
    with Metrics(written, 3) as metrics:
        metrics.write(row(4))
    assert read_metrics(written) == [row(step) for step in range(1, 5)]


@pytest.mark.parametrize("end", ['{"step": 6, "loss', '{"step": 6, "loss_base": 0.1}'], ids=["half", "no line end"])
def test_a_line_that_was_not_finished_is_taken_back(written, end):
    with (written / "metrics.jsonl").open("a") as file:
        file.write(end)
    assert len(read_metrics(written)) == 5
    with Metrics(written, 5) as metrics:
        metrics.write(row(6))
    assert read_metrics(written) == [row(step) for step in range(1, 7)]


def test_a_run_without_metrics_has_none(tmp_path):
    assert read_metrics(tmp_path) == []
