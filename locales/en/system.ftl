system-title = System
system-version = Version
system-database = Database
# $kind (String) - SQLite or PostgreSQL
# $number (Number) - of the schema
system-database-schema = { $kind }, schema { $number }
system-started = Running since
system-instances = Instances
system-failed-jobs = Failed jobs
system-failed-jobs-note = Background work that was given up. Search the log for the job number to learn more.
system-nothing-failed = Nothing failed
system-nothing-failed-note = Background work that can’t be completed appears here.
system-open-jobs = Open jobs
system-open-jobs-note = Jobs that fail are retried automatically.
system-nothing-open = Nothing to do
system-nothing-open-note = Background work that is waiting or running appears here.
# $count (String) - further jobs
system-more-open = and { $count } more
system-job = Job
system-job-failed-at = Failed
system-job-next-at = Next attempt
system-job-attempts = Attempts
system-job-problem = Error
# $number (Number) - of the job
system-job-number = Job { $number }
# $name (String) - a username
system-job-asked-by = requested by { $name }
system-job-running = Running
system-try-again = Retry
# $number (Number) - of the job
system-try-job-again = Retry job { $number }
system-tried-again = Job queued again.
system-audit-retry = Job retried
