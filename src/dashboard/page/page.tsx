import { render } from "preact";
import { followAddress } from "./shell/current-route.ts";
import { followKeys } from "./shell/keys.ts";
import { followNow } from "./shell/record-state.ts";
import { Shell } from "./shell/shell.tsx";
import { applyTheme } from "./shell/theme.ts";

const place = document.getElementById("page");
if (place !== null) {
  applyTheme();
  followAddress();
  followKeys();
  followNow(2000);
  render(<Shell />, place);
}
