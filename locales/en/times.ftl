time-just-now = just now
# $count (Number) - minutes
time-minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
# $count (Number) - hours
time-hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
# $count (Number) - days
time-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
