import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Creates a view whose code runs when it is first opened. It lies in the same script, as the policy of the page lets no
 * script load another one; but the browser hardly looks at code that does not run.
 */
export function createLaterView<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  return function LaterView(props: Props) {
    useLayoutEffect(() => {
      if (loaded.peek() === null) void load().then((view) => (loaded.value = view));
    }, []);
    const View = loaded.value;
    return View === null ? null : <View {...props} />;
  };
}
