import { signal } from "@preact/signals";
import { render } from "preact";
import type { NowAnswer } from "../dashboard-api.ts";

const now = signal<NowAnswer | null>(null);

function Page() {
  return <h1>claude-proxy {now.value?.version}</h1>;
}

async function loadNow(): Promise<void> {
  const response = await fetch("/dashboard/api/now");
  if (response.ok) now.value = await response.json();
}

const root = document.getElementById("page");
if (root !== null) render(<Page />, root);
void loadNow();
