share-copy = Copiar
share-copied = Copiado ✓
share-copy-by-hand = Presiona Ctrl+C
share-list = Comparte tu enlace
share-device = Compartir…
share-email = Correo
share-text = ¡Únete a { $program } conmigo!
