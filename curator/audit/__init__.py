"""What is wrong, repeated, lop-sided or monotonous in a captioned set: findings, figures and reports.

`curator.audit.run.audit` makes an audit; `curator.audit.checks.CHECKS` is the list of what it looks for.
"""
