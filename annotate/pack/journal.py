"""What was done in the workspace of a pack since it was made: all that its store has and the pack did not bring."""

from annotate.pack.absorb import identity
from annotate.pack.choice import to_job, to_texts, to_typing
from annotate.pack.form import Contents, Job, Said, Text, Work
from curator.captions import PACK
from curator.record import Revision
from curator.store import Store


def work_of(store: Store, contents: Contents, member: str, rounds: dict[int, int]) -> Work:
    """The work, in one snapshot. `rounds` gives the number that each round of the pack has in this store."""
    with store.read():
        keys = store.captions.keys()
        revisions = store.captions.revisions()
        answers = store.history.all_answers()
        tasks = store.team.tasks(member)
        drafts = store.captions.drafts(member)
    given = {text.key for text in contents.texts}
    said = {identity(each) for each in contents.said}
    at_first = {job_key(job): (job.state, job.reason) for job in contents.jobs if job.member == member}
    home = {here: there for there, here in rounds.items()}
    jobs = [to_job(task).model_copy(update={"round": home[task.round]}) for task in tasks]
    return Work(
        texts=_written(revisions, keys, given),
        jobs=tuple(each for each in jobs if at_first.get(job_key(each)) != (each.state, each.reason)),
        said=tuple(
            Said(image=each.image, member=each.member, key=each.key, value=each.value, written=each.written)
            for each in answers
            if identity(each) not in said
        ),
        drafts=to_typing(drafts, keys),
    )


def job_key(job: Job) -> tuple[int, str, str, str]:
    """What names a task in every store."""
    return job.round, job.member, job.kind, job.image


def _written(revisions: list[Revision], keys: dict[int, str], given: set[str]) -> tuple[Text, ...]:
    """The texts that the pack did not bring. Their sources may be among those that it brought."""
    return tuple(
        text.model_copy(update={"number": None, "origin": PACK})
        for text in to_texts(revisions, keys)
        if text.key not in given
    )
