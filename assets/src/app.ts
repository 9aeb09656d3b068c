// The page begins here: elements are named, the socket is opened, messages find their readers.

import { BytesPanel } from "./bytes/panel.ts";
import { desk } from "./core/desk.ts";
import { isLockedOut, lockNotice, redeemLink, showRole, unlock } from "./core/session.ts";
import { LAB, MAIN_LAB } from "./core/lab.ts";
import { startJoin } from "./core/join.ts";
import { Socket } from "./core/socket.ts";
import type { ServerMessage } from "./core/wire.ts";
import { NodeLook } from "./inspect/look.ts";
import type { LabList } from "./labs/panel.ts";
import { bindLate } from "./late.ts";
import type { LessonPanel } from "./learn/panel.ts";
import { MetricCharts } from "./metrics/place.ts";
import { startPage } from "./page.ts";
import { bindMoment } from "./past/address.ts";
import { bindConsent } from "./past/consent.ts";
import { director } from "./past/director.ts";
import { TimeLine } from "./past/line.ts";
import { AddressRow } from "./panels/addresses.ts";
import { BeliefMatrix } from "./panels/beliefs.ts";
import { CaptionBar } from "./panels/caption.ts";
import { NodeInspector } from "./panels/inspector.ts";
import { lazily } from "./panels/lazy.ts";
import { LoadPanel } from "./panels/load.ts";
import { NodeMenu } from "./panels/menu.ts";
import { MovePanel } from "./panels/moves.ts";
import { NetworkPanel } from "./panels/network.ts";
import { CommandPalette } from "./panels/palette.ts";
import { SidePanel } from "./panels/side.ts";
import { RoomPanel } from "./panels/room.ts";
import { StatusBar } from "./panels/status.ts";
import { StoryList } from "./panels/story.ts";
import { RedisTerm } from "./panels/terminal.ts";
import { SlotRibbon } from "./stage/ribbon.ts";
import { ClusterStage } from "./stage/stage.ts";

const ELEMENTS: Record<string, CustomElementConstructor> = {
  "address-row": AddressRow,
  "belief-matrix": BeliefMatrix,
  "bytes-panel": BytesPanel,
  "caption-bar": CaptionBar,
  "cluster-stage": ClusterStage,
  "command-palette": CommandPalette,
  "load-panel": LoadPanel,
  "metric-charts": MetricCharts,
  "move-panel": MovePanel,
  "network-panel": NetworkPanel,
  "node-inspector": NodeInspector,
  "node-look": NodeLook,
  "node-menu": NodeMenu,
  "redis-term": RedisTerm,
  "room-panel": RoomPanel,
  "side-panel": SidePanel,
  "slot-ribbon": SlotRibbon,
  "status-bar": StatusBar,
  "sentinel-panel": lazily(() => import("./sentinel/board.ts")),
  "stream-panel": lazily(() => import("./stream/board.ts")),
  "story-list": StoryList,
  "time-line": TimeLine,
};

/** receive gives a message to whoever reads it. */
function receive(message: ServerMessage): void {
  if (desk.hear(message, performance.now())) return;
  if (message.type === "labs") (document.querySelector("dialog[open] lab-list") as Partial<Pick<LabList, "look">> | null)?.look?.();
  else if (message.type === "lesson") (document.querySelector("lesson-panel") as Partial<Pick<LessonPanel, "progress">> | null)?.progress?.(message); // once it is there
}

/** disconnected says why there is no connection: there is no room, the server is away, or does not know us. */
async function disconnected(crowded: boolean): Promise<void> {
  const { connection, loaded } = desk.store;
  if (crowded) connection.value = "crowded";
  else if (connection.peek() !== "locked") connection.value = loaded.peek() ? "reconnecting" : "connecting";
  if (connection.peek() === "live") return;
  if (await isLockedOut()) return void (connection.peek() !== "live" && lock());
  if (LAB !== MAIN_LAB) await (await import("./labs/absent.ts")).tellAbsent();
}

/** lock covers the page until a link has been opened. */
function lock(): void {
  desk.store.connection.value = "locked";
  lockNotice();
}

/** enter uses the link in the address, if there is one, and connects whoever is logged in. */
async function enter(): Promise<void> {
  await redeemLink();
  if (await isLockedOut()) return lock();
  unlock();
  if (!connected) connect();
}

let connected = false;

/** connect opens the socket for good. */
function connect(): void {
  connected = true;
  const socket = new Socket({
    since: () => desk.live.seq,
    opened: () => {
      desk.store.connection.value = "live";
      void showRole();
      unlock();
      desk.past.again();
    },
    silent: () => (desk.store.connection.value = "silent"),
    closed: (crowded) => void disconnected(crowded),
    message: receive,
    frames: (frames) => desk.fly(frames),
  });
  desk.send = (message) => socket.send(message);
  socket.start();
}

if (document.querySelector("cluster-stage")) {
  startPage();
  bindMoment();
  bindConsent();
  director.start();
  const rehearsal = new URLSearchParams(location.search).get("rehearse");
  desk.rehearsal.value = rehearsal; // before the elements: none of them may ask a lab for anything
  for (const [name, element] of Object.entries(ELEMENTS)) customElements.define(name, element);
  bindLate();
  if (rehearsal !== null) void import("./core/rehearse.ts").then(({ rehearse }) => rehearse(rehearsal));
  else void enter();
  addEventListener("hashchange", () => void enter());
}

const join = document.querySelector<HTMLFormElement>("form[data-join]");
if (join) startJoin(join);
