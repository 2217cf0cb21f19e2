import { hasKeys } from "./keys.ts";

const keys: readonly (readonly [key: string, does: string])[] = [
  ["j, ↓", "next request"],
  ["k, ↑", "request before"],
  ["Enter", "opens it"],
  ["Escape", "back to the list"],
  ["/", "to the filter"],
  ["1 to 5", "Now, Requests, Sessions, Usage, Upstreams"],
  ["?", "shows these keys"],
];

/** Shows the keys. */
export function openKeysHelp(): undefined {
  const dialog = document.getElementById("keys-help");
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

/** The keys, in a dialog that is closed at first. */
export function KeysHelp() {
  return (
    <dialog id="keys-help" aria-labelledby="keys-help-title">
      <h2 id="keys-help-title">Keys</h2>
      <dl class="facts">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={hasKeys.value}
          onChange={(event) => {
            hasKeys.value = event.currentTarget.checked;
          }}
        />{" "}
        Letters and digits act as keys
      </label>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
