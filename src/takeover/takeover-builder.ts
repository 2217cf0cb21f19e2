import { addAnthropicVersion } from "../config/normalize-base-url.ts";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import { findUsualUrl } from "../profiles/usual-urls.ts";
import { readAddress } from "./read-address.ts";
import { isPlaceholder } from "./read-key.ts";
import type { TakenCase, TakenKey, TakenUpstream, Takeover, TakeoverNote } from "./takeover.ts";

/** An upstream as the other file has it. */
export interface FoundUpstream {
  /** In the other file's own words. */
  readonly name: string;
  /** As it is written there; null for the usual one of the family that the name names. */
  readonly url: string | null;
  readonly protocol?: ProtocolId | null;
  readonly keys: readonly TakenKey[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly httpProxy?: string | null;
}

/** Collects what a file means, and what cannot be carried over. */
export class TakeoverBuilder {
  private readonly upstreams: TakenUpstream[] = [];
  /** The names that are taken, each with the last number that was tried behind it. */
  private readonly names = new Map<string, number>();
  private readonly routes = new Map<string, string[]>();
  private readonly cases: TakenCase[] = [];
  private readonly models = new Map<string, Record<string, unknown>>();
  private readonly clientKeys: TakenKey[] = [];
  private readonly server: Record<string, string | number> = {};
  private readonly lefts: TakeoverNote[] = [];
  private readonly notes: TakeoverNote[] = [];

  /**
   * Adds an upstream under a name that our file allows.
   * @returns the name; null if its address is none, which is noted
   */
  addUpstream(found: FoundUpstream): string | null {
    const name = this.freeName(found.name);
    const given = found.url === null ? null : readGiven(found.url);
    if (given !== null && "fault" in given) {
      this.leave(`the provider ${found.name}`, given.fault);
      return null;
    }
    const protocol = found.protocol ?? given?.protocol ?? null;
    const usual = findUsualUrl(name, protocol === "anthropic");
    if (given === null && usual === null) {
      this.leave(
        `the provider ${found.name}`,
        "no address is known for it. Write one into that file, or set it up by itself: claude-proxy init --upstream URL",
      );
      return null;
    }
    const isLocal = given === null ? usual?.startsWith("http://localhost") === true : given.isPrivate;
    const keys = found.keys.filter((key) => !("secret" in key && isPlaceholder(key.secret, isLocal)));
    if (keys.length === 0 && !isLocal && !(found.url !== null && isReference.test(found.url))) {
      this.leave(
        `the provider ${found.name}`,
        "the file has no key for it, or an example of one. Write the key, or the variable that has it, into that file.",
      );
      return null;
    }
    this.names.set(name, 1);
    this.upstreams.push({
      name,
      url: given === null || withVersion(given.url, protocol) === usual ? null : given.url,
      protocol,
      keys,
      headers: found.headers ?? {},
      body: found.body ?? {},
      // A proxy of the network does not lead to this machine.
      httpProxy: isLocal ? null : (found.httpProxy ?? null),
    });
    return name;
  }

  /** Adds a target to what is asked for; the first one is asked first. */
  addRoute(asked: string, target: string): void {
    const targets = this.routes.get(asked) ?? [];
    if (!targets.includes(target)) targets.push(target);
    this.routes.set(asked, targets);
  }

  /** The targets of a route so far. */
  targetsOf(asked: string): readonly string[] {
    return this.routes.get(asked) ?? [];
  }

  addCase(when: TakenCase["when"], to: string): void {
    this.cases.push({ when, to });
  }

  /** Adds facts of a model; members that are undefined are left out. */
  addModel(target: string, facts: Readonly<Record<string, unknown>>): void {
    const known = Object.entries(facts).filter(([, value]) => value !== undefined);
    if (known.length === 0) return;
    this.models.set(target, { ...this.models.get(target), ...Object.fromEntries(known) });
  }

  addClientKey(key: TakenKey | null): void {
    if (key !== null && !("secret" in key && isPlaceholder(key.secret, false))) this.clientKeys.push(key);
  }

  addServer(key: "host" | "port" | "log_level" | "max_output_tokens", value: string | number): void {
    this.server[key] = value;
  }

  /** Notes what is not carried over. */
  leave(what: string, why: string): void {
    if (!this.lefts.some((left) => left.what === what)) this.lefts.push({ what, why });
  }

  /** Notes what is carried over, but not as its owner may expect. */
  note(what: string, why: string): void {
    this.notes.push({ what, why });
  }

  build(): Takeover {
    const { upstreams, routes, cases, models, clientKeys, server, lefts, notes } = this;
    return { upstreams, routes, cases, models, clientKeys, server, left: lefts, notes };
  }

  /** A name in lower case without other characters than ours, which no upstream has so far. */
  private freeName(text: string): string {
    const plain = text
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[._-]+|[._-]+$/g, "")
      .slice(0, 60);
    const name = plain === "" ? "upstream" : plain;
    let number = this.names.get(name) ?? 0;
    let free = name;
    while (this.names.has(free)) {
      number += 1;
      free = `${name}-${number}`;
    }
    if (free !== name) this.names.set(name, number);
    return free;
  }
}

/** An address that is a reference stays one. */
function readGiven(url: string): ReturnType<typeof readAddress> {
  return isReference.test(url) ? { url, protocol: null, isPrivate: false } : readAddress(url);
}

/** As an address of Anthropic's wire is used: with its version. */
function withVersion(url: string, protocol: ProtocolId | null): string {
  return protocol === "anthropic" && !isReference.test(url) ? addAnthropicVersion(url) : url;
}

const isReference = /^\$\{[A-Za-z_]\w*\}$/;
