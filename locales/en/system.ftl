system-title = System
system-version = Version
system-database = Database
# $kind (String) - SQLite or PostgreSQL
# $number (Number) - of the schema
system-database-schema = { $kind }, schema { $number }
system-started = Running since
system-instances = Instances
system-failed-jobs = Failed jobs
system-failed-jobs-note = Work in the background that was given up. The log says more under the number of the job.
system-nothing-failed = Nothing failed
system-nothing-failed-note = Work in the background that cannot be done is listed here.
system-open-jobs = Open jobs
system-open-jobs-note = What does not get through is tried again by itself.
system-nothing-open = Nothing to do
system-nothing-open-note = Work in the background that waits for its time is listed here.
# $count (String) - further jobs
system-more-open = and { $count } more
system-job = Job
system-job-failed-at = Failed
system-job-next-at = Next attempt
system-job-attempts = Attempts
system-job-problem = What went wrong
# $number (Number) - of the job
system-job-number = no. { $number }
# $name (String) - a username
system-job-asked-by = asked for by { $name }
system-job-running = Running
system-try-again = Try again
# $number (Number) - of the job
system-try-job-again = Try again: job no. { $number }
system-tried-again = The job is tried again.
system-audit-retry = Job tried again
