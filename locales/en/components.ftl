field-optional = (optional)
list-pages = Pages
list-first-page = First page
list-next-page = Next page
list-search = Search
list-download = Download CSV
