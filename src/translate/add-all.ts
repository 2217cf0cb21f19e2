/** Where items of a kind are added, whatever else is there. */
export interface ItemSink<Item> {
  push(item: Item): unknown;
}

/** Adds what may be more than fits into the arguments of one call of `push`. */
export function addAll<Item>(items: ItemSink<Item>, added: readonly Item[]): void {
  for (const item of added) items.push(item);
}
