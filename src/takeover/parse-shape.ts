import type { z } from "zod";

/**
 * Checks what a file says against the part of its format that we read.
 * @returns the fault names the place, never the value, which may be a key
 */
export function parseShape<Shape>(
  schema: z.ZodType<Shape>,
  data: unknown,
  program: string,
): { readonly value: Shape } | { readonly fault: string } {
  const parsed = schema.safeParse(data);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".") ?? "";
  const where = place === "" ? "The file" : place;
  return { fault: `${where} is not as ${program} has it. Mend it there first, or do without it.` };
}
