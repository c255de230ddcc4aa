"""What is to be said of a caption while it is written: remarks, never refusals. Knows nothing of widgets or stores."""

from annotate.lint.corpus import Corpus
from annotate.lint.lint import Facts, Lint
from annotate.lint.remark import Kind, Remark, Severity

__all__ = ["Corpus", "Facts", "Kind", "Lint", "Remark", "Severity"]
