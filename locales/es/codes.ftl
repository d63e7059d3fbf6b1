code-not-found = No conocemos este código. Revisa que esté bien escrito.
code-inactive = Este código ya no está activo.
code-expired = Este código venció.
code-used-up = Este código llegó a su límite de usos.
code-works = Este código es válido.
code-required = Ingresa un código de referido válido para unirte.
code-characters = Usa de { $min } a { $max } caracteres: A–Z, 0–9, “_” y “-”.
code-taken = Este código ya está en uso.
code-none-free = No encontramos un código libre. Ingresa uno.
code-description-length = Describe el código en { $min } a { $max } caracteres.
code-category-length = Las categorías pueden tener hasta { $max } caracteres.
code-limit-below-uses = { $uses ->
    [one] Este código ya tiene { $digits } registro. El límite no puede ser menor.
   *[other] Este código ya tiene { $digits } registros. El límite no puede ser menor.
}
code-beneficiary-unknown = Ninguna cuenta tiene este correo electrónico o nombre de usuario.
code-beneficiary-id-unknown = Ningún usuario tiene este ID.
code-prefix-characters = Usa hasta { $max } caracteres: A–Z, 0–9, “_” y “-”.
code-too-short = Con su prefijo, el código debe tener al menos { $min } caracteres.
code-more-characters = { $count } códigos distintos necesitan al menos { $min } caracteres aleatorios.
code-own = Este código es de la misma persona. Ingresa el código de su referente.
code-same-account = Este código es de alguien de la misma cuenta. Las personas de una misma cuenta no pueden recomendarse entre sí.
