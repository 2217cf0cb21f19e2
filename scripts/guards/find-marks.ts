import { parseSync, Visitor, type VisitorObject } from "oxc-parser";

/** A guard in a source, and what stands there without it. */
export interface GuardMark {
  /** The guard's name. */
  name: string;
  /** Path from the project's folder. */
  file: string;
  /** What stands from `start` to `end` is replaced by `after`. */
  start: number;
  end: number;
  after: string;
}

interface Span {
  start: number;
  end: number;
}

/** What a mark above a statement or a member replaces. */
interface Target {
  span: Span | null;
  /** What replaces it when the mark names nothing; null when the mark has to. */
  usual: string | null;
  /** Replaced instead of `span` by what the mark names. */
  named?: Span;
}

/** So that `if (x)` keeps a statement. */
const emptyStatement = "{}";
const markForm = /^ guard: (?<name>[^;]+?)(?:; without it: (?<after>.+))?$/;
const blank = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;

/**
 * Every mark of one source, in the order of their places. A mark is a line `// guard: NAME` or
 * `// guard: NAME; without it: CODE` above
 *
 * - an `if` or a `while`: its condition is replaced by CODE, by `false` when there is none;
 * - an expression: the statement is taken out, or the expression replaced by CODE;
 * - a constant, a `return` or a member of an object: its value is replaced by CODE.
 *
 * Throws when a mark stands elsewhere, or when its CODE uses a name that is neither in what it replaces nor global: a test
 * would fail because of the unknown name, and prove nothing of the guard.
 * @param file the path that the marks carry
 */
export function findMarks(file: string, source: string): GuardMark[] {
  const { program, comments } = parse(file, source);
  const marks = comments.filter(({ type, value }) => type === "Line" && value.startsWith(" guard:"));
  if (marks.length === 0) return [];
  const targets = new Map<number, Target>();
  new Visitor(collectTargets(targets)).visit(program);
  return marks.map(({ value, end }) => {
    const { name = "", after: named } = markForm.exec(value)?.groups ?? {};
    const fail = (fault: string) => new Error(`${file}: the mark "${value.trim()}" ${fault}`);
    if (name === "") throw fail("names no guard");
    const target = targets.get(skipBlank(source, end));
    if (target === undefined) throw fail("stands above nothing that can be taken out");
    const after = named ?? target.usual;
    const span = named === undefined ? target.span : (target.named ?? target.span);
    if (after === null || span === null) throw fail("has to say what stands there without it");
    const { start, end: spanEnd } = span;
    const strange = named === undefined ? [] : findStrangeNames(named, source.slice(start, spanEnd));
    if (strange.length > 0) throw fail(`names ${strange.join(", ")}, which it does not replace`);
    return { name, file, start, end: spanEnd, after };
  });
}

/** The source without the guard. */
export function takeOutGuard(source: string, { start, end, after }: GuardMark): string {
  return source.slice(0, start) + after + source.slice(end);
}

function parse(file: string, source: string) {
  const { program, comments, errors } = parseSync(file, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  return { program, comments };
}

/** By the place where the statement or the member starts. */
function collectTargets(targets: Map<number, Target>): VisitorObject {
  const condition = ({ start, test }: Span & { test: Span }) =>
    void targets.set(start, { span: test, usual: "false" });
  return {
    IfStatement: condition,
    WhileStatement: condition,
    ExpressionStatement({ start, end, expression }) {
      targets.set(start, { span: { start, end }, usual: emptyStatement, named: expression });
    },
    VariableDeclaration({ start, declarations }) {
      const [first, ...others] = declarations;
      const span = others.length === 0 ? (first?.init ?? null) : null;
      targets.set(start, { span, usual: null });
    },
    ReturnStatement: ({ start, argument }) => void targets.set(start, { span: argument, usual: null }),
    Property: ({ start, value }) => void targets.set(start, { span: value, usual: null }),
  };
}

function skipBlank(source: string, from: number): number {
  blank.lastIndex = from;
  return from + (blank.exec(source)?.[0].length ?? 0);
}

function findStrangeNames(code: string, replaced: string): string[] {
  const known = new Set(listNames(replaced));
  return listNames(code).filter((name) => !known.has(name) && !(name in globalThis));
}

/** The identifiers of an expression, but for those behind a dot. */
function listNames(expression: string): string[] {
  const source = `async () => (${expression.replace(/;$/, "")})`;
  const members = new Set<number>();
  const names: { name: string; start: number }[] = [];
  new Visitor({
    MemberExpression: ({ property, computed }) => void (!computed && members.add(property.start)),
    Identifier: ({ name, start }) => void names.push({ name, start }),
  }).visit(parse("expression.ts", source).program);
  return names.flatMap(({ name, start }) => (members.has(start) ? [] : [name]));
}
