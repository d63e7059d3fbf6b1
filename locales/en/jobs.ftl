# $length (Number) - random characters of each code
job-codes-used-up = Nearly all codes with { $length } random characters are taken. Please ask for more characters.
# $length (Number) - random characters of each code
# $prefix (String) - what stands before them
job-prefixed-codes-used-up = Nearly all codes with { $length } random characters after { $prefix } are taken. Please ask for more characters.
job-never-ends = It was begun too often without getting through. Please look into the log.
job-unknown = This version of the program does not know such a job.
job-database-failed = The database did not take it. The log says why.
job-broke = It stopped unexpectedly. The log says why.
job-open-already = The same work is open already.
job-kind-bulk-codes = Create campaign codes
job-kind-prune-jobs = Delete old jobs
job-kind-take-up-payments = Match waiting payments
job-kind-advance-rewards = Activate and expire rewards
job-kind-close-reviews = Carry out what was decided in review
