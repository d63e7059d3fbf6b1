import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Guard, servers } from "./support";

/** A server of the test's own, on a new SQLite database in a temporary folder. */
export class Server {
  readonly url: string;
  private child?: ChildProcess;
  private log = "";

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly settings: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts a server, after a command of the program that fills its database. */
  static async start(settings: Record<string, string> = {}, filled?: string[]): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "passalong-browser-")), await freePort(), settings);
    try {
      if (filled) await server.run(...filled);
      await server.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** Starts on the database and port that it had before, too. */
  async start(): Promise<void> {
    this.log = "";
    const child = spawn(this.binary, ["serve"], { ...this.surroundings, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (text) => (this.log += text));
    child.stderr.on("data", (text) => (this.log += text));
    this.child = child;
    for (const begun = Date.now(); ; await pause(20)) {
      if (
        await fetch(`${this.url}/healthz`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        return;
      if (child.exitCode !== null || Date.now() - begun > 10_000)
        throw new Error(`the server did not start:\n${this.log}`);
    }
  }

  /** Runs a command of the program with the server's settings; what it prints. */
  async run(...args: string[]): Promise<string> {
    return (await promisify(execFile)(this.binary, args, this.surroundings)).stdout;
  }

  private get binary(): string {
    if (!servers.binary) throw new Error("PASSALONG_BIN is not set");
    return servers.binary;
  }

  private get surroundings() {
    return {
      cwd: this.folder,
      env: {
        DATABASE_URL: "sqlite:passalong.db",
        LISTEN_ADDR: `127.0.0.1:${this.port}`,
        BASE_URL: this.url,
        RATE_LIMITS: "off",
        ...this.settings,
      },
    };
  }

  /** The token that the log gives to whoever may set up the program. */
  async token(): Promise<string> {
    for (const begun = Date.now(); Date.now() - begun < 5_000; await pause(20)) {
      const line = /There is no admin yet\. Open (\S+)\/setup and enter this token: (\S+)/.exec(this.log);
      if (line?.[1] === this.url) return line[2];
    }
    throw new Error(`there is no token in the log:\n${this.log}`);
  }

  /** Asks the server to stop; tells how it ended and after how many milliseconds. */
  async stop(): Promise<{ code: number | null; took: number }> {
    const child = this.child;
    if (!child || child.exitCode !== null) throw new Error("the server does not run");
    const begun = Date.now();
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const code = await Promise.race([ended, pause(20_000).then(() => null)]);
    return { code, took: Date.now() - begun };
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Ends it in any case and removes its folder. Open pages notice, which `guard` need not tell any more. */
  async remove(guard?: Guard): Promise<void> {
    guard?.stop();
    this.child?.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Below the ports that systems give to outgoing connections: one of those may be taken before the server listens.
async function freePort(): Promise<number> {
  for (;;) {
    const port = 11_000 + Math.floor(Math.random() * 20_000);
    const listener = createServer();
    const free = await new Promise<boolean>((resolve) => {
      listener.once("error", () => resolve(false));
      listener.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => listener.close(resolve));
    return port;
  }
}
