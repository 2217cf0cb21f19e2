import { expect, test } from "bun:test";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { completionOf } from "../support/chunks.ts";
import { hello } from "../support/start-pair.ts";
import { refused, whole } from "./outcomes.ts";
import { playProgram } from "./program-test.ts";

const folder = join(import.meta.dir, "../fixtures/certificates");
/** What a TLS connection begins with: a handshake record. Plain HTTP would begin with "P" of POST. */
const handshakeByte = 22;

/** A secure upstream with the certificate of this name. In front of it stands a socket that notes how callers begin. */
async function startSecureUpstream(certificate: string) {
  let requests = 0;
  const secure = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: {
      key: Bun.file(join(folder, "server-key.pem")),
      cert: Bun.file(join(folder, `${certificate}.pem`)),
    },
    fetch: () => {
      requests += 1;
      return Response.json(completionOf({ text: "hello" }));
    },
  });
  const firstBytes: (number | undefined)[] = [];
  const front = createServer((caller) => {
    const inner = connect(Number(secure.port), "127.0.0.1");
    caller.once("data", (bytes) => firstBytes.push(Buffer.from(bytes)[0]));
    caller.pipe(inner).pipe(caller);
    for (const [socket, other] of [[caller, inner] as const, [inner, caller] as const])
      socket.on("error", () => other.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const address = front.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    requests: () => requests,
    firstBytes,
    [Symbol.asyncDispose]: async () => {
      front.close();
      await secure.stop(true);
    },
  };
}

/** Trusts the authority of the fixtures beside those of the system, as a company's machines trust its own. */
const trusting = { NODE_EXTRA_CA_CERTS: join(folder, "authority.pem") };

const howToTrust =
  "If you trust the signer, start claude-proxy with the signer's PEM file in NODE_EXTRA_CA_CERTS";
const faults = [
  {
    certificate: "self-signed",
    said: "its certificate is self-signed. If you trust it, start claude-proxy with its PEM file in NODE_EXTRA_CA_CERTS",
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    settings: {},
  },
  {
    certificate: "valid",
    said: `its certificate is signed by nobody whom this machine trusts. ${howToTrust}`,
    code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    settings: {},
  },
  {
    certificate: "expired",
    said: "its certificate has expired, or the clock of this machine is wrong",
    code: "CERT_HAS_EXPIRED",
    settings: trusting,
  },
  {
    certificate: "wrong-host",
    said: "its certificate is for another host name. Check the host in BASE_URL",
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    settings: trusting,
  },
];

test.each(faults)(
  "[row 3] $code is said in plain words, and nothing is sent",
  async ({ certificate, said, code, settings }) => {
    await using upstream = await startSecureUpstream(certificate);
    await playProgram(
      async (stage) => {
        for (const stream of [false, true]) {
          expect((await stage.ask({ ...hello, stream })).outcome).toEqual(
            refused(424, "api_error", `cannot reach UPSTREAM: ${said} (${code})`),
          );
        }
        const records = await stage.requestRecords(2);
        expect(records.map(({ attempts, phase }) => [attempts, phase])).toEqual([
          [1, "connect"],
          [1, "connect"],
        ]);
      },
      { elsewhere: `https://${upstream.host}/v1`, settings },
    );
    expect(upstream.requests()).toBe(0);
    expect(new Set(upstream.firstBytes)).toEqual(new Set([handshakeByte]));
  },
);

test("[row 3] a certificate of an authority that was named to the program is as good as any", async () => {
  await using upstream = await startSecureUpstream("valid");
  await playProgram(
    async ({ ask }) => {
      expect((await ask(hello)).outcome).toEqual(whole("hello"));
    },
    { elsewhere: `https://${upstream.host}/v1`, settings: trusting },
  );
  expect(upstream.requests()).toBe(1);
});
