import { ApiError } from "../../anthropic/api-error.ts";
import { defaultMaxOutputTokens } from "../../config/config-schema.ts";
import type { AnyProtocol } from "../../protocols/protocol.ts";
import { protocolLoaders } from "../../relay/select-protocol.ts";
import type { Asked } from "../../translate/conversation/asked.ts";
import { readCountedRequest } from "../../translate/conversation/read-counted-request.ts";
import { readRequest } from "../../translate/conversation/read-request.ts";
import { CommandError } from "../command-error.ts";
import { editPassedBody } from "../route/edit-passed-body.ts";
import type { GivenRequest } from "../route/parse-messages-request.ts";
import type { TranslationWire } from "./select-wire.ts";

/** A request as its upstream would get it. */
export interface TranslatedRequest {
  /** JSON. */
  readonly body: string;
  /** Below the base URL. */
  readonly path: string;
  /** Fields that are left out. */
  readonly dropped: readonly string[];
  /** What is changed in the conversation. */
  readonly mended: readonly string[];
}

/**
 * Translates a messages request.
 * @throws CommandError if the proxy refuses it
 */
export async function translateRequest(
  given: GivenRequest,
  wire: TranslationWire,
): Promise<TranslatedRequest> {
  const { profile, baseUrl, model } = wire;
  if (profile.protocol === "anthropic") {
    const { text, dropped, mended } = await editPassedBody(given, { baseUrl, model });
    const path = given.path === "messages" ? "/messages" : "/messages/count_tokens";
    return { body: JSON.stringify(JSON.parse(text), null, 2), path, dropped, mended };
  }
  const asked = readAsked(given, wire);
  const protocol = await loadProtocol(wire);
  return protocol(({ build, path }) => {
    const { body, dropped, mended } = build(asked, { model, profile });
    return { body: JSON.stringify(body, null, 2), path, dropped, mended };
  });
}

/** Loads the code of the wire; Anthropic's own has none, because it is not translated. */
export async function loadProtocol({ profile }: TranslationWire): Promise<AnyProtocol> {
  const load = protocolLoaders[profile.protocol];
  if (load === undefined) throw new Error(`there is no wire ${profile.protocol}`);
  return await load();
}

/**
 * Reads what is asked.
 * @throws CommandError if the proxy refuses it
 */
export function readAsked({ path, request }: GivenRequest, { profile }: TranslationWire): Asked {
  const how = { profile, maxOutputTokens: defaultMaxOutputTokens };
  try {
    return path === "messages" ? readRequest(request, how) : readCountedRequest(request, how);
  } catch (error) {
    if (error instanceof ApiError)
      throw new CommandError(`The proxy refuses it: ${error.message}`, 1, { cause: error });
    throw error;
  }
}
