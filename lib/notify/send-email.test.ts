import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliverAll, letTimePass, setEnvironment } from "@/test/channel-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import { announce } from "@/lib/registry/notifications/announce";
import { listDeliveries } from "@/lib/registry/notifications/channel-deliveries";
import { createChannel, updateChannel } from "@/lib/registry/notifications/channels";

const workspace = "flights";
interface Mail {
  from: string;
  to: string[];
  source: string;
}
let fixture: Fixture;
let sink: SMTPServer;
let mails: Mail[];
/** What the mail server says to a recipient; null takes the mail. */
let refuse: (address: string) => { code: number; text: string } | null;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);
beforeEach(async () => {
  mails = [];
  refuse = () => null;
  sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: ({ address }, _session, done) => {
      const refused = refuse(address);
      done(refused && Object.assign(new Error(refused.text), { responseCode: refused.code }));
    },
    onData: (stream, { envelope }, done) => {
      let source = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => (source += chunk));
      stream.on("end", () => {
        mails.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : "",
          to: envelope.rcptTo.map(({ address }) => address),
          source,
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  const { port } = sink.server.address() as AddressInfo;
  setEnvironment({ SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_FROM: "Tributary <features@example.com>" });
});
afterEach(async () => {
  await new Promise<void>((resolve) => sink.close(() => resolve()));
  await prisma().outboxMessage.deleteMany();
  await prisma().notificationChannel.deleteMany();
});

const chiara = () => fixture.people.chiara;
const open = (target: string) =>
  createChannel(chiara(), {
    workspace,
    name: "mail",
    kind: "email",
    target,
    format: "tributary",
    events: ["run.failed"],
  });
const fail = (summary: string, data: Record<string, unknown> = {}) =>
  prisma().$transaction((tx) =>
    announce(tx, fixture.workspace.id, [
      { event: "run.failed", object: "run/1", path: "/runs/1?tab=log&x=1", summary, data },
    ]),
  );
const log = async () => (await listDeliveries(chiara(), "mail", { workspace, state: "all", limit: 50 })).items;
/** Header lines, unfolded, and the body with its transfer encoding undone. */
function read({ source }: Mail) {
  const [head = "", ...rest] = source.split("\r\n\r\n");
  const unquote = (text: string) =>
    text.replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll("=", ""), "hex").toString("utf8"));
  const headers = head
    .replace(/\r\n[ \t]+/g, " ")
    .replace(/\?= (?==\?)/g, "?=")
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, word: string) => unquote(word.replaceAll("_", " ")))
    .split("\r\n");
  const body = unquote(rest.join("\r\n\r\n").replace(/=\r\n/g, ""));
  const header = (name: string) => headers.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return { header, body };
}

describe("e-mail", () => {
  it("goes to every address on its own, as text and as HTML", async () => {
    const { channel, secret } = await open(" ann@example.com,bob@example.com, ann@example.com ");
    expect([channel.target, secret]).toEqual(["ann@example.com, bob@example.com", null]);
    await fail("Run 1 failed: no space", { code: "unexpected" });
    await deliverAll();
    expect(mails.map(({ from, to }) => [from, ...to]).sort()).toEqual([
      ["features@example.com", "ann@example.com"],
      ["features@example.com", "bob@example.com"],
    ]);
    const { header, body } = read(mails[0] as Mail);
    expect(header("Subject")).toEqual(["Subject: [flights] Run 1 failed: no space"]);
    expect(header("From")).toEqual(["From: Tributary <features@example.com>"]);
    expect(body).toContain("Code: unexpected");
    expect(body).toContain("http://127.0.0.1:3000/runs/1?tab=log&x=1&workspace=flights\r\n");
    expect(body).toContain('<a href="http://127.0.0.1:3000/runs/1?tab=log&amp;x=1&amp;workspace=flights">');
    const ids = (await log()).map(({ id }) => `Message-ID: <${id}@example.com>`);
    expect(ids).toContain(header("Message-ID")[0]);
  });

  it("keeps names with quotes, line breaks and HTML what they are: text", async () => {
    await open("ann@example.com");
    await fail("Run 1 failed: \"a\"\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script> & 'b'", {
      reason: "<img src=x>",
    });
    await deliverAll();
    expect(mails).toHaveLength(1);
    const [mail] = mails as [Mail];
    expect(mail.to).toEqual(["ann@example.com"]);
    const { header, body } = read(mail);
    expect(header("Bcc")).toEqual([]);
    expect(header("Subject")).toEqual([
      "Subject: [flights] Run 1 failed: \"a\" Bcc: eve@example.com <script>alert(1)</script> & 'b'",
    ]);
    const html = body.slice(body.indexOf("text/html"));
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;b&#39;");
    expect(html).toContain("&lt;img src=x&gt;");
    expect(html).not.toMatch(/<script|<img/);
  });

  it("is given up when the mail server refuses the address, and tried again when it is busy", async () => {
    await open("gone@example.com,busy@example.com");
    refuse = (address) =>
      address.startsWith("gone") ? { code: 550, text: "No such user" } : { code: 451, text: "Try again later" };
    await fail("Run 1 failed");
    await deliverAll();
    const states = async () => Object.fromEntries((await log()).map((one) => [one.target, one]));
    expect(await states()).toMatchObject({
      "gone@example.com": { state: "failed", lastError: expect.stringContaining("No such user") },
      "busy@example.com": { state: "pending", lastError: expect.stringContaining("Try again later") },
    });
    refuse = () => null;
    await letTimePass();
    await deliverAll();
    expect(await states()).toMatchObject({
      "gone@example.com": { state: "failed" },
      "busy@example.com": { state: "sent" },
    });
  });

  it("is not sent to who was taken off the channel meanwhile", async () => {
    await open("ann@example.com,bob@example.com");
    await fail("Run 1 failed");
    await updateChannel(chiara(), "mail", { workspace, target: "bob@example.com" });
    await deliverAll();
    expect(mails.map(({ to }) => to[0])).toEqual(["bob@example.com"]);
  });

  it.each([
    "ann",
    "ann@example.com, ",
    "ann@example.com\r\nBcc: eve@example.com",
    "Ann <ann@example.com>",
    ",",
    "a@b@c.de",
  ])("takes no addresses that are none: %j", async (target) => {
    const made = open(target);
    if (target === "ann@example.com, ") expect((await made).channel.target).toBe("ann@example.com");
    else await expect(made).rejects.toMatchObject({ code: "invalid" });
  });

  it("says what the server lacks", async () => {
    setEnvironment();
    await expect(open("ann@example.com")).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/SMTP_URL is not set.*SMTP_FROM/),
    });
  });
});
