import { type KeyPath, keyOfPath } from "./key-path.ts";

/** What `${…}` names. */
export interface Reference {
  readonly kind: "variable" | "file" | "keychain";
  /** The variable, the path, or the entry of the key store. */
  readonly name: string;
}

/** A text of the file, in pieces: what is written out, and what stands for something else. */
type Piece = string | Reference | { readonly fault: string };

/** Begins a reference. */
const marker = "$" + "{";

/** A `$` before it makes it plain text: `$${NAME}`. */
const marked = /\$\$\{|\$\{([^}]*)\}|\$\{/g;

const noReference =
  `has a \${…} that names nothing: write \${NAME}, \${file:/path}, \${file:~/path} or \${keychain:NAME}; ` +
  `$\${ stands for the characters \${ themselves`;

function parseReference(inner: string | undefined): Reference | { readonly fault: string } {
  const [, kind, name] = /^(file|keychain):(.+)$/s.exec(inner ?? "") ?? [];
  if (kind === "file" && name !== undefined && /^[^\p{Cc}]+$/u.test(name)) return { kind, name };
  if (kind === "keychain" && name !== undefined && /^[\w.@/-]{1,200}$/.test(name)) return { kind, name };
  // What stands there may be a key that somebody has put between the braces.
  if (inner === undefined || !/^[A-Za-z_]\w{0,200}$/.test(inner)) return { fault: noReference };
  return { kind: "variable", name: inner };
}

function parsePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(marked)) {
    pieces.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    pieces.push(found[0].startsWith("$$") ? marker : parseReference(found[1]));
  }
  return [...pieces, text.slice(end)].filter((piece) => piece !== "");
}

/** Stands for a value that could not be found, so that the rest of the file can be checked too. */
const unresolved = "unresolved";

/** The value of a reference, or why there is none, to be read after the path. */
export type Resolved = { readonly value: string } | { readonly fault: string };

/** A reference where it stands, with its value. */
export interface UsedReference {
  readonly path: KeyPath;
  readonly reference: Reference;
  readonly value: string;
}

export interface Substituted {
  readonly data: unknown;
  readonly used: readonly UsedReference[];
  readonly faults: readonly { readonly path: KeyPath; readonly text: string }[];
  /** Whether the text at a path, or one below it, has a reference. */
  readonly hasReference: (path: KeyPath) => boolean;
  /** The variables that are named anywhere. */
  readonly variables: ReadonlySet<string>;
}

/** Puts the values of all references into the texts of the file. Each reference is resolved once. */
export async function substituteReferences(
  data: unknown,
  resolve: (reference: Reference) => Promise<Resolved>,
): Promise<Substituted> {
  const substitution = new Substitution(resolve);
  const substituted = await substitution.substitute(data, []);
  const { used, faults, variables, paths } = substitution;
  return { data: substituted, used, faults, variables, hasReference: (path) => paths.has(keyOfPath(path)) };
}

class Substitution {
  readonly used: UsedReference[] = [];
  readonly faults: { path: KeyPath; text: string }[] = [];
  readonly variables = new Set<string>();
  /** Those of texts with references, and of what they stand in. */
  readonly paths = new Set<string>();
  private readonly resolved = new Map<string, Promise<Resolved>>();
  private readonly resolve: (reference: Reference) => Promise<Resolved>;

  constructor(resolve: (reference: Reference) => Promise<Resolved>) {
    this.resolve = resolve;
  }

  async substitute(value: unknown, path: KeyPath): Promise<unknown> {
    if (typeof value === "string") {
      if (!value.includes(marker)) return value;
      const texts: string[] = [];
      for (const piece of parsePieces(value)) texts.push(await this.readPiece(piece, path));
      return texts.join("");
    }
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) items.push(await this.substitute(item, [...path, index]));
      return items;
    }
    if (typeof value !== "object" || value === null) return value;
    const members: [string, unknown][] = [];
    for (const [key, member] of Object.entries(value)) {
      members.push([key, await this.substitute(member, [...path, key])]);
    }
    return Object.fromEntries(members);
  }

  private async readPiece(piece: Piece, path: KeyPath): Promise<string> {
    if (typeof piece === "string") return piece;
    for (let length = path.length; length > 0; length -= 1) this.paths.add(keyOfPath(path.slice(0, length)));
    const result = "fault" in piece ? piece : await this.resolveOnce(piece);
    if ("fault" in result) {
      this.faults.push({ path, text: result.fault });
      return unresolved;
    }
    if (!("fault" in piece)) this.used.push({ path, reference: piece, value: result.value });
    return result.value;
  }

  private resolveOnce(reference: Reference): Promise<Resolved> {
    if (reference.kind === "variable") this.variables.add(reference.name);
    const id = `${reference.kind}:${reference.name}`;
    const known = this.resolved.get(id) ?? this.resolve(reference);
    this.resolved.set(id, known);
    return known;
  }
}
