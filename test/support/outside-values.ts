import type { Node, SourceFile } from "typescript/unstable/ast";
import { SyntaxKind } from "typescript/unstable/ast";
import {
  isBinaryExpression,
  isCallExpression,
  isCatchClause,
  isElementAccessExpression,
  isIdentifier,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  isTemplateSpan,
} from "typescript/unstable/ast/is";
import { API, type Checker, type Type, TypeFlags } from "typescript/unstable/async";

/**
 * What may be wrong with an expression: `text`: an object would be coerced to a text, which throws for
 * `{"toString": 1}`. `number`: a text or anything else is made a number by other rules than `readWholeNumber`'s.
 * `lookup`: a member of a plain object is looked up by any text, `constructor` and `__proto__` among them.
 */
export type Fault = "text" | "number" | "lookup";

export interface Finding {
  /** As the compiler names it. */
  file: string;
  fault: Fault;
  /** The expression, on one line. */
  text: string;
}

interface Question {
  node: Node;
  fault: Fault;
  /** For `lookup`: the object; `node` is the key. */
  object?: Node;
  text: string;
}

const makersOfNumbers = ["Number", "parseInt", "parseFloat"];
const plusTokens = [SyntaxKind.PlusToken, SyntaxKind.PlusEqualsToken];

/** What is asked of one node, its children not included. */
function questionsOf(node: Node, file: SourceFile): Question[] {
  const textOf = (asked: Node) => file.text.slice(asked.pos, asked.end).trim().replace(/\s+/g, " ");
  const ask = (asked: Node, fault: Fault): Question => ({ node: asked, fault, text: textOf(asked) });
  if (isTemplateSpan(node)) return [ask(node.expression, "text")];
  if (isBinaryExpression(node) && plusTokens.includes(node.operatorToken.kind)) {
    return [ask(node.left, "text"), ask(node.right, "text")];
  }
  if (isPrefixUnaryExpression(node) && node.operator === SyntaxKind.PlusToken)
    return [ask(node.operand, "number")];
  if (isElementAccessExpression(node)) {
    return [{ node: node.argumentExpression, fault: "lookup", object: node.expression, text: textOf(node) }];
  }
  if (!isCallExpression(node)) return [];
  const callee = node.expression;
  if (isPropertyAccessExpression(callee) && ["join", "toString"].includes(callee.name.text)) {
    return [ask(callee.expression, "text")];
  }
  if (!isIdentifier(callee)) return [];
  if (callee.text === "String") {
    return node.arguments.filter((argument) => !isThrown(argument)).map((argument) => ask(argument, "text"));
  }
  return makersOfNumbers.includes(callee.text)
    ? node.arguments.map((argument) => ask(argument, "number"))
    : [];
}

/** What a catch clause caught is no value from outside. */
function isThrown(node: Node): boolean {
  if (!isIdentifier(node)) return false;
  for (let around: Node | undefined = node.parent; around !== undefined; around = around.parent) {
    const caught = isCatchClause(around) ? around.variableDeclaration?.name : undefined;
    if (caught !== undefined && isIdentifier(caught) && caught.text === node.text) return true;
  }
  return false;
}

/** Whether all values of the type are of these kinds, or a list of such where a list is allowed. */
async function isAll(
  checker: Checker,
  type: Type | undefined,
  flags: number,
  inLists: boolean,
): Promise<boolean> {
  if (type === undefined || type.isErrorType()) return false;
  if (type.isUnionType()) {
    for (const part of await type.getTypes()) if (!(await isAll(checker, part, flags, inLists))) return false;
    return true;
  }
  if ((type.flags & flags) !== 0) return true;
  if (!inLists || !type.isTypeReference()) return false;
  for (const part of await checker.getTypeArguments(type)) {
    if (!(await isAll(checker, part, flags, false))) return false;
  }
  return true;
}

/** The types of all nodes; undefined where the compiler fails at one, as it does at some tuples. */
async function typesOf(checker: Checker, nodes: readonly Node[]): Promise<(Type | undefined)[]> {
  try {
    return await checker.getTypeAtLocation(nodes);
  } catch {
    const one = (node: Node) => checker.getTypeAtLocation(node).catch(() => undefined);
    return await Promise.all(nodes.map(one));
  }
}

/** Bytes and modules have methods of these names that coerce nothing. */
const harmlessReceivers = /^(?:(?:NonShared)?Buffer\b|(?:path\.)?PlatformPath$|typeof (?:path|posix|win32)$)/;
const text = TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike | TypeFlags.BigIntLike;
const nothing = TypeFlags.Null | TypeFlags.Undefined | TypeFlags.Never;

async function isFault(
  checker: Checker,
  { node, fault, object }: Question,
  type: Type | undefined,
): Promise<boolean> {
  if (fault === "number") {
    return !(await isAll(checker, type, TypeFlags.NumberLike | TypeFlags.BigIntLike, false));
  }
  if (fault === "text") {
    if (await isAll(checker, type, text | nothing, true)) return false;
    return type === undefined || !harmlessReceivers.test(await checker.typeToString(type, node));
  }
  if (
    type === undefined ||
    object === undefined ||
    (type.flags & (TypeFlags.String | TypeFlags.AnyOrUnknown)) === 0
  ) {
    return false;
  }
  return true;
}

/**
 * Finds where the files below `folder`, of the project of `configPath`, coerce or look up what may be a value from
 * outside, by the types of the expressions.
 */
export async function findCoercions(configPath: string, folder: string): Promise<Finding[]> {
  const api = new API({ cwd: folder });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [configPath] });
    const project = snapshot.getProject(configPath) ?? snapshot.getProjects()[0];
    if (project === undefined) throw new Error(`no project of ${configPath}`);
    const { program, checker } = project;
    const findings: Finding[] = [];
    for (const name of await program.getSourceFileNames()) {
      if (!name.replaceAll("\\", "/").startsWith(folder.replaceAll("\\", "/"))) continue;
      const file = await program.getSourceFile(name);
      if (file === undefined) throw new Error(`no text of ${name}`);
      const questions: Question[] = [];
      const visit = (node: Node): void => {
        questions.push(...questionsOf(node, file));
        node.forEachChild(visit);
      };
      visit(file);
      if (questions.length === 0) continue;
      const types = await typesOf(
        checker,
        questions.map(({ node }) => node),
      );
      for (const [index, question] of questions.entries()) {
        if (!(await isFault(checker, question, types[index]))) continue;
        findings.push({ file: name, fault: question.fault, text: question.text });
      }
    }
    return findings;
  } finally {
    await api.close();
  }
}
