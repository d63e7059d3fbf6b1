field-optional = (opcional)
list-pages = Páginas
list-first-page = Primera página
list-next-page = Página siguiente
list-search = Buscar
list-download = Descargar CSV
