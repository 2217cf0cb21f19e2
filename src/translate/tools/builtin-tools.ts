import type { JsonObject } from "../../json/json-value.ts";

/** A tool that Anthropic models know without a schema and that the client runs itself. */
export interface BuiltinTool {
  description: string;
  inputSchema: JsonObject;
}

const text = { type: "string" };
const line = { type: "integer" };
const lineRange = { type: "array", items: line };

const bash: BuiltinTool = {
  description: "Runs a command in a shell that stays open between calls.",
  inputSchema: {
    type: "object",
    properties: { command: text, restart: { type: "boolean" } },
    required: ["command"],
  },
};

const textEditor: BuiltinTool = {
  description: "Shows, creates and edits files.",
  inputSchema: {
    type: "object",
    properties: {
      command: { type: "string", enum: ["view", "create", "str_replace", "insert"] },
      path: text,
      view_range: lineRange,
      file_text: text,
      old_str: text,
      new_str: text,
      insert_line: line,
      insert_text: text,
    },
    required: ["command", "path"],
  },
};

const memory: BuiltinTool = {
  description: "Keeps notes in files between conversations.",
  inputSchema: {
    type: "object",
    properties: {
      command: { type: "string", enum: ["view", "create", "str_replace", "insert", "delete", "rename"] },
      path: text,
      file_text: text,
      old_str: text,
      new_str: text,
      insert_line: line,
      insert_text: text,
      old_path: text,
      new_path: text,
    },
    required: ["command"],
  },
};

/** The tool of a type such as `bash_20250124`, or undefined (rule 1.3). */
export function findBuiltinTool(type: string): BuiltinTool | undefined {
  if (type.startsWith("bash_")) return bash;
  if (type.startsWith("text_editor_")) return textEditor;
  return type.startsWith("memory_") ? memory : undefined;
}
