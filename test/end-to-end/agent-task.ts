import { join } from "node:path";
import type { AgentStep } from "../support/agent-script.ts";

/**
 * The task that the scripted model has a real client do in `folder`: read a file, edit it, run a command, two
 * tools at once, and a last word.
 */
export function createAgentTask(folder: string): AgentStep[] {
  const notes = join(folder, "notes.txt");
  return [
    { text: "I read the notes.", calls: [{ name: "Read", arguments: { file_path: notes } }] },
    {
      reasoning: "The second line is wrong.",
      calls: [
        { name: "Edit", arguments: { file_path: notes, old_string: "beta", new_string: "gamma ü 🙂" } },
      ],
      heard: ["alpha"],
    },
    {
      text: "Now I count.",
      calls: [
        {
          name: "Bash",
          arguments: {
            command: "wc -l < notes.txt > count.txt && echo counted",
            description: "Count the lines",
          },
        },
      ],
      heard: ["notes.txt"],
    },
    {
      reasoning: "Both files at once.",
      text: "Two files.",
      calls: [
        { name: "Write", arguments: { file_path: join(folder, "first.txt"), content: "one\n" } },
        { name: "Write", arguments: { file_path: join(folder, "second.txt"), content: "two\n" } },
      ],
      heard: ["counted"],
    },
    { text: "The task is done.", heard: ["first.txt", "second.txt"] },
  ];
}

/** The files of the task before it. */
export const filesBefore = { "notes.txt": "alpha\nbeta\n" };

/** The files of the task after it. */
export const filesAfter = {
  "count.txt": "2\n",
  "first.txt": "one\n",
  "notes.txt": "alpha\ngamma ü 🙂\n",
  "second.txt": "two\n",
};
