import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { invalidRequest, messages, plan, refusalOf } from "./build.ts";

/** The content of the user message that these blocks become. */
function contentOf(blocks: unknown, profile: ProfileId = "openrouter", model = "m"): unknown {
  return messages([{ role: "user", content: blocks }], { profile, model }).at(-1)?.content;
}

function text(value: string): object {
  return { type: "text", text: value };
}

function image(media_type: string, data: string): object {
  return { type: "image", source: { type: "base64", media_type, data } };
}

function imagePart(url: string): object {
  return { type: "image_url", image_url: { url } };
}

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";
const jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD";
const gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEA";
const webp = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCd";

describe("text", () => {
  test("[2.2:string] a string passes", () => {
    expect(contentOf("hi\n")).toBe("hi\n");
  });

  test("[2.2:user-text] texts are joined by a line break; blank ones and citations go", () => {
    const blocks = [text("A"), text("  "), { ...text("B"), citations: [{ type: "char_location" }] }];
    expect(contentOf(blocks)).toBe("A\nB");
  });
});

describe("images", () => {
  test.each([
    ["as declared", "image/png", "QQ==", "data:image/png;base64,QQ=="],
    ["PNG by its first bytes", "image/jpeg", png, `data:image/png;base64,${png}`],
    ["JPEG by its first bytes", "image/png", jpeg, `data:image/jpeg;base64,${jpeg}`],
    ["GIF by its first bytes", "image/png", gif, `data:image/gif;base64,${gif}`],
    ["WebP by its first bytes", "image/png", webp, `data:image/webp;base64,${webp}`],
    ["no WebP by its first bytes", "image/png", "UklGRiQAAABXQVZF", "data:image/png;base64,UklGRiQAAABXQVZF"],
    ["white space goes", "image/png", "iVBO\nRw0K Ggo=", "data:image/png;base64,iVBORw0KGgo="],
    ["a data URL as the data", "image/png", `data:image/png;base64,${png}`, `data:image/png;base64,${png}`],
    ["the type of a data URL", "image/png", "DATA:Image/TIFF;base64,QQ==", "data:image/tiff;base64,QQ=="],
    ["a data URL with parameters", "image/x", "data:image/y;a=b;base64,QQ==", "data:image/y;base64,QQ=="],
    ["a data URL without a type", "image/x", "data:;base64,\nQQ==", "data:image/x;base64,QQ=="],
    ["no data URL of base64", "image/x", "data:image/y,QQ==", "data:image/x;base64,data:image/y,QQ=="],
    ["no comma", "image/x", "data:image/y;base64", "data:image/x;base64,data:image/y;base64"],
  ])("[2.2:image-data] %s", (_, mediaType, data, url) => {
    expect(contentOf([text("A"), image(mediaType, data)])).toEqual([text("A"), imagePart(url)]);
  });

  const byUrl = { type: "image", source: { type: "url", url: "https://pictures.test/1.png" } };

  test("[2.2:image-url] a URL passes", () => {
    expect(contentOf([byUrl])).toEqual([imagePart("https://pictures.test/1.png")]);
  });

  test.each(["openrouter", "kimi", "ollama"] as const)(
    "[2.2:image-data] a URL that is data is data for %s",
    (profile) => {
      const given = { type: "image", source: { type: "url", url: `data:image/png;base64,${png}` } };
      expect(contentOf([text("A"), given], profile)).toEqual([
        text("A"),
        imagePart(`data:image/png;base64,${png}`),
      ]);
    },
  );

  test("[2.2:image-refused] data in another coding is for none who take base64 only", () => {
    const given = { type: "image", source: { type: "url", url: "data:image/svg+xml,%3Csvg/%3E" } };
    expect(contentOf([given], "kimi")).toBe("[image omitted: the model does not accept images]");
    expect(contentOf([given])).toEqual([imagePart("data:image/svg+xml,%3Csvg/%3E")]);
  });

  test.each(["kimi", "ollama"] as const)("[2.2:image-url] a URL is text for %s", (profile) => {
    const built = plan({ messages: [{ role: "user", content: [byUrl] }] }, { profile });
    expect(built.chatRequest.messages).toEqual([
      { role: "user", content: "[image at https://pictures.test/1.png omitted]" },
    ]);
    expect(built.repairs).toEqual(["an image URL was left out: the upstream takes image data only"]);
  });

  test("[2.2:image-refused] a model that reads text only is told of it", () => {
    const built = plan(
      { messages: [{ role: "user", content: [image("image/png", png)] }] },
      { profile: "deepseek", model: "deepseek-v4-pro" },
    );
    expect(built.chatRequest.messages).toEqual([
      { role: "user", content: "[image omitted: the model does not accept images]" },
    ]);
    expect(built.repairs).toEqual(["an image was left out: the model does not accept it"]);
  });

  test("[2.2:image-refused] Ollama takes no GIF", () => {
    const content = [image("image/gif", gif), image("image/webp", webp)];
    expect(contentOf(content, "ollama")).toEqual([
      text("[image omitted: the model does not accept images]"),
      imagePart(`data:image/webp;base64,${webp}`),
    ]);
  });

  test.each(["image", "document"])("[2.2:file-source] an uploaded %s is refused", (type) => {
    const content = [{ type, source: { type: "file", file_id: "file_1" } }];
    expect(refusalOf({ messages: [{ role: "user", content }] })).toEqual(
      invalidRequest("file sources are not supported"),
    );
  });
});

