/** Which instances live. */
export const instancesSchema = "";
