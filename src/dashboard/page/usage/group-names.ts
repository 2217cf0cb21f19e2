import { toVisibleText } from "../parts/visible-text.ts";

/** What stands for a group whose name is not known. */
const namelessGroup = "not known";

/** The name of a group as it is shown. */
export function nameGroup(key: string | null): string {
  return key === null ? namelessGroup : toVisibleText(key);
}
