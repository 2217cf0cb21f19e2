import { readWholeNumber } from "../json/whole-number.ts";
import { type Checked, createRule, type Rule } from "./setting-rule.ts";

/** The fault of a key that was copied from a manual. */
export const exampleFault = "still ends with the dots of the example";

/** The value, or the fault if it is none of those that are allowed. */
function valueIf<Value>(isAllowed: boolean, value: Value, fault: string): Checked<Value> {
  return isAllowed ? { value } : { fault };
}

/** Printable ASCII without spaces: characters that a header can carry, and none that could begin another header. */
export const keyText = createRule((text) => {
  if (/…|\.{3}$/.test(text)) return { fault: exampleFault };
  const fault = "contains a space, a line break or another character that a key cannot contain";
  return valueIf(/^[\x21-\x7e]*$/.test(text), text, fault);
});

/** Any text, without the spaces around it. */
export const trimmedText = createRule((text) => ({ value: text.trim() }));

export const headerText = trimmedText.followedBy((text) =>
  valueIf(/^[\x20-\x7e]*$/.test(text), text, "may contain only plain ASCII characters"),
);

export const modelName = trimmedText.followedBy((text) => {
  if (text.length > 300) return { fault: "is longer than 300 characters" };
  return valueIf(/^[^\p{Cc}]*$/u.test(text), text, "contains a line break or another control character");
});

export function wholeNumber(lowest: number, highest: number): Rule<number> {
  const fault = `must be a whole number from ${lowest} to ${highest}`;
  return trimmedText.followedBy((text) => {
    const value = readWholeNumber(text);
    return value !== null && value >= lowest && value <= highest ? { value } : { fault };
  });
}

/** `words` are the choices named to the user: the values, and the other words that `normalize` accepts. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  normalize: (text: string) => string,
  words: readonly string[] = values,
): Rule<Value> {
  return createRule((text) => {
    const word = normalize(text.trim());
    const value = values.find((one) => one === word);
    return value === undefined ? { fault: `must be one of ${words.join(", ")}` } : { value };
  }, words);
}

/** Dollars, as `12.50`; the parts of a cent that no bill has are not refused. */
export const dollars = trimmedText.followedBy((text) => {
  if (!/^\$?\d{1,9}(\.\d{1,6})?$/.test(text)) {
    return { fault: "must be a number of dollars, such as 20 or 0.50" };
  }
  const value = Number(text.replace("$", ""));
  return valueIf(value > 0, value, "must be more than 0");
});

const refusing = /^refuse$/i;
const twoPrices = /^\d{1,5}(?:\.\d{1,6})?\/\d{1,5}(?:\.\d{1,6})?$/;

/** `5/25`, or `refuse` as null. */
export const unknownPrice = trimmedText.followedBy(
  (text): Checked<{ input: number; output: number } | null> => {
    if (refusing.test(text)) return { value: null };
    if (!twoPrices.test(text)) {
      return { fault: "must be refuse, or two prices for a million tokens, such as 5/25" };
    }
    const [input = Number.NaN, output = Number.NaN] = text.split("/").map(Number);
    return { value: { input, output } };
  },
);
