import { chosenId, listFilter } from "../requests/request-list.ts";
import { goTo } from "../shell/current-route.ts";
import { useKeys } from "../shell/keys.ts";
import { formatFilterRoute } from "../shell/route.ts";

/** One exchange in full. */
export function ExchangeView({ requestId }: { requestId: string }) {
  useKeys({
    Escape: () => {
      chosenId.value = requestId;
      goTo(formatFilterRoute(listFilter.value ?? ""));
      return undefined;
    },
  });
  return <h1>{requestId}</h1>;
}
