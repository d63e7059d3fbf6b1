// One connection for live updates per browser and user: the tab that holds the lock listens and tells the others.
// Every tab has the latest numbers as JSON in `passalongLive` and in the event `passalong:stats` of its window.
const { who = "" } = document.querySelector("script[data-who]")?.dataset ?? {};
const name = `passalong-live:${who}`;
const shared = "locks" in navigator && "BroadcastChannel" in window;
const ASK = "latest?";
const SHORTEST = 1000;
const LONGEST = 30000;

let stop;

function show(stats) {
  window.passalongLive = stats;
  window.dispatchEvent(new CustomEvent("passalong:stats", { detail: stats }));
}

// Keeps a connection open until it is told to stop. A browser gives up for good on an error status, so this tries again.
function listen(tell) {
  let source;
  let timer;
  let wait = SHORTEST;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("/live");
    source.onopen = () => (wait = SHORTEST);
    source.addEventListener("stats", (event) => tell(event.data));
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST);
    };
  }

  function comeBack() {
    if (document.hidden || source.readyState !== EventSource.CLOSED) return;
    wait = SHORTEST;
    open();
  }

  open();
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("online", open);
  return {
    fresh: () => source.readyState === EventSource.OPEN,
    close() {
      clearTimeout(timer);
      source.close();
      document.removeEventListener("visibilitychange", comeBack);
      window.removeEventListener("online", open);
    },
  };
}

function share() {
  const channel = new BroadcastChannel(name);
  const giveUp = new AbortController();
  let connection;
  let release;

  channel.onmessage = ({ data }) => {
    if (data !== ASK) show(data);
    else if (connection?.fresh() && window.passalongLive) channel.postMessage(window.passalongLive);
  };
  channel.postMessage(ASK);
  const lead = () =>
    new Promise((resolve) => {
      release = resolve;
      connection = listen((stats) => {
        show(stats);
        channel.postMessage(stats);
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

function start() {
  stop ??= shared ? share() : alone();
}

// A page in the back-forward cache must hold nothing.
window.addEventListener("pageshow", start);
window.addEventListener("pagehide", () => {
  stop?.();
  stop = undefined;
});
start();
