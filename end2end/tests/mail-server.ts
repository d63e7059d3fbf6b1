import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { expect } from "./support";

/** What a mail server says instead of yes. */
export function refusal(code: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: code });
}

/** A mail server on this machine that keeps what it has taken. */
export class MailServer {
  readonly mails: ParsedMail[] = [];
  /** Looks at a recipient; what it throws is the answer. */
  recipient: (address: string) => void | Promise<void> = () => {};
  /** Looks at a whole mail, before it is taken. */
  content: (mail: ParsedMail) => void | Promise<void> = () => {};
  private server?: SMTPServer;
  private port = 0;

  static async start(login?: { user: string; pass: string }): Promise<MailServer> {
    const server = new MailServer(login);
    await server.up();
    return server;
  }

  private constructor(private readonly login?: { user: string; pass: string }) {}

  /** For the setting `SMTP_URL`. */
  get url(): string {
    const { user, pass } = this.login ?? { user: "", pass: "" };
    const login = this.login ? `${encodeURIComponent(user)}:${encodeURIComponent(pass)}@` : "";
    return `smtp://${login}127.0.0.1:${this.port}?tls=none`;
  }

  /** Listens, on the port that it had before, too. */
  async up(): Promise<void> {
    const { login } = this;
    const server = new SMTPServer({
      authOptional: !login,
      allowInsecureAuth: true,
      disabledCommands: login ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
      onAuth: ({ username, password }, _session, answer) =>
        username === login?.user && password === login?.pass
          ? answer(null, { user: username })
          : answer(refusal(535, "Wrong password")),
      onRcptTo: async ({ address }, _session, answer) => {
        try {
          await this.recipient(address);
          answer();
        } catch (error) {
          answer(error as Error);
        }
      },
      onData: async (stream, _session, answer) => {
        try {
          const mail = await simpleParser(stream);
          await this.content(mail);
          this.mails.push(mail);
          answer();
        } catch (error) {
          answer(error as Error);
        }
      },
    });
    // Clients that die are part of the tests.
    server.on("error", () => {});
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  async down(): Promise<void> {
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    this.server = undefined;
  }

  /** Waits until there are so many mails; the last one. */
  async nth(count: number): Promise<ParsedMail> {
    await expect.poll(() => this.mails.length, "mails that have arrived").toBe(count);
    return this.mails[count - 1];
  }
}
