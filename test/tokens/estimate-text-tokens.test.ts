import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { get_encoding } from "tiktoken";
import { estimateTextTokens } from "../../src/tokens/estimate-text-tokens.ts";

const encoding = get_encoding("o200k_base");
const fileOf = (path: string) => readFileSync(join(import.meta.dir, "../..", path), "utf8");

const tools = Array.from({ length: 40 }, (_, index) => ({
  name: `mcp__files__read_${index}`,
  description: "Reads a file from the local filesystem. You can access any file directly by using this tool.",
  input_schema: {
    type: "object",
    properties: {
      file_path: { type: "string", description: "The absolute path to the file to read" },
      offset: { type: "number", description: "The line number to start reading from" },
    },
    required: ["file_path"],
    additionalProperties: false,
  },
}));
const log = Array.from(
  { length: 100 },
  (_, index) =>
    `2026-11-30T12:0${index % 10}:11.${index}Z INFO [worker-${index % 4}] took ${index * 3}ms status=200`,
);
const numbered = fileOf("src/tokens/part-counter.ts")
  .split("\n")
  .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`);

test.each([
  ["English prose", fileOf("docs/operations.md")],
  ["the same, longer than what is read of it", fileOf("docs/decisions.md").repeat(20)],
  ["code", fileOf("src/config/load-config.ts")],
  ["code as the tool Read gives it", numbered.join("\n")],
  ["tools as JSON", JSON.stringify(tools)],
  ["tools as indented JSON", JSON.stringify(tools, null, 2)],
  ["a log", log.join("\n")],
  [
    "Chinese",
    "人工智能是研究、开发用于模拟、延伸和扩展人的智能的理论、方法、技术及应用系统的一门新的技术科学。" +
      "请帮我修复这个函数里的错误，然后运行测试，并告诉我结果。如果测试失败，请检查日志文件并解释原因。",
  ],
  [
    "Chinese, in its longer characters",
    "請先閱讀專案的說明文件，然後修改設定檔，讓伺服器在啟動時載入新的憑證。完成之後請執行所有測試，並且把失敗的項目列出來。",
  ],
  [
    "Japanese",
    "この関数のエラーを修正して、テストを実行してください。結果を教えてください。人工知能とは、計算という概念と" +
      "コンピュータという道具を用いて知能を研究する計算機科学の一分野を指す語である。",
  ],
  [
    "Korean",
    "이 함수의 오류를 수정하고 테스트를 실행한 다음 결과를 알려주세요. 설정 파일을 열고 서버를 다시 시작하십시오.",
  ],
  [
    "German",
    "Bitte beheben Sie den Fehler in dieser Funktion, führen Sie die Tests aus und teilen Sie mir das Ergebnis mit. " +
      "Künstliche Intelligenz ist ein Teilgebiet der Informatik.",
  ],
])("is within 20 % of the count: %s", (_name, text) => {
  const count = encoding.encode(text, [], []).length;
  const ratio = estimateTextTokens(text) / count;
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.2);
});

test("the same text has the same estimate, and no text has none", () => {
  const text = fileOf("README.md").repeat(10);
  expect(estimateTextTokens(text)).toBe(estimateTextTokens(text));
  expect(estimateTextTokens("")).toBe(0);
  expect(estimateTextTokens("a")).toBeGreaterThan(0);
});

test("a few pieces are enough for a text of one kind", () => {
  const text = fileOf("docs/operations.md");
  const ratio = estimateTextTokens(text, 2048) / estimateTextTokens(text);
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.2);
});

test("a text that grows past what is read of it has no step", () => {
  const estimate = (length: number) =>
    estimateTextTokens("some words of a line\n".repeat(length).slice(0, length));
  expect(estimate(65_537) / estimate(65_536)).toBeCloseTo(1, 2);
});
