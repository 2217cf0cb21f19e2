import { z } from "zod";

/** The fault of a key that was copied from a manual. */
export const exampleFault = "still ends with the dots of the example";

/** Printable ASCII without spaces: characters that a header can carry, and none that could begin another header. */
export const keyText = z
  .string()
  .refine((text) => !/…|\.{3}$/.test(text), exampleFault)
  .regex(/^[\x21-\x7e]*$/, "contains a space, a line break or another character that a key cannot contain");

export const headerText = z
  .string()
  .trim()
  .regex(/^[\x20-\x7e]*$/, "may contain only plain ASCII characters");

export const modelName = z
  .string({ error: "is not set" })
  .trim()
  .max(300, "is longer than 300 characters")
  .regex(/^[^\p{Cc}]*$/u, "contains a line break or another control character");

export function wholeNumber(lowest: number, highest: number) {
  const fault = `must be a whole number from ${lowest} to ${highest}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,12}$/, fault)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest, fault);
}

/** `words` are the choices named to the user: the values, and the other words that `normalize` accepts. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  normalize: (text: string) => string,
  words: readonly string[] = values,
) {
  return z
    .string()
    .trim()
    .transform(normalize)
    .pipe(z.enum(values, `must be one of ${words.join(", ")}`));
}

/** Dollars, as `12.50`; the parts of a cent that no bill has are not refused. */
export const dollars = z
  .string()
  .trim()
  .regex(/^\$?\d{1,9}(\.\d{1,6})?$/, "must be a number of dollars, such as 20 or 0.50")
  .transform((text) => Number(text.replace("$", "")))
  .refine((value) => value > 0, "must be more than 0");

/** `5/25`, or `refuse` as null. */
export const unknownPrice = z
  .string()
  .trim()
  .regex(
    /^(?:refuse|\d{1,5}(?:\.\d{1,6})?\/\d{1,5}(?:\.\d{1,6})?)$/i,
    "must be refuse, or two prices for a million tokens, such as 5/25",
  )
  .transform((text) => {
    const [input = Number.NaN, output = Number.NaN] = text.split("/").map(Number);
    return Number.isNaN(input) ? null : { input, output };
  });
