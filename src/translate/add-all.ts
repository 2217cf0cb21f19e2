/** A list to which items of one kind are added, whatever else it holds. */
export interface ItemSink<Item> {
  push(item: Item): unknown;
}

/** Adds a list that may have more items than fit into the arguments of one call of `push`. */
export function addAll<Item>(items: ItemSink<Item>, added: readonly Item[]): void {
  for (const item of added) items.push(item);
}
