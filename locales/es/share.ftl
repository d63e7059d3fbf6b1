share-list = Comparte tu enlace
share-device = Compartir…
share-email = Correo
share-text = ¡Únete a { $program } conmigo!
share-qr = Código QR
share-qr-picture = Código QR de tu enlace
share-qr-png = Descargar en PNG
share-qr-svg = Descargar en SVG
