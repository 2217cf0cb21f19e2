/** A call as read from a notation. */
export type WrittenCall = {
  name: string;
} & (
  | {
      /** An object, or the JSON text of one. */
      arguments: unknown;
    }
  | { members: WrittenMember[] }
);

/** One argument, in a notation that has no types. */
export interface WrittenMember {
  key: string;
  text: string;
  /** Whether it is a text or JSON; undefined if only the tool's schema can decide. */
  isText?: boolean | undefined;
}

/** Reads a text that begins with a mark of the notation. Null if it contains anything but calls. */
export type CallReader = (text: string) => WrittenCall[] | null;
