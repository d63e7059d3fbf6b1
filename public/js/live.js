// One connection for live updates per browser and user: the tab that holds the lock listens and tells the others.
// Every tab has the latest numbers as JSON in `passalongLive` and in the event `passalong:stats` of its window, the latest
// rewards in `passalongRewards` and `passalong:rewards`, hears of other settings in `passalong:settings`, and an admin's of codes in `passalong:codes`.
const { who = "" } = document.querySelector("script[data-who]")?.dataset ?? {};
const name = `passalong-live:${who}`;
const shared = "locks" in navigator && "BroadcastChannel" in window;
const ASK = "latest?";
const SHORTEST = 1000;
const LONGEST = 30000;

const address = `/live?for=${encodeURIComponent(who)}`;

let stop;
let session;
let stranger = false;

function show({ kind, data }) {
  if (kind === "stats") window.passalongLive = data;
  if (kind === "rewards") window.passalongRewards = data;
  window.dispatchEvent(new CustomEvent(`passalong:${kind}`, { detail: data }));
}

// Keeps a connection open until it is told to stop. A browser gives up for good on an error status, so this tries again.
function listen(tell) {
  let source;
  let timer;
  let wait = SHORTEST;
  let closed = false;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(address);
    source.onopen = () => (wait = SHORTEST);
    for (const kind of ["stats", "rewards", "codes", "settings"]) source.addEventListener(kind, ({ data }) => tell({ kind, data }));
    source.onerror = async () => {
      if (source.readyState !== EventSource.CLOSED) return;
      const refused = source;
      if (await isOver()) return stop?.();
      if (source !== refused || closed) return;
      timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST);
    };
  }

  function comeBack() {
    if (document.hidden || source.readyState === EventSource.OPEN) return;
    wait = SHORTEST;
    open();
  }

  open();
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("online", open);
  return {
    fresh: () => source.readyState === EventSource.OPEN,
    close() {
      closed = true;
      clearTimeout(timer);
      source.close();
      document.removeEventListener("visibilitychange", comeBack);
      window.removeEventListener("online", open);
    },
  };
}

// Whether what this page shows is nobody's any more: somebody else is signed in by now, or nobody. Only then it never asks
// again.
async function isOver() {
  let status;
  try {
    ({ status } = await fetch(address, { method: "HEAD" }));
  } catch {
    // Without a network nobody knows.
  }
  stranger = status === 403;
  if (status === 401) {
    session?.postMessage("ended");
    leave();
  }
  return stranger || status === 401;
}

// Loaded anew, the page asks to sign in.
function leave() {
  end();
  location.replace(location.pathname + location.search);
}

function share() {
  const channel = new BroadcastChannel(name);
  const giveUp = new AbortController();
  let connection;
  let release;

  channel.onmessage = ({ data }) => {
    if (data !== ASK) show(data);
    else if (connection?.fresh()) answer();
  };
  const answer = () => {
    const latest = { stats: window.passalongLive, rewards: window.passalongRewards };
    for (const [kind, data] of Object.entries(latest)) if (data) channel.postMessage({ kind, data });
  };
  channel.postMessage(ASK);
  const lead = () =>
    new Promise((resolve) => {
      release = resolve;
      connection = listen((news) => {
        show(news);
        channel.postMessage(news);
      });
    });
  navigator.locks.request(name, { signal: giveUp.signal }, lead).catch(() => {});

  return () => {
    giveUp.abort();
    connection?.close();
    release?.();
    channel.close();
  };
}

// Without locks every tab listens for itself, but only while somebody looks at it: browsers allow few connections.
function alone() {
  let connection;
  const look = () => {
    connection?.close();
    connection = document.hidden ? undefined : listen(show);
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    connection?.close();
  };
}

// Whoever has signed out in another tab shall not go on reading here; `early.js` tells of it, or the tab that listens for all.
function hearOfSignOut() {
  if (!("BroadcastChannel" in window)) return;
  session = new BroadcastChannel("passalong-session");
  session.onmessage = leave;
}

function start() {
  if (stranger || stop) return;
  stop = shared ? share() : alone();
  hearOfSignOut();
}

function end() {
  stop?.();
  stop = undefined;
  session?.close();
}

// The connection of whoever signs out here would only be refused.
window.addEventListener("submit", ({ target }) => target.getAttribute("action") === "/signout" && end());

// A page in the back-forward cache must hold nothing.
window.addEventListener("pageshow", start);
window.addEventListener("pagehide", end);
start();
