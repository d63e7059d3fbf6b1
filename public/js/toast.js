// What a toast has said is not said again: the address loses it, for reloads, bookmarks and whoever it is sent to.
const address = new URL(location.href);
address.searchParams.delete("done");
history.replaceState(history.state, "", address);
