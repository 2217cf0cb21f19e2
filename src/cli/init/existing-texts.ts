/** The files as they are now; null for one that does not exist. */
export interface ExistingTexts {
  readonly env: string | null;
  readonly config: string | null;
}
