/** A call as a notation tells it. */
export type WrittenCall = {
  name: string;
} & (
  | {
      /** An object, or the JSON text of one. */
      arguments: unknown;
    }
  | { members: WrittenMember[] }
);

/** An argument of its own, in a notation that has no types. */
export interface WrittenMember {
  key: string;
  text: string;
  /** Whether it is a text or JSON; undefined where only the tool's schema can tell. */
  isText?: boolean | undefined;
}

/** Reads a text that begins with a mark of the notation. Null when it holds anything but calls. */
export type CallReader = (text: string) => WrittenCall[] | null;
