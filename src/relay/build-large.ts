import type { BuiltRequest, Repair } from "../protocols/protocol.ts";
import type { ModelRoute } from "../routing/route.ts";
import type { Asked } from "../translate/conversation/asked.ts";
import { runSteps, type StepRunner } from "../turns/run-steps.ts";
import type { Wire } from "./wire.ts";

/** Builds a large request in turns of the event loop. */
export function buildLarge<Body extends object, Item, Fix extends Repair>(
  { protocol }: Wire<Body, Item, Fix>,
  asked: Asked,
  { model, profile }: ModelRoute,
  takeTurn: StepRunner,
): Promise<BuiltRequest<Body>> {
  return runSteps(protocol.buildInParts(asked, { model, profile }), takeTurn);
}
