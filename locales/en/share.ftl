share-copy = Copy
share-copied = Copied ✓
share-copy-by-hand = Press Ctrl+C
share-list = Share your link
share-device = Share…
share-email = Email
# $program (String) - the name of the program
share-text = Join me at { $program }!
