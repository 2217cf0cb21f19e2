import { toVisibleText } from "../parts/visible-text.ts";
import { currentRoute } from "./current-route.ts";
import { openKeysHelp } from "./keys-help.tsx";
import { describeRecord, now } from "./record-state.ts";
import { formatRoute, viewNames } from "./route.ts";
import { type Theme, theme, themes } from "./theme.ts";
import { viewTitles } from "./view-titles.ts";

/** Name, views, and how it stands with the record. */
export function Header() {
  const current = currentRoute.value;
  return (
    <header class="top">
      <div class="name">
        <strong>claude-proxy</strong> <span class="quiet">{now.value?.version ?? ""}</span>
      </div>
      <nav aria-label="Views">
        <ul>
          {viewNames.map((view) => (
            <li key={view}>
              <a href={formatRoute({ view })} aria-current={view === current.view ? "page" : undefined}>
                {viewTitles[view]}
                {view === "now" && <RunningCount />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <RecordState />
      <div class="tools">
        <label>
          <span class="unseen">Colours</span>
          <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value)}>
            {themes.map((name) => (
              <option key={name} value={name}>
                {themeTitles[name]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={openKeysHelp} aria-label="Keys" title="Keys (?)">
          ?
        </button>
      </div>
    </header>
  );
}

const themeTitles: Readonly<Record<Theme, string>> = {
  auto: "Auto",
  light: "Light",
  dark: "Dark",
};

function chooseTheme(name: string): void {
  theme.value = themes.find((known) => known === name) ?? "auto";
}

function RunningCount() {
  const count = now.value?.running.length ?? 0;
  return count === 0 ? null : (
    <>
      {" "}
      <span class="count">
        {count}
        <span class="unseen"> running</span>
      </span>
    </>
  );
}

function RecordState() {
  if (now.value === null) return <p class="record quiet" />;
  const { text, isFault } = describeRecord(now.value);
  const shown = toVisibleText(text);
  return (
    <p class={isFault ? "record fault" : "record quiet"} role={isFault ? "alert" : undefined} title={shown}>
      {shown}
    </p>
  );
}
