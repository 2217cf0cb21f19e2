/** The flags of `init`, one for each of its questions. */
export interface InitFlags {
  /** A file of another program. */
  readonly from?: string;
  /** The name of a known upstream, or an address. */
  readonly upstream?: string;
  /** The variable that has the key. */
  readonly keyEnv?: string;
  /** The file that has the key. */
  readonly keyFile?: string;
  readonly keyStdin?: true;
  readonly keepKey?: "file" | "keychain";
  readonly bigModel?: string;
  readonly mediumModel?: string;
  readonly smallModel?: string;
  /** False for no request. */
  readonly try: boolean;
  readonly yes?: true;
  readonly config?: string;
  readonly envFile?: string;
}
