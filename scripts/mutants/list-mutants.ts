import { type Node, parseSync, Visitor, type VisitorObject } from "oxc-parser";
import { isProse } from "./is-prose.ts";
import type { Mutant, MutantKind } from "./mutant.ts";

interface Span {
  start: number;
  end: number;
}

type Add = (kind: MutantKind, span: Span, after: string) => void;

const comparisons: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
};
/** Without `+`: it joins texts as often as it adds, and what it made of them could not be read. */
const arithmetic: Readonly<Record<string, string>> = { "-": "+", "*": "/", "/": "*", "%": "*", "**": "*" };
const assignments: Readonly<Record<string, string>> = {
  "+=": "=",
  "-=": "+=",
  "*=": "=",
  "??=": "=",
  "||=": "=",
  "&&=": "=",
};
/** Names of what says how long or how much: limits, and the pace of work. */
const nameOfMeasure = /(?:Ms|Bytes|Length|Characters)$/;
/** Of a measure or a factor of one: one more is a hundredth at the most and no other behaviour, ten times as much is. */
const largeFactor = 100;
/** What replaces a statement, so that `if (x)` keeps one. With a mere `;` there the compiler would refuse all of these. */
const emptyStatement = "{}";

/**
 * Every mutant of one source, in the order of their places. Types, names and texts that only people read are left
 * alone. Throws when the source cannot be parsed.
 * @param file the path that the mutants carry
 */
export function listMutants(file: string, source: string): Mutant[] {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  const lineOf = createLineFinder(source);
  const mutants: Mutant[] = [];
  const add: Add = (kind, { start, end }, after) => {
    const before = source.slice(start, end);
    mutants.push({ file, line: lineOf(start), lastLine: lineOf(end - 1), kind, start, end, before, after });
  };
  const textOf = ({ start, end }: Span) => source.slice(start, end);
  const visitors = [operators(textOf, add), conditions(textOf, add), constants(add), statements(add)];
  for (const visitor of visitors) new Visitor(visitor).visit(program);
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

function operators(textOf: (span: Span) => string, add: Add): VisitorObject {
  return {
    BinaryExpression({ left, operator, right }) {
      const gap = spanOf(textOf, left, right, operator);
      const compared = comparisons[operator];
      if (compared !== undefined) add("comparison", gap, compared);
      const computed = arithmetic[operator];
      if (computed !== undefined) add("arithmetic", gap, computed);
    },
    LogicalExpression(node) {
      const { left, operator, right } = node;
      if (operator === "??") {
        add("logic", node, textOf(right));
        add("logic", node, textOf(left));
      } else add("logic", spanOf(textOf, left, right, operator), operator === "&&" ? "||" : "&&");
    },
    AssignmentExpression({ left, operator, right }) {
      const other = assignments[operator];
      if (other !== undefined) add("assignment", spanOf(textOf, left, right, operator), other);
    },
    UnaryExpression(node) {
      if (node.operator === "!") add("condition", node, textOf(node.argument));
    },
  };
}

/** A condition that is one comparison or a negation is changed as such. */
function conditions(textOf: (span: Span) => string, add: Add): VisitorObject {
  const negate = (test: Span & { type: string; operator?: string }) => {
    const isChanged = test.operator === "===" || test.operator === "!==" || test.operator === "!";
    if (!isChanged) add("condition", test, `!(${textOf(test)})`);
  };
  return {
    IfStatement: ({ test }) => negate(test),
    ConditionalExpression: ({ test }) => negate(test),
  };
}

function constants(add: Add): VisitorObject {
  /** Starts of literals that are names, types or places of modules. */
  const kept = new Set<number>();
  const keep = (node: Span | null) => node !== null && kept.add(node.start);
  const indices = new Set<number>();
  const factors = new Set<number>();
  const measure = (name: string, value: Node) => {
    if (nameOfMeasure.test(name)) for (const start of listFactors(value)) factors.add(start);
  };
  return {
    VariableDeclarator: ({ id, init }) => void (id.type === "Identifier" && init && measure(id.name, init)),
    ImportDeclaration: ({ source }) => void keep(source),
    ImportExpression: ({ source }) => void keep(source),
    ExportNamedDeclaration: ({ source }) => void keep(source),
    ExportAllDeclaration: ({ source }) => void keep(source),
    TSLiteralType: ({ literal }) => void keep(literal),
    TSPropertySignature: ({ key }) => void keep(key),
    TSMethodSignature: ({ key }) => void keep(key),
    Property({ key, computed, value }) {
      if (computed) return;
      keep(key);
      if (key.type === "Identifier") measure(key.name, value);
    },
    MemberExpression: ({ property, computed }) => void (computed && indices.add(property.start)),
    ExpressionStatement: ({ expression }) => void (expression.type === "Literal" && keep(expression)),
    Literal(node) {
      const { value, start } = node;
      if (kept.has(start)) return;
      if (typeof value === "boolean") add("boolean", node, String(!value));
      if (typeof value === "number") {
        if (value < largeFactor || !factors.has(start)) add("number", node, String(value + 1));
        if (value !== 0 && !indices.has(start)) add("number", node, String(value * 10));
      }
      if (typeof value === "string" && !isProse(value)) add("string", node, value === "" ? '"mutant"' : '""');
    },
    TemplateLiteral(node) {
      if (!kept.has(node.start) && !isProse(node.quasis.map(({ value }) => value.raw).join("¤"))) {
        add("string", node, '""');
      }
    },
    // The parts of a tagged template mean what its tag makes of them.
    TaggedTemplateExpression: ({ quasi }) => void keep(quasi),
  };
}

/** Where the numbers start that a number is the product of; nothing for what is no product of numbers alone. */
function listFactors(value: Node): number[] {
  if (value.type === "Literal") return [value.start];
  return value.type === "BinaryExpression" && value.operator === "*"
    ? [...listFactors(value.left), ...listFactors(value.right)]
    : [];
}

function statements(add: Add): VisitorObject {
  const returnsEarly = new Set<number>();
  return {
    ExpressionStatement(node) {
      const isSuper = node.expression.type === "CallExpression" && node.expression.callee.type === "Super";
      if (node.expression.type !== "Literal" && !isSuper) add("statement", node, emptyStatement);
    },
    ThrowStatement: (node) => add("statement", node, emptyStatement),
    BreakStatement: (node) => add("statement", node, emptyStatement),
    ContinueStatement: (node) => add("statement", node, emptyStatement),
    IfStatement({ consequent }) {
      const last = consequent.type === "BlockStatement" ? consequent.body.at(-1) : consequent;
      if (last?.type === "ReturnStatement") returnsEarly.add(last.start);
    },
    // Without a function's last `return` nothing would be left of it.
    ReturnStatement(node) {
      if (returnsEarly.has(node.start)) add("statement", node, emptyStatement);
    },
  };
}

/** Where the operator stands between its operands, which may have brackets and comments around them. */
function spanOf(textOf: (span: Span) => string, left: Span, right: Span, operator: string): Span {
  const start = left.end + textOf({ start: left.end, end: right.start }).indexOf(operator);
  return { start, end: start + operator.length };
}

/** A function from an index to the number of its line, from 1. */
function createLineFinder(source: string): (index: number) => number {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (index) => starts.findLastIndex((start) => start <= index) + 1;
}
