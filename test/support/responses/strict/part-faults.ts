import { isObject, type Json, unknownKeys } from "../../strict/json.ts";
import type { ResponsesRules } from "./responses-families.ts";
import {
  invalidType,
  invalidValue,
  missingParameter,
  type ResponsesRefusal,
  refusal,
  unknownParameter,
} from "./responses-refusal.ts";

/** Faults of what a user or the output of a call says: a string, or parts. */
export function findPartFaults(
  content: unknown,
  path: string,
  takes: { images: boolean; files: ResponsesRules["files"] },
): ResponsesRefusal[] {
  if (content === undefined) return [missingParameter(path)];
  if (typeof content === "string") return content === "" ? [invalidType(path, "text")] : [];
  if (!Array.isArray(content) || content.length === 0) return [invalidType(path, "a string or parts")];
  return content.flatMap((part: unknown, index) => {
    const place = `${path}[${index}]`;
    if (!isObject(part)) return [invalidType(place, "an object")];
    switch (part["type"]) {
      case "input_text":
        return findTextFaults(part, place);
      case "input_image":
        return takes.images
          ? findImageFaults(part, place)
          : [invalidValue(place, "input_image", ["input_text"])];
      case "input_file":
        return findFileFaults(part, place, takes.files);
      default:
        return [invalidValue(place, part["type"], ["input_text", "input_image", "input_file"])];
    }
  });
}

function findTextFaults(part: Json, path: string): ResponsesRefusal[] {
  const faults = unknownKeys(part, ["type", "text"]).map((key) => unknownParameter(`${path}.${key}`));
  const hasText = typeof part["text"] === "string" && part["text"] !== "";
  return hasText ? faults : [...faults, missingParameter(`${path}.text`)];
}

function findImageFaults(part: Json, path: string): ResponsesRefusal[] {
  const faults = unknownKeys(part, ["type", "image_url", "detail"]).map((key) =>
    unknownParameter(`${path}.${key}`),
  );
  const url = part["image_url"];
  if (typeof url !== "string") {
    faults.push(invalidType(`${path}.image_url`, "an image URL, but got an object instead"));
  } else if (!/^(https?:\/\/|data:image\/[a-z+.-]+;base64,)/.test(url)) {
    faults.push(refusal("Invalid image_url. Expected a valid URL.", `${path}.image_url`, "invalid_value"));
  }
  const details = ["low", "high", "auto"];
  const { detail } = part;
  if (!details.includes(String(detail))) faults.push(invalidValue(`${path}.detail`, detail, details));
  return faults;
}

function findFileFaults(part: Json, path: string, files: ResponsesRules["files"]): ResponsesRefusal[] {
  if (files === "none") return [invalidValue(path, "input_file", ["input_text", "input_image"])];
  const faults = unknownKeys(part, ["type", "filename", "file_data", "file_url"]).map((key) =>
    unknownParameter(`${path}.${key}`),
  );
  const { file_data: data, file_url: url, filename } = part;
  if ((data === undefined) === (url === undefined)) {
    return [...faults, refusal("Exactly one of file_data and file_url must be given.", path)];
  }
  if (data === undefined) return typeof url === "string" ? faults : [...faults, invalidType(path, "a URL")];
  if (files === "url") return [...faults, refusal("Inline file data is not supported.", `${path}.file_data`)];
  if (typeof filename !== "string") faults.push(missingParameter(`${path}.filename`));
  const isData = typeof data === "string" && data.startsWith("data:application/pdf;base64,");
  return isData ? faults : [...faults, invalidType(`${path}.file_data`, "a data URL")];
}
