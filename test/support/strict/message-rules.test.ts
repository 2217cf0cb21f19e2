import { test } from "bun:test";
import {
  assistant,
  call,
  calls,
  expectCase,
  request,
  result,
  round,
  type StrictCase,
  system,
  user,
} from "./strict-case.ts";

const image = (url: string) => user([{ type: "image_url", image_url: { url } }]);

const messageCases: StrictCase[] = [
  { rule: "demands an object", good: request(user()), bad: [], says: ["the body must be a JSON object"] },
  {
    rule: "demands messages",
    good: request(user()),
    bad: { model: "m", messages: [] },
    says: ["messages must be a list with at least one entry"],
  },
  {
    rule: "demands a user message",
    good: request(system(), user()),
    bad: request(system()),
    says: ["no user message"],
  },
  {
    rule: "demands known roles",
    good: request(user()),
    bad: request(user(), { role: "function", content: "x" }, "no"),
    says: ['messages[1].role "function" is unknown', "messages[2] is no object"],
  },
  {
    rule: "demands developer only at OpenAI",
    good: request(user()),
    bad: request({ role: "developer", content: "x" }, user()),
    says: ['messages[0].role "developer" is unknown'],
  },
  {
    rule: "demands a system message as text",
    good: request(system([{ type: "text", text: "a" }]), user()),
    bad: request(system(""), user()),
    says: ["messages[0].content is empty"],
  },
  {
    rule: "demands no billing header",
    good: request(system("You are"), user()),
    bad: request(system("x-anthropic-billing-header: cc_version=2"), user()),
    says: ["messages[0] holds the client's billing header"],
  },
  {
    rule: "demands one system message, first",
    good: request(system(), user()),
    bad: request(user(), system(), assistant()),
    says: ["messages[1]: the system message must be at the beginning"],
  },
  {
    rule: "demands system messages anywhere at OpenAI",
    family: "openai",
    good: request({ role: "developer", content: "x" }, user(), system()),
    bad: request(user(), assistant(), assistant()),
    says: ["messages[2]: two assistant messages in a row"],
  },
  {
    rule: "demands taking turns",
    good: request(user(), assistant(), user()),
    bad: request(user(), user()),
    says: ["messages[1]: two user messages in a row"],
  },
  {
    rule: "demands content of a user message",
    good: request(user([{ type: "text", text: "a" }])),
    bad: request(user([]), assistant(), user(null), assistant(""), user([{ type: "text", text: "" }])),
    says: [
      "messages[0].content is empty",
      "messages[2].content must be a string or parts",
      "messages[3].content is empty",
      "messages[4].content[0].text is empty",
    ],
  },
  {
    rule: "demands known parts",
    good: request(user([{ type: "file", file: { filename: "a", file_data: "b" } }])),
    bad: request(user([{ type: "audio" }, { type: "text", text: "a", id: 1 }, 7])),
    says: [
      'messages[0].content[0].type "audio" is unknown',
      "messages[0].content[1].id is unknown",
      "messages[0].content[2] is no object",
    ],
  },
  {
    rule: "demands images",
    good: request(image("https://x/y.png"), assistant(), image("data:image/png;base64,QQ==")),
    bad: request(image("data:image/png;base64,Q Q")),
    says: ["messages[0].content[0] is no image URL"],
  },
  {
    rule: "demands images as data",
    family: "kimi",
    good: request(image("data:image/png;base64,QQ==")),
    bad: request(image("https://x/y.png")),
    says: ["messages[0].content[0] must be a data URL"],
  },
  {
    rule: "demands known members",
    good: request(user()),
    bad: request({ ...user(), name: "x" }, { ...assistant(), reasoning_content: "r" }),
    says: ["messages[0].name is unknown", "messages[1].reasoning_content is unknown"],
  },
  {
    rule: "demands content of an answer",
    good: request(user(), calls(call("a")), result("a")),
    bad: request(user(), { role: "assistant", content: null }),
    says: ["messages[1] has neither content nor calls"],
  },
  {
    rule: "demands no null content",
    family: "lmstudio",
    good: request(user(), { ...calls(call("a")), content: "" }, result("a")),
    bad: round(calls(call("a")), result("a")),
    says: ["messages[1].content must not be null"],
  },
  {
    rule: "demands an answer as a string",
    family: "ollama",
    good: request(user(), assistant("a")),
    bad: request(user(), assistant([{ type: "text", text: "a" }])),
    says: ["messages[1].content must be a string"],
  },
];

test.each([...messageCases].map((item) => [item.rule, item] as const))("%s", (_, item) => {
  expectCase(item);
});
