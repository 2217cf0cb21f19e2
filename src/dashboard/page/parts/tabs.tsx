import type { ComponentChildren } from "preact";

export interface TabsProps {
  /** Unique in the page. */
  readonly name: string;
  /** What the tabs choose from, for screen readers. */
  readonly label: string;
  readonly titles: readonly string[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
  readonly children: ComponentChildren;
}

/** Tabs, and what the chosen one shows. The arrow keys go from one to the next. */
export function Tabs({ name, label, titles, chosen, onChoose, children }: TabsProps) {
  const idOf = (index: number) => `${name}-tab-${index}`;
  const move = (index: number) => {
    const wanted = (index + titles.length) % titles.length;
    onChoose(wanted);
    document.getElementById(idOf(wanted))?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} class="choices">
        {titles.map((title, index) => (
          <button
            type="button"
            role="tab"
            key={title}
            id={idOf(index)}
            aria-selected={index === chosen}
            aria-controls={`${name}-panel`}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => onChoose(index)}
            onKeyDown={(event) => {
              if (event.key === "ArrowRight") move(chosen + 1);
              else if (event.key === "ArrowLeft") move(chosen - 1);
              else if (event.key === "Home") move(0);
              else if (event.key === "End") move(titles.length - 1);
              else return;
              event.preventDefault();
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${name}-panel`} aria-labelledby={idOf(chosen)} class="panel">
        {children}
      </div>
    </>
  );
}
