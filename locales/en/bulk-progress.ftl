bulk-progress-open = Creating codes. You can leave this page.
# $count (Number) - codes
# $digits (String) - the same, grouped
bulk-progress-done = { $count ->
    [one] { $digits } code ready
   *[other] { $digits } codes ready
}
bulk-progress-failed = No codes were created.
bulk-progress-bar = Codes created
# $done (String) - codes that are there
# $total (String) - codes in all
bulk-progress-so-far = { $done } of { $total }
bulk-progress-refresh = Refresh
bulk-progress-download = Download CSV
