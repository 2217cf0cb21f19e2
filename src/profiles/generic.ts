import { alwaysThinks } from "./always-thinks.ts";
import type { ProfileFamily } from "./profile-family.ts";

/** Servers that no other family claims. */
export const genericFamily: ProfileFamily = {
  hosts: [],
  overrides: { chat: { reasoning: { returnedAs: "opaque" } } },
  rules: [alwaysThinks],
};
