// `npm start`: serves from the clone, with the clone's own `.env` when there is one. npm runs it in the clone, so the user
// has chosen the folder; the program itself never looks into the current one.
import { findSwallowedFlag } from "./find-swallowed-flag.ts";

const flags = process.argv.splice(2);
const swallowed = findSwallowedFlag(process.env, flags);
if (swallowed !== null) {
  process.stderr.write(`${swallowed}\n`);
  process.exit(2);
}
process.argv.push("serve", "--clone-folder", process.cwd(), ...flags);
await import("../src/main.ts");
