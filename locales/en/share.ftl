share-list = Share your link
share-device = Share…
share-email = Email
# $program (String) - the name of the program
share-text = Join me at { $program }!
share-qr = QR code
share-qr-picture = QR code of your link
share-qr-png = Download as PNG
share-qr-svg = Download as SVG
