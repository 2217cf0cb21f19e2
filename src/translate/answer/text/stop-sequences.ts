/** How much of a stop sequence the text so far ends with: a node of the tree of their beginnings. */
export type StopNode = number;

const root: StopNode = 0;
const asciiCodes = 128;
const allCodes = 65_536;
const none = -1;

/**
 * Stop sequences as a tree of their beginnings, with a link from each to the longest other beginning that it ends with
 * (Aho and Corasick). A text is read once, whatever the number and the length of the sequences.
 */
export class StopSequences {
  readonly #parents: StopNode[] = [none];
  readonly #depths: number[] = [0];
  /** The character that leads to a node. */
  readonly #codes: number[] = [none];
  /** Most nodes have one child; further children are in the map, by node and character. */
  readonly #firstChildren: StopNode[] = [none];
  readonly #otherChildren = new Map<number, StopNode>();
  readonly #links: StopNode[] = [root];
  /** A sequence that passes through the node: provides the node's beginning, which need not be stored. */
  readonly #owners: string[] = [""];
  /** The longest sequence that ends at the node, or null. */
  readonly #endings: (string | null)[] = [null];
  /** Whether a sequence may begin with a character; always true beyond ASCII. */
  readonly #begins = new Uint8Array(asciiCodes);

  constructor(sequences: readonly string[]) {
    for (const sequence of sequences) this.#insert(sequence);
    const depths = this.#depths;
    const order = [...depths.keys()].sort((one, other) => (depths[one] ?? 0) - (depths[other] ?? 0));
    for (const node of order) if (node !== root) this.#link(node);
  }

  /** Whether a text outside all sequences may enter one with this character. */
  mayBegin(code: number): boolean {
    return code >= asciiCodes || this.#begins[code] === 1;
  }

  /** The node of the text after one more character. */
  next(node: StopNode, code: number): StopNode {
    for (let from = node; ; from = this.#links[from] ?? root) {
      const child = this.#child(from, code);
      if (child !== none) return child;
      if (from === root) return root;
    }
  }

  /** The longest sequence that ends at the node, or null. */
  ending(node: StopNode): string | null {
    return this.#endings[node] ?? null;
  }

  /** The beginning of a sequence with which the text ends; "" outside all sequences. */
  beginning(node: StopNode): string {
    return (this.#owners[node] ?? "").slice(0, this.#depths[node]);
  }

  #child(node: StopNode, code: number): StopNode {
    const first = this.#firstChildren[node] ?? none;
    if (first === none || this.#codes[first] === code) return first;
    return this.#otherChildren.get(node * allCodes + code) ?? none;
  }

  #insert(sequence: string): void {
    let node = root;
    for (let at = 0; at < sequence.length; at += 1) {
      const code = sequence.charCodeAt(at);
      const child = this.#child(node, code);
      node = child === none ? this.#create(node, code, sequence) : child;
    }
    if (node !== root) this.#endings[node] = sequence;
  }

  #create(parent: StopNode, code: number, owner: string): StopNode {
    const node = this.#parents.push(parent) - 1;
    if (parent === root && code < asciiCodes) this.#begins[code] = 1;
    if (this.#firstChildren[parent] === none) this.#firstChildren[parent] = node;
    else this.#otherChildren.set(parent * allCodes + code, node);
    this.#depths.push((this.#depths[parent] ?? 0) + 1);
    this.#codes.push(code);
    this.#firstChildren.push(none);
    this.#links.push(root);
    this.#owners.push(owner);
    this.#endings.push(null);
    return node;
  }

  /** Call this for nodes nearer to the root first. */
  #link(node: StopNode): void {
    const parent = this.#parents[node] ?? root;
    if (parent === root) return;
    const link = this.next(this.#links[parent] ?? root, this.#codes[node] ?? none);
    this.#links[node] = link;
    this.#endings[node] ??= this.#endings[link] ?? null;
  }
}
