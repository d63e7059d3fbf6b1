error-signed-out = Inicia sesión para continuar.
error-forbidden = Esta página es para administradores.
error-not-found = No encontramos lo que buscas.
error-too-many-requests = { $seconds ->
    [one] Demasiados intentos. Vuelve a intentarlo en { $seconds } segundo.
   *[other] Demasiados intentos. Vuelve a intentarlo en { $seconds } segundos.
}
error-too-many-requests-minutes = Demasiados intentos. Vuelve a intentarlo en { $minutes } minutos.
error-too-large = Es demasiado para enviarlo de una vez.
error-too-slow = Tardó demasiado en llegar. Inténtalo de nuevo.
error-unavailable = No podemos guardar nada en este momento. Inténtalo de nuevo en un minuto.
error-internal = Algo salió mal de nuestro lado. Inténtalo de nuevo.
error-malformed = Falta algo o no tiene el formato correcto.