const pdf = {
  type: "document",
  source: { type: "base64", media_type: "application/pdf", data: "JVBE\nRi0=" },
};
const pdfUrl = { type: "document", source: { type: "url", url: "https://papers.test/1.pdf" } };

describe("documents", () => {
  const file_data = "data:application/pdf;base64,JVBERi0=";

  test.each(["openrouter", "openai"] as const)("[2.2:pdf] a PDF is a file for %s", (profile) => {
    expect(contentOf([{ ...pdf, title: "a.pdf" }, pdf], profile)).toEqual([
      { type: "file", file: { filename: "a.pdf", file_data } },
      { type: "file", file: { filename: "document.pdf", file_data } },
    ]);
  });

  test("[2.2:pdf] a PDF whose data is a data URL already", () => {
    const given = { ...pdf, source: { ...pdf.source, data: file_data } };
    expect(contentOf([given])).toEqual([{ type: "file", file: { filename: "document.pdf", file_data } }]);
  });

  test("[2.2:pdf 2.2:pdf-url] a PDF for Mistral", () => {
    expect(contentOf([{ ...pdf, title: "a.pdf" }, pdfUrl], "mistral")).toEqual([
      { type: "document_url", document_url: file_data, document_name: "a.pdf" },
      { type: "document_url", document_url: "https://papers.test/1.pdf" },
    ]);
  });

  test("[2.2:pdf] a PDF that the upstream does not take", () => {
    const built = plan({ messages: [{ role: "user", content: [{ ...pdf, title: "a" }] }] });
    expect(built.chatRequest.messages).toEqual([
      { role: "user", content: '[PDF document "a" omitted: the upstream does not accept PDF files]' },
    ]);
    expect(built.repairs).toEqual(["a PDF document was left out: the upstream does not take it"]);
  });

  test("[2.2:pdf-url] the URL of a PDF", () => {
    expect(contentOf([pdfUrl], "openrouter")).toEqual([
      { type: "file", file: { filename: "document.pdf", file_data: "https://papers.test/1.pdf" } },
    ]);
    expect(contentOf([pdfUrl], "openai")).toBe("[PDF document at https://papers.test/1.pdf omitted]");
  });

  const asText = { type: "document", source: { type: "text", media_type: "text/plain", data: "D" } };

  test.each([
    [asText, "<document>\nD\n</document>"],
    [{ ...asText, title: 'a "b"' }, '<document title="a &quot;b&quot;">\nD\n</document>'],
    [{ ...asText, context: "from 1999" }, "from 1999\n<document>\nD\n</document>"],
  ])("[2.2:document-text] text: %j", (block, expected) => {
    expect(contentOf([block])).toBe(expected);
  });

  test("[2.2:document-text] text beside an image is one part, with its mark", () => {
    const cache_control = { type: "ephemeral" };
    expect(contentOf([image("image/png", "QQ=="), { ...asText, cache_control }])).toEqual([
      imagePart("data:image/png;base64,QQ=="),
      { ...text("<document>\nD\n</document>"), cache_control },
    ]);
  });

  test("[2.2:document-content] content of its own", () => {
    const inner = (content: unknown) => ({
      type: "document",
      title: "t",
      source: { type: "content", content },
    });
    expect(contentOf([inner("A"), inner([text("B"), text("C")])])).toBe(
      '<document title="t">\nA\n</document>\n<document title="t">\nB\nC\n</document>',
    );
    expect(contentOf([inner([text("B"), image("image/png", "QQ==")])])).toEqual([
      text('<document title="t">'),
      text("B"),
      imagePart("data:image/png;base64,QQ=="),
      text("</document>"),
    ]);
  });
});

describe("other blocks of the user", () => {
  test("[2.2:search_result] a search result", () => {
    const block = { type: "search_result", source: "s", title: "t", content: [text("A"), text("B")] };
    expect(contentOf([block])).toBe('<search_result source="s" title="t">A\nB</search_result>');
  });

  test("[2.2:search_result] quotation marks in its title do not end the title", () => {
    const block = { type: "search_result", source: "s", title: 'say "t"', content: [text("A")] };
    expect(contentOf([block])).toBe('<search_result source="s" title="say &quot;t&quot;">A</search_result>');
  });

  test("[2.2:container_upload] an uploaded container file is refused", () => {
    const content = [{ type: "container_upload", file_id: "file_1" }];
    expect(refusalOf({ messages: [{ role: "user", content }] })).toEqual(
      invalidRequest("container_upload blocks are not supported by this proxy"),
    );
  });

  test("[2.2:unknown] unknown blocks say their text or nothing", () => {
    const content = [{ type: "browser_state", text: "A" }, { type: "hologram", url: "h" }, text("B")];
    const built = plan({ messages: [{ role: "user", content }] });
    expect(built.chatRequest.messages).toEqual([{ role: "user", content: "A\nB" }]);
    expect(built.dropped).toEqual(["content block hologram"]);
  });

  test("[2.2:unknown] what only an assistant can say is left out", () => {
    const content = [{ type: "tool_use", id: "t", name: "T", input: {} }, text("B")];
    const built = plan({ messages: [{ role: "user", content }] });
    expect(built.chatRequest.messages).toEqual([{ role: "user", content: "B" }]);
    expect(built.dropped).toEqual(["content block tool_use of the user"]);
  });
});
