// What the stage says of itself when it has nothing to show, or not the present.

import { desk } from "../core/desk.ts";
import { ref, say, set } from "../core/dom.ts";
import { t } from "../core/words.ts";

/** The states of the stage. */
export type StageState = "loading" | "live" | "stale" | "crowded" | "locked";

/** tellState says why the stage is empty or grey, and whose eyes it is seen with. */
export function tellState(stage: HTMLElement): void {
  const { store } = desk;
  const state = stateOf(store.connection.value, store.loaded.value);
  set(stage, "data-state", state);
  say(ref(stage, "veil"), wordsFor(state, store.connection.value, store.nodes.value.length === 0));
  const observer = desk.observer.value;
  const as = ref(stage, "as");
  as.hidden = observer === null;
  set(stage, "data-as", observer !== null);
  if (observer) say(as, t("stage.as", { node: observer.name }));
}

function stateOf(connection: string, loaded: boolean): StageState {
  if (connection === "locked") return "locked";
  if (connection === "crowded") return loaded ? "stale" : "crowded";
  if (!loaded) return "loading";
  return connection === "live" ? "live" : "stale";
}

function wordsFor(state: StageState, connection: string, empty: boolean): string {
  if (state === "loading") return t(connection === "live" ? "stage.waiting" : "stage.connecting");
  if (connection === "silent") return t("stage.noword");
  if (state === "live") return empty ? t("stage.empty") : "";
  return t(`stage.${state}`);
}
