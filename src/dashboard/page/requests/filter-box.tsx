import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { toVisibleText } from "../parts/visible-text.ts";
import { useKeys } from "../shell/keys.ts";
import { listFault } from "./request-list.ts";

const examples: readonly (readonly [title: string, filter: string])[] = [
  ["All", ""],
  ["Errors", "is:error"],
  ["Retried", "is:retried"],
  ["Changed", "is:changed"],
  ["Expensive", "cost:>0.10"],
  ["Slow", "ms:>30s"],
];

const typingPauseMs = 300;

/** The filter of the list, its examples, and what is wrong with it. */
export function FilterBox({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What the address has got from here: what is typed meanwhile must stay. */
  const applied = useRef(filter);
  useLayoutEffect(() => {
    // Otherwise the address has changed: an example, or a step back.
    if (applied.current === filter) return;
    applied.current = filter;
    clearTimeout(timer.current);
    setText(filter);
  }, [filter]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const apply = (wanted: string) => {
    clearTimeout(timer.current);
    if (wanted.trim() === filter) return;
    applied.current = wanted.trim();
    onFilter(applied.current);
  };
  useFieldKeys(field);
  const fault = listFault.value;
  return (
    <search class="filter">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply(text);
        }}
      >
        <label for="filter">Filter</label>
        <input
          id="filter"
          ref={field}
          type="text"
          value={text}
          placeholder="status:>=400 model:glm* since:2h words"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : "filter-fault"}
          onInput={({ currentTarget: { value } }) => {
            setText(value);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => apply(value), typingPauseMs);
          }}
        />
        <Examples filter={filter} onChoose={onFilter} />
      </form>
      {fault !== null && (
        <p id="filter-fault" class="fault" role="alert">
          {toVisibleText(fault)}
        </p>
      )}
      <FilterHelp />
    </search>
  );
}

/** `/` goes to the field, Escape from there to the list. */
function useFieldKeys(field: { readonly current: HTMLInputElement | null }): void {
  useKeys({
    "/": () => {
      field.current?.focus();
      field.current?.select();
      return undefined;
    },
    Escape: () => {
      if (document.activeElement !== field.current) return false;
      document.querySelector<HTMLElement>(".grid-row.entry[tabindex='0']")?.focus();
      return undefined;
    },
  });
}

function Examples({ filter, onChoose }: { filter: string; onChoose: (filter: string) => void }) {
  return (
    <fieldset class="examples">
      <legend class="unseen">Examples</legend>
      {examples.map(([title, example]) => (
        <button type="button" key={title} aria-pressed={filter === example} onClick={() => onChoose(example)}>
          {title}
        </button>
      ))}
    </fieldset>
  );
}

const help: readonly (readonly [example: string, means: string])[] = [
  ["status:>=400", "numbers: status input output cached cost ms first sends, with < <= = >= >"],
  [
    "model:glm* -kind:title",
    "texts: id session agent client kind model asked upstream rule error stop; * is anything, - is not",
  ],
  ["is:error", "also is:broken, is:retried, is:changed, is:estimated"],
  ["since:2h until:2026-11-30", "when: 2h, 2d, yesterday, a day"],
  ['timeout "two words"', "words in ids, models, errors and changes"],
  ["body:word", "a word in the kept messages; takes its time"],
];

function FilterHelp() {
  return (
    <details class="filter-help">
      <summary>What can be filtered</summary>
      <dl>
        {help.map(([example, means]) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
