// `npm start`: serves from the clone, with the clone's own `.env` when there is one. Here the user has chosen the
// folder; the program itself never looks into the current one.
import { existsSync } from "node:fs";

const envFile = existsSync(".env") ? ["--env-file", ".env"] : [];
const flags = process.argv.splice(2);
process.argv.push("serve", ...envFile, ...flags);
await import("../src/main.ts");
