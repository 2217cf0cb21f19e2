import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { findDefinition } from "./find-definition.ts";

/** Definitions may refer to themselves; deeper than this, anything goes. */
const maxDepth = 8;
/** Definitions that refer to each other many times would fill the memory: they are followed less deep. */
const maxReferences = 1000;
/** A thousand tools that refer to something have half of it; copying it all takes a tenth of a second. */
const weightOfRequest = 200_000;

/**
 * How much more the references of one request may bring: in values, of which 16 characters of text are another one.
 * That says how long copying takes and how long the copy is.
 */
export interface ReferenceBudget {
  weight: number;
}

/** Creates the budget of one request. */
export function createReferenceBudget(): ReferenceBudget {
  return { weight: weightOfRequest };
}

/** What is copied when references are followed. */
interface Copies {
  /** References met, followed or not. */
  references: number;
  weight: number;
}

/** The references inside one schema, to be replaced by what they point at. */
export class SchemaReferences {
  readonly #root: JsonObject;
  readonly #budget: ReferenceBudget;
  readonly #found = new Map<string, JsonObject | undefined>();
  readonly #weights = new Map<object, number>();
  /** By schema, then by how deep its references are followed. */
  readonly #copies = new Map<JsonObject, Map<number, Copies>>();
  /** Null until the first reference is met: most schemas have none. */
  #maxDepth: number | null = null;

  constructor(root: JsonObject, budget: ReferenceBudget) {
    this.#root = root;
    this.#budget = budget;
  }

  /** The schema that a reference points at, taken from the budget; undefined where it is not to be followed. */
  follow(reference: string, depth: number): JsonObject | undefined {
    this.#maxDepth ??= this.#findDepth();
    const target = depth < this.#maxDepth ? this.#find(reference) : undefined;
    if (target === undefined) return undefined;
    const weight = this.#weightOf(target);
    if (weight > this.#budget.weight) return undefined;
    this.#budget.weight -= weight;
    return target;
  }

  /** The deepest that is not too much. At the least they are followed once, as far as the budget goes. */
  #findDepth(): number {
    for (let depth = maxDepth; depth > 1; depth -= 1) {
      const { references, weight } = this.#measure(this.#root, depth);
      if (references <= maxReferences && weight <= this.#budget.weight) return depth;
    }
    return 1;
  }

  #find(reference: string): JsonObject | undefined {
    if (!this.#found.has(reference)) this.#found.set(reference, findDefinition(reference, this.#root));
    return this.#found.get(reference);
  }

  #weightOf(value: unknown): number {
    if (typeof value === "string") return 1 + value.length / 16;
    if (typeof value !== "object" || value === null) return 1;
    let weight = this.#weights.get(value);
    if (weight === undefined) {
      weight = 1;
      for (const [key, member] of Object.entries(value)) weight += key.length / 16 + this.#weightOf(member);
      this.#weights.set(value, weight);
    }
    return weight;
  }

  /** What would be copied if references were followed `depth` deep: told without copying, each schema looked at once. */
  #measure(schema: unknown, depth: number): Copies {
    if (!isJsonObject(schema)) return nothingCopied;
    const byDepth = this.#copies.get(schema) ?? new Map<number, Copies>();
    this.#copies.set(schema, byDepth);
    let copies = byDepth.get(depth);
    if (copies === undefined) {
      copies = this.#measureMembers(schema, depth);
      byDepth.set(depth, copies);
    }
    return copies;
  }

  #measureMembers(schema: JsonObject, depth: number): Copies {
    const sum = { references: 0, weight: 0 };
    const add = (inner: unknown, innerDepth: number) => {
      const { references, weight } = this.#measure(inner, innerDepth);
      sum.references += references;
      sum.weight += weight;
    };
    const { $ref: reference, properties, items } = schema;
    const target = typeof reference === "string" && depth > 0 ? this.#find(reference) : undefined;
    if (typeof reference === "string") sum.references += 1;
    if (target !== undefined) {
      sum.weight += this.#weightOf(target);
      add(target, depth - 1);
    }
    const innerDepth = typeof reference === "string" ? Math.max(0, depth - 1) : depth;
    if (isJsonObject(properties)) for (const inner of Object.values(properties)) add(inner, innerDepth);
    add(Array.isArray(items) ? items[0] : items, innerDepth);
    for (const list of [schema["anyOf"], schema["oneOf"], schema["allOf"]]) {
      if (Array.isArray(list)) for (const inner of list) add(inner, innerDepth);
    }
    return sum;
  }
}

const nothingCopied: Copies = { references: 0, weight: 0 };
