/** Who may ask. */
export const clientsSchema = "";
