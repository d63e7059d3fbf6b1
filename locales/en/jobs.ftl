# $length (Number) - random characters of each code
job-codes-used-up = Almost all codes with { $length } random characters are taken. Use more characters.
# $length (Number) - random characters of each code
# $prefix (String) - what stands before them
job-prefixed-codes-used-up = Almost all codes with { $length } random characters after { $prefix } are taken. Use more characters.
job-never-ends = It started too many times without finishing. Check the log.
job-unknown = This version of the program doesn’t know this job.
job-database-failed = The database rejected it. The log says why.
job-broke = It stopped unexpectedly. The log says why.
job-open-already = The same job is already open.
job-kind-bulk-codes = Create campaign codes
job-kind-prune-jobs = Delete old jobs
job-kind-take-up-payments = Match waiting payments
job-kind-advance-rewards = Activate and expire rewards
job-kind-close-reviews = Apply review decisions
