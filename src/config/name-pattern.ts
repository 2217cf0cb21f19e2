/** A name that people give to an upstream or a client. */
export const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What is said of another, to be read behind it. */
export const nameFault =
  "is no name: lower-case letters, digits, dots, _ and - are allowed, the first a letter or a digit";
