import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { findDefinition } from "./find-definition.ts";

/** Definitions may refer to themselves; schemas below this depth allow anything. */
const maxDepth = 8;
/** Definitions that refer to each other many times would fill the memory: their references are followed less deeply. */
const maxReferences = 1000;
/** A thousand tools with some references have half of this; copying all of it takes a tenth of a second. */
const weightOfRequest = 200_000;

/**
 * How much the references of one request may still copy: in values, with 16 characters of text counting as another one.
 * This limits the time of copying and the length of the copies.
 */
export interface ReferenceBudget {
  weight: number;
}

/** Creates the budget of one request. */
export function createReferenceBudget(): ReferenceBudget {
  return { weight: weightOfRequest };
}

/** The amount that is copied if references are followed. */
interface Copies {
  /** References found, whether followed or not. */
  references: number;
  weight: number;
}

/** Replaces the references inside one schema by the schemas to which they point. */
export class SchemaReferences {
  readonly #root: JsonObject;
  readonly #budget: ReferenceBudget;
  readonly #found = new Map<string, JsonObject | undefined>();
  readonly #weights = new Map<object, number>();
  /** By schema, then by the depth to which its references are followed. */
  readonly #copies = new Map<JsonObject, Map<number, Copies>>();
  /** Null until the first reference is found: most schemas have none. */
  #maxDepth: number | null = null;

  constructor(root: JsonObject, budget: ReferenceBudget) {
    this.#root = root;
    this.#budget = budget;
  }

  /** The schema to which a reference points, taken from the budget; undefined if it must not be followed. */
  follow(reference: string, depth: number): JsonObject | undefined {
    this.#maxDepth ??= this.#findDepth();
    const target = depth < this.#maxDepth ? this.#find(reference) : undefined;
    if (target === undefined) return undefined;
    const weight = this.#weightOf(target);
    if (weight > this.#budget.weight) return undefined;
    this.#budget.weight -= weight;
    return target;
  }

  /** The greatest depth that is not too much. References are followed at least once, as far as the budget allows. */
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

  /**
   * How much would be copied if references were followed to `depth`: determined without copying, reading each schema
   * once.
   */
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
